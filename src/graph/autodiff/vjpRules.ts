/**
 * The vector-Jacobian product of every primitive: from the cotangent of a value to cotangents of its operands. Rules emit
 * primitives only, so they can be differentiated again, and use the value itself where its gradient is a function of it.
 *
 * Invariant: total over `Primitive`; a cotangent has the shape and dtype of what it belongs to. "No gradient" is the
 * explicit entry `none`.
 * Source: Griewank and Walther, Evaluating Derivatives, chapter 3; ties of `maximum` and `reduceMax` share evenly, as in JAX.
 */
import { sizeOf } from '../../types/dim.ts';
import { isFloating } from '../../types/dtype.ts';
import {
  add,
  broadcast,
  cast,
  compare,
  constantLike,
  contract,
  cos,
  div,
  exp,
  gather,
  log,
  mul,
  neg,
  pad,
  permute,
  pow,
  reduceSum,
  reshape,
  scatterAdd,
  select,
  sin,
  skew,
  slice,
  sub,
  unskew,
} from '../build.ts';
import { GraphError } from '../graphError.ts';
import type { Primitive } from '../primitive.ts';
import { equalShapes } from '../shapeChecks.ts';
import type { Value } from '../value.ts';

/** One cotangent per operand, `undefined` where the operand has none. */
type Rule<P extends Primitive> = (value: Value<P>, cotangent: Value) => readonly (Value | undefined)[];

/** The entry of `customGradient`, whose results get their cotangents together: see `vjp.ts`. */
export const byCall = 'by call';
/** The entry of `loop`, whose results get their cotangents together, too: see `loopGradient.ts`. */
export const byLoop = 'by loop';

const none = (): readonly undefined[] => [];

function operandAt(value: Value, i: number): Value {
  const operand = value.operands[i];
  if (operand === undefined) throw new GraphError('vjp', `a ${value.primitive} has no operand ${i}`);
  return operand;
}

const zeroLike = (value: Value): Value => constantLike(value, 0);
const axesWithout = (rank: number, axes: readonly number[]): number[] =>
  Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));

/** Repeats a value of a reduced shape along the axes that the reduction of `operand` removed. */
function spread(reduced: Value, operand: Value, axes: readonly number[]): Value {
  return broadcast(reduced, operand.shape, axesWithout(operand.shape.length, axes));
}

/** Puts axes in order: `sources[i]` says which axis of the result wants axis i of the value. */
function intoOrder(value: Value, sources: readonly number[]): Value {
  const order = sources.map((_, axis) => sources.indexOf(axis));
  return order.every((axis, i) => axis === i) ? value : permute(value, order);
}

const range = (start: number, count: number): number[] => Array.from({ length: count }, (_, i) => start + i);

/** Two products: the cotangent with each operand, over the axes that came from that operand alone. */
function contractRule({ params, operands, shape }: Value<'contract'>, cotangent: Value): readonly Value[] {
  const [left, right] = operands;
  if (left === undefined || right === undefined) throw new GraphError('vjp', 'a contract without operands');
  const leftFree = axesWithout(left.shape.length, [...params.left, ...params.leftBatch]);
  const rightFree = axesWithout(right.shape.length, [...params.right, ...params.rightBatch]);
  const batch = range(0, params.leftBatch.length);
  const fromLeft = range(batch.length, leftFree.length);
  const fromRight = range(shape.length - rightFree.length, rightFree.length);
  // the contracted pairs, in the order in which the other operand keeps its axes
  const byRight = axesWithout(right.shape.length, [...params.rightBatch, ...rightFree]).map((axis) => params.right.indexOf(axis));
  const byLeft = axesWithout(left.shape.length, [...params.leftBatch, ...leftFree]).map((axis) => params.left.indexOf(axis));
  const paired = (axes: readonly number[], pairs: readonly number[]): number[] => pairs.map((pair) => axes[pair] ?? -1);

  const toLeft = contract(cotangent, right, { left: fromRight, right: rightFree, leftBatch: batch, rightBatch: params.rightBatch });
  const toRight = contract(left, cotangent, { left: leftFree, right: fromLeft, leftBatch: params.leftBatch, rightBatch: batch });
  return [
    intoOrder(toLeft, [...params.leftBatch, ...leftFree, ...paired(params.left, byRight)]),
    intoOrder(toRight, [...params.rightBatch, ...paired(params.right, byLeft), ...rightFree]),
  ];
}

