/**
 * Elements in row-major order as what people print: nested arrays, or one number.
 *
 * Invariant: bool elements come out as true and false.
 */
import type { Dim } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { HostArray } from './hostData.ts';

const elementAt = (elements: HostArray, index: number, dtype: DType): number | boolean => {
  const element = elements[index] ?? Number.NaN;
  return dtype === 'bool' ? element !== 0 : element;
};

export function nestElements(elements: HostArray, sizes: readonly number[], dtype: DType): unknown {
  const nest = (axis: number, offset: number, count: number): unknown => {
    const size = sizes[axis];
    if (size === undefined) return elementAt(elements, offset, dtype);
    return Array.from({ length: size }, (_, index) => nest(axis + 1, offset + (index * count) / size, count / size));
  };
  return nest(0, 0, elements.length);
}

/** Throws a `ShapeError` unless there is exactly one element. */
export function onlyElement(elements: HostArray, shape: readonly Dim[], dtype: DType): number | boolean {
  if (elements.length !== 1) {
    throw new ShapeError(
      `item: ${elements.length} elements: ${showShape(shape)} (reduce to one, with .sum() or .mean(), or read .array())`,
    );
  }
  return elementAt(elements, 0, dtype);
}
