/** The size of a dim, and of one axis, where others may be symbols that have none yet. */
import type { AnyTensor } from '../index.ts';

/** 'in=2' -> '2', 3 -> '3', 'batch' -> 'batch' */
export const sizeText = (dim: unknown): string => String(dim).replace(/^.*=/, '');

/** Throws a `ShapeError` where the axis itself has no size. */
export function axisSize(tensor: Pick<AnyTensor, 'shape'> & { readonly sizes: readonly number[] }, axis: number): number {
  const literal = Number(sizeText(tensor.shape[axis]));
  return Number.isNaN(literal) ? (tensor.sizes[axis] ?? Number.NaN) : literal;
}
