/**
 * One of two structures of tensors, decided while the program runs: `where` for parameters and states as wholes.
 *
 * Invariant: both have one structure and the same shapes, dtypes and ties, which the result has, too.
 */
import { broadcast, select } from '../graph/build.ts';
import { unflatten } from '../program/structure.ts';
import { differenceOf } from '../program/structureDifference.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { isLazyTensor, LazyTensor, merge, origin } from './lazyTensor.ts';
import { inOrderOf, unnest } from './nested.ts';

/**
 * `whenTrue` where the condition is true, else `whenFalse`, tensor by tensor: a step of training that is not taken leaves parameters
 * and state as they were, with no readback to decide it.
 *
 * Shapes: stay. Gradient: to the chosen one. Errors: `ShapeError` where the structures differ, or the condition is no bool scalar.
 *
 * @example const kept = choose(finite, next, { p, state });
 */
export function choose<T>(condition: Tensor<[], 'bool'>, whenTrue: T, whenFalse: NoInfer<T>): T {
  const at = origin();
  const mask: unknown = condition;
  if (!isLazyTensor(mask) || mask.dtype !== 'bool' || mask.shape.length > 0) {
    const got = isLazyTensor(mask) ? `${mask.dtype}${showShape(mask.shape)}` : `a value of type ${typeof mask}`;
    throw new ShapeError(
      `choose: the condition is ${got}, not bool[] (compare scalars first, such as loss.lt(1); where chooses by element)`,
    );
  }
  mask.requireUsable('choose');
  const [first, second] = [unnest(whenTrue), unnest(whenFalse)];
  const difference = differenceOf(first.structure, second.structure);
  if (difference !== undefined) {
    throw new ShapeError(
      `choose: the second structure does not fit the first: ${difference} (give both one structure and the same shapes)`,
    );
  }
  const others = inOrderOf(first.structure, second);
  const chosen = first.leaves.map(({ leaf }, index) => {
    const other = others[index] ?? leaf;
    const everywhere = broadcast(mask.value, leaf.shape, [], at);
    return new LazyTensor(select(everywhere, leaf.value, other.value, at), merge('choose', leaf, other), undefined, leaf.tie);
  });
  // seam: the structure is that of both
  return unflatten(first.structure, chosen) as T;
}
