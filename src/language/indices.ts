/**
 * Where elements stand along an axis, and one-hot rows along an axis that another tensor has: what a body that is generic in its
 * dims needs, for it knows dims by the tensors that have them.
 *
 * Invariant: indices, not data: kernels compute them where they read them.
 */
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Indices, OneHotLike } from '../types/tensor/selection.ts';
import { isLazyTensor, LazyTensor, merge, origin } from './lazyTensor.ts';
import { indicesAlong, oneHotOf } from './selection.ts';

function requireTensor(operation: string, given: unknown): LazyTensor {
  if (!isLazyTensor(given)) throw new ShapeError(`${operation}: takes tensors (make one, with tensor(…))`);
  given.requireUsable(operation);
  return given;
}

// seam: the signatures give each result its shape; here shapes are values.

/**
 * The index of each element along an axis, as i32: `where(indices(x, 'query').ge(indices(x, 'key')), x, 0)` keeps a triangle.
 *
 * Shapes: that of the tensor, whose elements are not read. No gradient. Errors: an axis that is not there. Source: numpy.indices.
 */
export const indices: Indices = (given: unknown, axis: string | number) => {
  const like = requireTensor('indices', given);
  return new LazyTensor(indicesAlong(like.value, axis, origin()), like.symbols) as never;
};

/**
 * As `oneHot`, along the last axis of a tensor: `oneHotLike(labels, scores)` is 1 where the scores' last index is the label.
 *
 * Shapes: [...p], [...p, n] → [...p, n]. No gradient. Errors: leading axes that differ.
 */
export const oneHotLike: OneHotLike = (given: unknown, other: unknown) => {
  const [picked, like] = [requireTensor('oneHotLike', given), requireTensor('oneHotLike', other)];
  const dim = like.shape.at(-1);
  if (dim === undefined || showShape(like.shape.slice(0, -1)) !== showShape(picked.shape)) {
    throw new ShapeError(
      `oneHotLike: the leading axes differ: ${showShape(picked.shape)} like ${showShape(like.shape)} (the second tensor has one axis more, the last)`,
    );
  }
  return new LazyTensor(oneHotOf(picked.value, dim, origin()), merge('oneHotLike', picked, like)) as never;
};
