/**
 * Comparisons, choices and what is made of them, on values: each checks its shape rule, then records primitives.
 *
 * Invariant: a rule is asked before anything is recorded, so every refusal is the rule's own sentence.
 */
import {
  broadcast,
  cast,
  compare,
  constant,
  iota,
  maximum,
  neg,
  type Origin,
  permute,
  reduceMax,
  reduceSum,
  reshape,
  select,
  sub,
} from '../graph/build.ts';
import type { CompareDirection } from '../graph/primitive.ts';
import type { Value } from '../graph/value.ts';
import type { Dim } from '../types/dim.ts';
import { type DType, dtypeNameProblem, isFloating } from '../types/dtype.ts';
import { oneAxis, reducedAxes } from '../types/rules/axis.ts';
import { broadcastProblem, broadcastShapes } from '../types/rules/broadcast.ts';
import { dtypeProblem } from '../types/rules/dtype.ts';
import { keptShape } from '../types/rules/kept.ts';
import { type Shape, showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { type AxisArgument, broadcastTo } from './operations.ts';

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new ShapeError(problem);
}

function requireKind(operation: string, x: Value, kind: 'numbers' | 'bool'): void {
  if ((x.dtype === 'bool') !== (kind === 'bool')) {
    throw new ShapeError(`${operation}: takes ${kind}, not ${x.dtype}${showShape(x.shape)} (make the tensor ${kind})`);
  }
}

/** Both under their common shape. */
function paired(operation: string, left: Value, right: Value, origin?: Origin): readonly [Value, Value] {
  refuse(dtypeProblem(operation, left.dtype, left.shape, right.dtype, right.shape));
  refuse(broadcastProblem(operation, left.shape, right.shape));
  const shape = broadcastShapes(left.shape, right.shape) || left.shape;
  return [broadcastTo(left, shape, origin), broadcastTo(right, shape, origin)];
}

export function comparison(direction: CompareDirection, left: Value, right: Value, origin?: Origin): Value {
  requireKind(direction, left, 'numbers');
  return compare(...paired(direction, left, right, origin), direction, origin);
}

export function logical(operation: 'and' | 'or', left: Value, right: Value, origin?: Origin): Value {
  requireKind(operation, left, 'bool');
  const [a, b] = paired(operation, left, right, origin);
  const known = constant(operation === 'and' ? 0 : 1, a.shape, 'bool', origin);
  return operation === 'and' ? select(a, b, known, origin) : select(a, known, b, origin);
}

export function negation(x: Value, origin?: Origin): Value {
  requireKind('not', x, 'bool');
  return select(x, constant(0, x.shape, 'bool', origin), constant(1, x.shape, 'bool', origin), origin);
}

export function convert(x: Value, dtype: DType, origin?: Origin): Value {
  refuse(dtypeNameProblem('astype', dtype));
  return dtype === x.dtype ? x : cast(x, dtype, origin);
}

/** Exact, and the other way round in order: -x, or the complement of a whole number, which never overflows. */
function mirrored(x: Value, origin?: Origin): Value {
  if (isFloating(x.dtype)) return neg(x, origin);
  return sub(constant(x.dtype === 'u32' ? 0xffffffff : -1, x.shape, x.dtype, origin), x, origin);
}

export function extremum(operation: 'maximum' | 'minimum', left: Value, right: Value, origin?: Origin): Value {
  requireKind(operation, left, 'numbers');
  const [a, b] = paired(operation, left, right, origin);
  return operation === 'maximum' ? maximum(a, b, origin) : mirrored(maximum(mirrored(a, origin), mirrored(b, origin), origin), origin);
}

export function smallest(x: Value, axis: AxisArgument | undefined, keepdims: boolean, origin?: Origin): Value {
  requireKind('min', x, 'numbers');
  const axes = reducedAxes('min', x.shape, axis);
  const result = mirrored(reduceMax(mirrored(x, origin), axes, origin), origin);
  return keepdims ? reshape(result, keptShape(x.shape, axes), origin) : result;
}

/** Repeats a value of the reduced shape along the axis that is missing. */
const alongAxis = (reduced: Value, shape: Shape, axis: number, origin?: Origin): Value =>
  broadcast(
    reduced,
    shape,
    [...shape.keys()].filter((other) => other !== axis),
    origin,
  );

/** The least index among the largest: of the negated indices of those that are the largest, the greatest, negated. */
export function indexOfLargest(x: Value, axis: string | number, keepdims: boolean, origin?: Origin): Value {
  requireKind('argmax', x, 'numbers');
  const at = oneAxis('argmax', x.shape, axis);
  const isLargest = compare(x, alongAxis(reduceMax(x, [at], origin), x.shape, at, origin), 'eq', origin);
  const negated = neg(iota(at, x.shape, 'i32', origin), origin);
  const result = neg(reduceMax(select(isLargest, negated, constant(-0x7fffffff, x.shape, 'i32', origin), origin), [at], origin), origin);
  return keepdims ? reshape(result, keptShape(x.shape, [at]), origin) : result;
}

/** A sum over the axis with a copy of it at the end, of what is not after the copy; selected, so that an infinity does not reach back. */
export function cumulativeSum(x: Value, axis: string | number, origin?: Origin): Value {
  requireKind('cumsum', x, 'numbers');
  const at = oneAxis('cumsum', x.shape, axis);
  const copy = x.shape.length;
  const shape = [...x.shape, x.shape[at] as Dim];
  const isUpTo = compare(iota(at, shape, 'i32', origin), iota(copy, shape, 'i32', origin), 'le', origin);
  const terms = select(isUpTo, broadcast(x, shape, [...x.shape.keys()], origin), constant(0, shape, x.dtype, origin), origin);
  const sum = reduceSum(terms, [at], origin);
  const last = copy - 1;
  const order = [...x.shape.keys()].slice(0, last).toSpliced(at, 0, last);
  return at === last ? sum : permute(sum, order, origin);
}
