/**
 * The sizes of a shape as numbers, where some may come from elsewhere: from the sizes a caller names, or, for one axis,
 * from the number of elements.
 *
 * Invariant: every size is a whole number from 1, and their product is the number of elements where that is given.
 */
import { nameOf, sizeOf, sizeTextOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import { ShapeError } from '../shapeError.ts';
import { knownSize, symbolsOf } from '../size.ts';

/** Sizes for symbolic axes, by name. */
export type SymbolSizes = Readonly<Record<string, number>>;

/** Throws a `ShapeError` if an axis has no size, or the elements do not fill the shape. */
export function resolveSizes(operation: string, shape: Shape, elements: number | undefined, given: SymbolSizes = {}): readonly number[] {
  const known = shape.map((dim) => knownSize(sizeOf(dim), given));
  const requireSize = (axis: string, size: number): void => {
    if (!Number.isSafeInteger(size) || size < 1)
      throw new ShapeError(`${operation}: axis ${axis} size ${size}: ${showShape(shape)} (sizes are whole numbers from 1)`);
  };
  for (const [name, size] of Object.entries(given)) {
    if (!shape.some((dim) => symbolsOf(sizeOf(dim)).includes(name)))
      throw new ShapeError(`${operation}: no symbolic axis '${name}' in ${showShape(shape)} (sizes are given for symbolic axes)`);
    requireSize(`'${name}' is given`, size);
  }
  for (const [axis, size] of known.entries()) if (size !== undefined) requireSize(`${axis} comes to`, size);
  const product = known.reduce<number>((count, size) => count * (size ?? 1), 1);
  const open = shape.flatMap((dim, axis) => (known[axis] === undefined ? [nameOf(dim) ?? sizeTextOf(dim)] : []));
  if (elements === undefined) {
    if (open.length > 0)
      throw new ShapeError(
        `${operation}: axis '${open[0]}' has no size: ${showShape(shape)} (give its size, or a dim with one, such as '${open[0]}=3')`,
      );
  } else if (open.length > 1) {
    throw new ShapeError(
      `${operation}: ${open.length} axes have no size: ${showShape(shape)} (the number of elements decides one; give { ${open[0]}: … })`,
    );
  } else if (open.length === 1 ? elements === 0 || elements % product !== 0 : elements !== product) {
    const needed = open.length === 1 ? `a positive multiple of ${product}` : `${product}`;
    throw new ShapeError(
      `${operation}: ${elements} elements do not fill ${showShape(shape)}: it takes ${needed} (check the length of the data, or the shape)`,
    );
  }
  return known.map((size) => size ?? (elements as number) / product);
}
