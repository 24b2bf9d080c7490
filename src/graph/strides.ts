/**
 * Where the elements of a row-major array lie, and how to walk over them in another order.
 *
 * Invariant: an array of `sizes` has `strides[axis]` elements from one index of an axis to the next, the last axis running fastest.
 */

export const countElements = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1);

export function rowMajorStrides(sizes: readonly number[]): readonly number[] {
  return sizes.map((_, axis) => countElements(sizes.slice(axis + 1)));
}

/** For each index of an array of `sizes`, in row-major order, where the strides of another array lead. */
export function offsets(sizes: readonly number[], strides: readonly number[]): readonly number[] {
  let found: number[] = [0];
  sizes.forEach((size, axis) => {
    const stride = strides[axis] ?? 0;
    found = found.flatMap((start) => Array.from({ length: size }, (_, i) => start + i * stride));
  });
  return found;
}
