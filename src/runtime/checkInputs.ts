/**
 * The boundary of a program: do these tensors fit its input ports?
 *
 * Invariant: nothing is enqueued before everything here was checked, and every symbolic axis leaves with exactly one size.
 */
import type { Port, Program } from '../program/program.ts';
import { sizeOf } from '../types/dim.ts';
import { knownSize } from '../types/size.ts';
import { AdjointError, DTypeMismatchError, ForeignDeviceError, ShapeMismatchError } from './errors.ts';
import { showShape } from './showShape.ts';
import { type DeviceTensor, describeTensor, requireUsable, type TensorOwner } from './tensor.ts';

/** The sizes of the program's symbolic axes. */
export type SymbolSizes = Readonly<Record<string, number>>;

function tryInstead(port: Port, tensor: DeviceTensor, expected: readonly (number | undefined)[]): string {
  const rank = port.shape.length;
  if (tensor.sizes.length !== rank) return `give it a tensor of rank ${rank}, not ${tensor.sizes.length}`;
  const fitsSwapped = rank === 2 && tensor.sizes.every((size, axis) => (expected[1 - axis] ?? size) === size);
  return fitsSwapped ? `pass its transpose, ${port.name}.T` : 'pass a tensor of that shape, or compile the layer for these sizes';
}

/** Throws `ShapeMismatchError` (arity and sizes), `DTypeMismatchError`, `ForeignDeviceError`, `TensorDisposedError`, `TensorDonatedError`. */
export function checkInputs(program: Program, inputs: readonly DeviceTensor[], session: TensorOwner): SymbolSizes {
  const where = program.name;
  if (inputs.length !== program.inputs.length) {
    const ports = program.inputs.map(({ name }) => name).join(', ');
    throw new AdjointError(`${where}: takes ${program.inputs.length} inputs, got ${inputs.length} (pass ${ports})`);
  }
  const symbols: Record<string, number> = {};
  const boundBy: Record<string, string> = {};
  program.inputs.forEach((port, index) => {
    // seam: the lengths were compared above
    const tensor = inputs[index] as DeviceTensor;
    requireUsable(where, tensor);
    if (tensor.session !== session)
      throw new ForeignDeviceError(where, `'${port.name}', ${describeTensor(tensor)},`, tensor.session.name, session.name);
    if (tensor.dtype !== port.dtype) {
      throw new DTypeMismatchError(where, port.name, port.dtype, tensor.dtype, `convert '${port.name}' to ${port.dtype} before the call`);
    }
    const expected = port.shape.map((dim) => knownSize(sizeOf(dim), symbols));
    if (tensor.sizes.length !== port.shape.length || expected.some((size, axis) => size !== undefined && size !== tensor.sizes[axis])) {
      const bound = port.shape.filter((dim) => typeof dim === 'string' && boundBy[dim] !== undefined);
      const because = bound.map((dim) => `, where '${boundBy[dim]}' made ${dim}=${symbols[dim]}`).join('');
      const got = showShape(tensor.shape, tensor.sizes);
      throw new ShapeMismatchError(where, port.name, showShape(port.shape, expected) + because, got, tryInstead(port, tensor, expected));
    }
    port.shape.forEach((dim, axis) => {
      const symbol = sizeOf(dim);
      const size = tensor.sizes[axis];
      if (typeof symbol !== 'string' || size === undefined) return;
      // `[n, n]` given [2, 3]: the second axis meets the size that the first one bound.
      if ((symbols[symbol] ?? size) !== size) {
        const got = showShape(tensor.shape, tensor.sizes);
        throw new ShapeMismatchError(
          where,
          port.name,
          `${showShape(port.shape, {})} with one size for ${symbol}`,
          got,
          'pass equal sizes there',
        );
      }
      symbols[symbol] = size;
      boundBy[symbol] ??= port.name;
    });
  });
  checkComputedSizes(program, inputs, symbols);
  return symbols;
}

/** Axes whose size is arithmetic bind no symbol: other axes did, and here the sizes are compared. */
function checkComputedSizes(program: Program, inputs: readonly DeviceTensor[], symbols: SymbolSizes): void {
  program.inputs.forEach((port, index) => {
    const tensor = inputs[index] as DeviceTensor; // seam: the lengths were compared
    const expected = port.shape.map((dim) => knownSize(sizeOf(dim), symbols));
    if (expected.every((size, axis) => size === tensor.sizes[axis])) return;
    throw new ShapeMismatchError(
      program.name,
      port.name,
      showShape(port.shape, expected),
      showShape(tensor.shape, tensor.sizes),
      tryInstead(port, tensor, expected),
    );
  });
}
