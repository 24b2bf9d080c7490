/**
 * A step taken along the first axis of a tensor, each with what the one before it left: recurrent networks.
 *
 * Invariant: it is an ordinary loop, unrolled as it is recorded, so its gradient is backpropagation through time, and what a step
 * captures, it may. The price is a program as long as the axis.
 */
import { reshape } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { type Dim, dimOf, nameOf, sizeOf } from '../types/dim.ts';
import { repeatedName, type Shape, showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { concatValues } from './join.ts';
import { isLazyTensor, LazyTensor, origin } from './lazyTensor.ts';
import { mergedSymbols } from './operands.ts';
import { sliceAxis } from './selection.ts';

/**
 * `step` for each element of the first axis, in order: `scan(xs, h0, (h, x) => { … return { carry: next, y: next }; })`.
 *
 * Shapes: xs [t, ...x] → ys [t, ...y], and the last carry, which has the structure and the shapes of the first. Gradient: through all
 * steps, the last first. Errors: a first axis without a size; a result that is no tensor, or of another shape than the one before.
 * Source: jax.lax.scan.
 */
export function scan<T extends Dim, X extends Shape, C, Y extends Shape>(
  xs: Tensor<[T, ...X]>,
  carry: C,
  step: (carry: NoInfer<C>, x: Tensor<X>) => { readonly carry: NoInfer<C>; readonly y: Tensor<Y> },
): { readonly carry: C; readonly ys: Tensor<[T, ...Y]> } {
  const given = xs as unknown; // seam: here shapes are values
  if (!isLazyTensor(given)) throw new ShapeError('scan: takes a tensor (make one, with tensor(…))');
  given.requireUsable('scan');
  const [dim, ...rest] = given.shape;
  const count = dim === undefined ? undefined : sizeOf(dim);
  if (dim === undefined || typeof count !== 'number') {
    throw new ShapeError(`scan: the first axis of ${showShape(given.shape)} has no size (give it one, such as 't=8')`);
  }
  const results: LazyTensor[] = [];
  let last = carry;
  for (let at = 0; at < count; at++) {
    const x = reshape(sliceAxis(given.value, 0, at, at + 1, 1, origin()), rest, origin());
    const result = step(last, new LazyTensor(x, given.symbols) as never);
    results.push(requireResult(result.y, results[0], dim));
    last = result.carry;
  }
  const one = dimOf('1', nameOf(dim));
  const rows = results.map(({ value }): Value => reshape(value, [one, ...value.shape], origin()));
  return { carry: last, ys: new LazyTensor(concatValues(rows, 0, origin()), mergedSymbols('scan', results)) as never };
}

function requireResult(result: unknown, first: LazyTensor | undefined, dim: Dim): LazyTensor {
  if (!isLazyTensor(result)) throw new ShapeError('scan: the step gives no tensor (return { carry, y } with y a tensor)');
  const twice = repeatedName([dim, ...result.shape]);
  if (twice !== undefined) {
    throw new ShapeError(
      `scan: the result would name '${twice}' twice: ${showShape([dim, ...result.shape])} (rename one of the axes first)`,
    );
  }
  if (first !== undefined && showShape(first.shape) !== showShape(result.shape)) {
    throw new ShapeError(
      `scan: the step gives ${showShape(result.shape)} after ${showShape(first.shape)} (all its results have one shape)`,
    );
  }
  return result;
}
