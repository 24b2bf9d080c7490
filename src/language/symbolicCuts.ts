/**
 * Padding and joining along axes whose sizes are known only when a program runs: elements are gathered by computed indices, and
 * selected by comparing those with sizes that are themselves computed.
 *
 * Invariant: an index that is out of range is never selected, so whatever stands there, it is not seen, nor is a gradient sent to it.
 */
import { add, broadcast, compare, constant, gather, iota, type Origin, reduceSum, select, sub } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { type Dim, sizeOf } from '../types/dim.ts';
import type { Shape } from '../types/shape.ts';

export const isLiteralAxis = (shape: Shape, axis: number): boolean => typeof sizeOf(shape[axis] as Dim) === 'number';

/** The size of a dim as a scalar: a symbol's is the sum of as many ones. */
function sizeValue(dim: Dim, origin?: Origin): Value {
  const size = sizeOf(dim);
  return typeof size === 'number' ? constant(size, [], 'i32', origin) : reduceSum(constant(1, [dim], 'i32', origin), [0], origin);
}

/** The elements at index - start along the axis of a larger shape. */
function shifted(x: Value, shape: Shape, axis: number, start: Value, origin?: Origin): Value {
  const whole = shape[axis] as Dim;
  return gather(x, sub(iota(0, [whole], 'i32', origin), broadcast(start, [whole], [], origin), origin), axis, origin);
}

const isBefore = (shape: Shape, axis: number, end: Value, origin?: Origin): Value =>
  compare(iota(axis, shape, 'i32', origin), broadcast(end, shape, [], origin), 'lt', origin);

/** Padded at the front of an axis, and at its end, to a shape. */
export function padded(x: Value, shape: Shape, axis: number, before: number, filled: number, origin?: Origin): Value {
  const start = constant(before, [], 'i32', origin);
  const end = add(start, sizeValue(x.shape[axis] as Dim, origin), origin);
  const around = constant(filled, shape, x.dtype, origin);
  const inside = select(isBefore(shape, axis, end, origin), shifted(x, shape, axis, start, origin), around, origin);
  return before === 0 ? inside : select(isBefore(shape, axis, start, origin), around, inside, origin);
}

/** One after the other along an axis of the shape that they have together. */
export function chained(values: readonly Value[], shape: Shape, axis: number, start = constant(0, [], 'i32'), origin?: Origin): Value {
  const [first, ...rest] = values as [Value, ...Value[]];
  const here = shifted(first, shape, axis, start, origin);
  if (rest.length === 0) return here;
  const end = add(start, sizeValue(first.shape[axis] as Dim, origin), origin);
  return select(isBefore(shape, axis, end, origin), here, chained(rest, shape, axis, end, origin), origin);
}
