/**
 * The elements of values as the evaluator reads them: by an index, by strides, or summed up along axes.
 *
 * Invariant: row-major order, in and out.
 */
import { GraphError } from './graphError.ts';
import { countElements, offsets, rowMajorStrides } from './strides.ts';

/** The elements of a value, row-major, with the sizes of its axes. */
export interface Elements {
  readonly sizes: readonly number[];
  readonly elements: Float64Array;
}

/** The element of a list. Throws a `GraphError` where there is none. */
export const at = <T>(list: ArrayLike<T>, index: number): T => {
  const found = list[index];
  if (found === undefined) throw new GraphError('evaluate', `no element ${index} in ${list.length}`);
  return found;
};

/** Reads the operand at the index that `source` makes of the result's; `outside` where that is not one of the operand's. */
export function remap(
  operand: Elements,
  sizes: readonly number[],
  outside: number,
  source: (index: readonly number[]) => readonly number[],
): Float64Array {
  const [strides, ownStrides] = [rowMajorStrides(sizes), rowMajorStrides(operand.sizes)];
  return Float64Array.from({ length: countElements(sizes) }, (_, position) => {
    const index = source(sizes.map((size, axis) => Math.floor(position / at(strides, axis)) % size));
    const isInside = index.every((i, axis) => Number.isInteger(i) && i >= 0 && i < at(operand.sizes, axis));
    return isInside
      ? at(
          operand.elements,
          index.reduce((sum, i, axis) => sum + i * at(ownStrides, axis), 0),
        )
      : outside;
  });
}

/** Reads the operand where `strides`, one for each axis of the result, lead. */
export function follow(operand: Elements, sizes: readonly number[], strides: readonly number[]): Float64Array {
  return Float64Array.from(offsets(sizes, strides), (offset) => at(operand.elements, offset));
}

/** The operand without some axes: what lies along them, combined in order, from `start`. */
export function reduce(
  operand: Elements,
  axes: readonly number[],
  start: number,
  combine: (left: number, right: number) => number,
): Float64Array {
  const strides = rowMajorStrides(operand.sizes);
  const pick = (list: readonly number[], reduced: boolean) => list.filter((_, axis) => axes.includes(axis) === reduced);
  const inner = offsets(pick(operand.sizes, true), pick(strides, true));
  return Float64Array.from(offsets(pick(operand.sizes, false), pick(strides, false)), (outer) =>
    inner.reduce((sum, offset) => combine(sum, at(operand.elements, outer + offset)), start),
  );
}
