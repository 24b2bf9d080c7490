/**
 * The boundary of a program: do these tensors fit its input ports?
 *
 * Invariant: nothing is enqueued before everything here was checked, and every symbolic axis leaves with exactly one size.
 */
import type { NamedType, Signature } from '../program/program.ts';
import { sizeOf } from '../types/dim.ts';
import { knownSize } from '../types/size.ts';
import { AdjointError, DTypeMismatchError, ShapeMismatchError } from './errors.ts';
import { showShape } from './showShape.ts';
import type { DescribedTensor } from './tensor.ts';

/** The sizes of the program's symbolic axes. */
export type SymbolSizes = Readonly<Record<string, number>>;

function tryInstead(port: NamedType, { sizes }: DescribedTensor, expected: readonly (number | undefined)[]): string {
  const rank = port.shape.length;
  if (sizes.length !== rank) return `give it a tensor of rank ${rank}, not ${sizes.length}`;
  const fitsSwapped = rank === 2 && sizes.every((size, axis) => (expected[1 - axis] ?? size) === size);
  return fitsSwapped ? `pass its transpose, ${port.name}.T` : 'pass a tensor of that shape, or compile the layer for these sizes';
}

/** Throws `AdjointError` (arity), `ShapeMismatchError`, `DTypeMismatchError`. */
export function checkInputs(program: Signature, inputs: readonly DescribedTensor[]): SymbolSizes {
  const where = program.name;
  if (inputs.length !== program.inputs.length) {
    const ports = program.inputs.map(({ name }) => name).join(', ');
    throw new AdjointError(`${where}: takes ${program.inputs.length} inputs, got ${inputs.length} (pass ${ports})`);
  }
  const symbols: Record<string, number> = {};
  const boundBy: Record<string, string> = {};
  const checkSizes = (port: NamedType, tensor: DescribedTensor): void => {
    const { name, shape } = port;
    const { sizes } = tensor;
    const expected = shape.map((dim) => knownSize(sizeOf(dim), symbols));
    if (sizes.length === expected.length && expected.every((size, axis) => (size ?? sizes[axis]) === sizes[axis])) return;
    const bound = shape.flatMap((dim) => (boundBy[dim] === undefined ? [] : `, where '${boundBy[dim]}' made ${dim}=${symbols[dim]}`));
    const wanted = showShape(shape, expected) + [...new Set(bound)].join('');
    throw new ShapeMismatchError(where, name, wanted, showShape(tensor.shape, sizes), tryInstead(port, tensor, expected));
  };
  program.inputs.forEach((port, index) => {
    const tensor = inputs[index] as DescribedTensor; // seam: the lengths were compared
    const { name, shape, dtype } = port;
    if (tensor.dtype !== dtype)
      throw new DTypeMismatchError(where, name, dtype, tensor.dtype, `convert '${name}' to ${dtype} before the call`);
    checkSizes(port, tensor);
    shape.forEach((dim, axis) => {
      const symbol = sizeOf(dim);
      if (typeof symbol !== 'string' || symbols[symbol] !== undefined) return;
      symbols[symbol] = tensor.sizes[axis] ?? 0;
      boundBy[symbol] = name;
    });
  });
  // Once more, now that all symbols have their sizes: `[n, n]` given [2, 3], and axes whose size is arithmetic, which bind none.
  for (const [index, port] of program.inputs.entries()) checkSizes(port, inputs[index] as DescribedTensor);
  return symbols;
}
