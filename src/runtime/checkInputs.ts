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
  const sizesOf = ({ shape }: Port) => shape.map((dim) => knownSize(sizeOf(dim), symbols));
  const refuse = (port: Port, tensor: DeviceTensor, expected: string, remedy = tryInstead(port, tensor, sizesOf(port))): never => {
    throw new ShapeMismatchError(where, port.name, expected, showShape(tensor.shape, tensor.sizes), remedy);
  };
  program.inputs.forEach((port, index) => {
    // seam: the lengths were compared above
    const tensor = inputs[index] as DeviceTensor;
    const { name, shape, dtype } = port;
    requireUsable(where, tensor);
    if (tensor.session !== session)
      throw new ForeignDeviceError(where, `'${name}', ${describeTensor(tensor)},`, tensor.session.name, session.name);
    if (tensor.dtype !== dtype)
      throw new DTypeMismatchError(where, name, dtype, tensor.dtype, `convert '${name}' to ${dtype} before the call`);
    const expected = sizesOf(port);
    if (tensor.sizes.length !== shape.length || expected.some((size, axis) => size !== undefined && size !== tensor.sizes[axis])) {
      const bound = shape.filter((dim) => boundBy[dim] !== undefined);
      refuse(
        port,
        tensor,
        showShape(shape, expected) + bound.map((dim) => `, where '${boundBy[dim]}' made ${dim}=${symbols[dim]}`).join(''),
      );
    }
    shape.forEach((dim, axis) => {
      const symbol = sizeOf(dim);
      const size = tensor.sizes[axis];
      if (typeof symbol !== 'string' || size === undefined) return;
      // `[n, n]` given [2, 3]: the second axis meets the size that the first one bound.
      if ((symbols[symbol] ?? size) !== size)
        refuse(port, tensor, `${showShape(shape, {})} with one size for ${symbol}`, 'pass equal sizes there');
      symbols[symbol] = size;
      boundBy[symbol] ??= name;
    });
  });
  // Axes whose size is arithmetic bind no symbol: other axes did, and here the sizes are compared.
  program.inputs.forEach((port, index) => {
    const tensor = inputs[index] as DeviceTensor; // seam: the lengths were compared
    const expected = sizesOf(port);
    if (expected.some((size, axis) => size !== tensor.sizes[axis])) refuse(port, tensor, showShape(port.shape, expected));
  });
  return symbols;
}
