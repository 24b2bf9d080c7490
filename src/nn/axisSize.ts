/** The size of one axis, where others may be symbols that have none yet. */
import type { AnyTensor } from '../index.ts';

/** Throws a `ShapeError` where the axis itself has no size. */
export function axisSize(tensor: Pick<AnyTensor, 'shape'> & { readonly sizes: readonly number[] }, axis: number): number {
  const literal = Number(String(tensor.shape[axis]).replace(/^.*=/, ''));
  return Number.isNaN(literal) ? (tensor.sizes[axis] ?? Number.NaN) : literal;
}
