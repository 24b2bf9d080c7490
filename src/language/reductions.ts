/**
 * Reductions that are made of others, on values: each finds its axes, then records primitives.
 *
 * Invariant: no step overflows where the result does not, but for squares; square roots have the slope 0 at 0, not an infinite one.
 */
import {
  add,
  broadcast,
  cast,
  compare,
  constantLike,
  div,
  exp,
  log,
  mul,
  type Origin,
  reduceMax,
  reduceSum,
  reshape,
  select,
  sqrt,
  stopGradient,
  sub,
} from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { isFloating } from '../types/dtype.ts';
import { oneAxis, reducedAxes } from '../types/rules/axis.ts';
import { keptShape } from '../types/rules/kept.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { absolute } from './elementary.ts';
import { type AxisArgument, meanOver } from './operations.ts';

type Axes = readonly number[];

/** A reduced value, repeated along the axes that are gone. */
function along(reduced: Value, x: Value, axes: Axes, origin?: Origin): Value {
  const rest = [...x.shape.keys()].filter((axis) => !axes.includes(axis));
  return broadcast(reduced, x.shape, rest, origin);
}

/** The greatest along the axes, where that is finite, else 0: what exponents are taken relative to. */
function shiftOf(x: Value, axes: Axes, origin?: Origin): Value {
  const greatest = stopGradient(reduceMax(x, axes, origin), origin);
  const hasSize = compare(absolute(greatest, origin), constantLike(greatest, Number.POSITIVE_INFINITY), 'lt', origin);
  return select(hasSize, greatest, constantLike(greatest, 0), origin);
}

function logSumExp(x: Value, axes: Axes, origin?: Origin): Value {
  const shift = shiftOf(x, axes, origin);
  const sum = reduceSum(exp(sub(x, along(shift, x, axes, origin), origin), origin), axes, origin);
  return add(log(sum, origin), shift, origin);
}

/** The slope is 0 at 0: the root there is of 1, and not taken. */
function root(x: Value, origin?: Origin): Value {
  const [zero, one] = [constantLike(x, 0), constantLike(x, 1)];
  const isZero = compare(x, zero, 'eq', origin);
  return select(isZero, zero, sqrt(select(isZero, one, x, origin), origin), origin);
}

function variance(x: Value, axes: Axes, origin?: Origin): Value {
  const distance = sub(x, along(meanOver(x, axes, origin), x, axes, origin), origin);
  return meanOver(mul(distance, distance, origin), axes, origin);
}

const floating = {
  logSumExp,
  variance,
  std: (x: Value, axes: Axes, origin?: Origin): Value => root(variance(x, axes, origin), origin),
  norm: (x: Value, axes: Axes, origin?: Origin): Value => root(reduceSum(mul(x, x, origin), axes, origin), origin),
} as const;

const truth = {
  any: (x: Value, axes: Axes, origin?: Origin): Value => cast(reduceMax(cast(x, 'i32', origin), axes, origin), 'bool', origin),
  all: (x: Value, axes: Axes, origin?: Origin): Value => {
    const isFalse = select(x, constantLike(x, 0), constantLike(x, 1), origin);
    const count = reduceMax(cast(isFalse, 'i32', origin), axes, origin);
    return compare(count, constantLike(count, 0), 'eq', origin);
  },
} as const;

export type FloatingReductionName = keyof typeof floating;
export type TruthReductionName = keyof typeof truth;

function kept(result: Value, x: Value, axes: Axes, keepdims: boolean, origin?: Origin): Value {
  return keepdims ? reshape(result, keptShape(x.shape, axes), origin) : result;
}

export function floatingReduction(
  operation: FloatingReductionName,
  x: Value,
  axis: AxisArgument | undefined,
  keepdims: boolean,
  origin?: Origin,
): Value {
  requireFloating(operation, x);
  const axes = reducedAxes(operation, x.shape, axis);
  return kept(floating[operation](x, axes, origin), x, axes, keepdims, origin);
}

export function truthReduction(
  operation: TruthReductionName,
  x: Value,
  axis: AxisArgument | undefined,
  keepdims: boolean,
  origin?: Origin,
): Value {
  if (x.dtype !== 'bool') throw new ShapeError(`${operation}: takes bool, not ${x.dtype}${showShape(x.shape)} (make the tensor bool)`);
  const axes = reducedAxes(operation, x.shape, axis);
  return kept(truth[operation](x, axes, origin), x, axes, keepdims, origin);
}

function requireFloating(operation: string, x: Value): void {
  if (!isFloating(x.dtype)) throw new ShapeError(`${operation}: takes f32, not ${x.dtype}${showShape(x.shape)} (make the tensor f32)`);
}

export function softmaxAlong(operation: 'softmax' | 'logSoftmax', x: Value, axis: string | number, origin?: Origin): Value {
  requireFloating(operation, x);
  const axes = [oneAxis(operation, x.shape, axis)];
  const shifted = sub(x, along(shiftOf(x, axes, origin), x, axes, origin), origin);
  const exponent = exp(shifted, origin);
  const sum = reduceSum(exponent, axes, origin);
  if (operation === 'softmax') return div(exponent, along(sum, x, axes, origin), origin);
  return sub(shifted, along(log(sum, origin), x, axes, origin), origin);
}