/** Sums over the axes that the operand did not have or that it had at size 1. */
function broadcastRule(value: Value<'broadcast'>, cotangent: Value): readonly Value[] {
  const { axes } = value.params;
  const operand = operandAt(value, 0);
  const summed = value.shape.flatMap((dim, axis) => {
    const from = operand.shape[axes.indexOf(axis)];
    return from === undefined || (from !== dim && sizeOf(dim) !== 1) ? [axis] : [];
  });
  const sum = summed.length === 0 ? cotangent : reduceSum(cotangent, summed);
  return [equalShapes(sum.shape, operand.shape) ? sum : reshape(sum, operand.shape)];
}

/** Back to where the elements were taken from, zeros between and around. */
function sliceRule(value: Value<'slice'>, cotangent: Value): readonly Value[] {
  const { starts, strides } = value.params;
  const { shape } = operandAt(value, 0);
  const interior = strides.map((stride) => stride - 1);
  const high = starts.map((start, axis) => {
    const [size, taken] = [sizeOf(shape[axis] ?? 0), sizeOf(value.shape[axis] ?? 0)];
    if (typeof size !== 'number' || typeof taken !== 'number') return 0;
    return size - (start + (taken - 1) * (strides[axis] ?? 1) + 1);
  });
  return [pad(cotangent, { low: starts, high, interior, value: 0, shape })];
}

/** From where the elements were put. */
function padRule(value: Value<'pad'>, cotangent: Value): readonly Value[] {
  const { low, high, interior } = value.params;
  const { shape } = operandAt(value, 0);
  const strides = interior.map((between) => between + 1);
  const limits = low.map((start, axis) => {
    const [size, stride] = [sizeOf(shape[axis] ?? 0), strides[axis] ?? 1];
    if (typeof size !== 'number' || (start === 0 && high[axis] === 0 && stride === 1)) return undefined;
    return start + (size - 1) * stride + 1;
  });
  return [slice(cotangent, { starts: low, limits, strides, shape })];
}

/** The cotangent goes to the elements that are the maximum, in equal parts. */
function reduceMaxRule(value: Value<'reduceMax'>, cotangent: Value): readonly Value[] {
  const { axes } = value.params;
  const operand = operandAt(value, 0);
  const highest = compare(operand, spread(value, operand, axes), 'eq');
  const share = div(cotangent, reduceSum(cast(highest, operand.dtype), axes));
  return [select(highest, spread(share, operand, axes), zeroLike(operand))];
}

/** To the greater operand; half to each of equals. */
function maximumRule(value: Value<'maximum'>, cotangent: Value): readonly Value[] {
  const [left, right] = [operandAt(value, 0), operandAt(value, 1)];
  const half = mul(cotangent, constantLike(cotangent, 0.5));
  const tie = select(compare(left, right, 'eq'), half, zeroLike(cotangent));
  return [select(compare(left, right, 'gt'), cotangent, tie), select(compare(left, right, 'lt'), cotangent, tie)];
}

/** Where the base is not positive, the exponent's cotangent is zero: its gradient would not be real, or is that of 0. */
function powRule(y: Value<'pow'>, dy: Value): readonly Value[] {
  const [base, exponent] = [operandAt(y, 0), operandAt(y, 1)];
  const one = constantLike(base, 1);
  const isPositive = compare(base, zeroLike(base), 'gt');
  const toExponent = mul(dy, mul(y, log(select(isPositive, base, one))));
  const toBase = mul(dy, mul(exponent, pow(base, sub(exponent, one))));
  // of a constant exponent 0, not 0 times an infinity
  return [select(compare(exponent, zeroLike(exponent), 'eq'), zeroLike(dy), toBase), select(isPositive, toExponent, zeroLike(dy))];
}

export const vjpRules: { readonly [P in Primitive]: Rule<P> | typeof byCall | typeof byLoop } = {
  input: none,
  data: none,
  constant: none,
  iota: none,

  neg: (_, dy) => [neg(dy)],
  exp: (y, dy) => [mul(dy, y)],
  log: (y, dy) => [div(dy, operandAt(y, 0))],
  sqrt: (y, dy) => [div(mul(dy, constantLike(dy, 0.5)), y)],
  tanh: (y, dy) => [mul(dy, sub(constantLike(y, 1), mul(y, y)))],
  sigmoid: (y, dy) => [mul(dy, mul(y, sub(constantLike(y, 1), y)))],
  sin: (y, dy) => [mul(dy, cos(operandAt(y, 0)))],
  cos: (y, dy) => [neg(mul(dy, sin(operandAt(y, 0))))],
  erf: (y, dy) => {
    const x = operandAt(y, 0);
    return [mul(dy, mul(exp(neg(mul(x, x))), constantLike(x, 2 / Math.sqrt(Math.PI))))];
  },
  log1p: (y, dy) => [div(dy, add(operandAt(y, 0), constantLike(dy, 1)))],
  expm1: (y, dy) => [mul(dy, add(y, constantLike(y, 1)))],
  floor: none,
  round: none,
  relu: (y, dy) => [select(compare(y, zeroLike(y), 'gt'), dy, zeroLike(dy))],
  add: (_, dy) => [dy, dy],
  sub: (_, dy) => [dy, neg(dy)],
  mul: (y, dy) => [mul(dy, operandAt(y, 1)), mul(dy, operandAt(y, 0))],
  div: (y, dy) => {
    const toLeft = div(dy, operandAt(y, 1));
    return [toLeft, neg(mul(toLeft, y))];
  },
  maximum: maximumRule,
  pow: powRule,
  rem: none,
  bitAnd: none,
  bitOr: none,
  bitXor: none,
  shiftLeft: none,
  shiftRight: none,
  compare: none,
  select: (y, dy) => [undefined, select(operandAt(y, 0), dy, zeroLike(dy)), select(operandAt(y, 0), zeroLike(dy), dy)],
  cast: (y, dy) => {
    const from = operandAt(y, 0).dtype;
    return [isFloating(from) ? cast(dy, from) : undefined];
  },
  randomBits: none,

  permute: (y, dy) => [
    permute(
      dy,
      y.params.order.map((_, axis) => y.params.order.indexOf(axis)),
    ),
  ],
  reshape: (y, dy) => [reshape(dy, operandAt(y, 0).shape)],
  broadcast: broadcastRule,
  slice: sliceRule,
  pad: padRule,
  skew: (y, dy) => [unskew(dy, { ...y.params, shape: operandAt(y, 0).shape })],
  unskew: (y, dy) => [skew(dy, { ...y.params, shape: operandAt(y, 0).shape })],
  gather: (y, dy) => {
    const { axis } = y.params;
    return [scatterAdd(dy, operandAt(y, 1), axis, operandAt(y, 0).shape[axis] ?? 1)];
  },
  scatterAdd: (y, dy) => [gather(dy, operandAt(y, 1), y.params.axis)],
  reduceSum: (y, dy) => [spread(dy, operandAt(y, 0), y.params.axes)],
  reduceMax: reduceMaxRule,
  contract: contractRule,
  loop: byLoop,

  identity: (_, dy) => [dy],
  stopGradient: none,
  after: (_, dy) => [dy],
  customGradient: byCall,
};
