/**
 * The operations of the language on values: each checks its shape rule, broadcasts, and records primitives.
 *
 * Invariant: a rule is asked before anything is recorded, so every refusal is the rule's own sentence.
 */
import {
  add,
  bitAnd,
  bitOr,
  bitXor,
  broadcast,
  constant,
  contract,
  cos,
  div,
  erf,
  exp,
  expm1,
  floor,
  log,
  log1p,
  mul,
  neg,
  type Origin,
  permute,
  pow,
  reduceMax,
  reduceSum,
  relu,
  rem,
  reshape,
  round,
  shiftLeft,
  shiftRight,
  sigmoid,
  sin,
  sqrt,
  sub,
  tanh,
} from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { type Dim, sizeOf } from '../types/dim.ts';
import { isFloating } from '../types/dtype.ts';
import { reducedAxes } from '../types/rules/axis.ts';
import { broadcastProblem, broadcastShapes } from '../types/rules/broadcast.ts';
import { dtypeProblem } from '../types/rules/dtype.ts';
import { keptShape } from '../types/rules/kept.ts';
import { matmulProblem } from '../types/rules/matmul.ts';
import { type NameMap, namedShape, namesProblem, renameProblem, renameShape } from '../types/rules/rename.ts';
import { reshapeProblem } from '../types/rules/reshape.ts';
import { transposeProblem } from '../types/rules/transpose.ts';
import type { Shape } from '../types/shape.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { KeepDims } from '../types/tensor/arithmetic.ts';
import { absolute, ceil, clipped, hasFiniteSize, isNotANumber, rsqrt, signOf, square } from './elementary.ts';
import { planMatmul } from './planMatmul.ts';
import { requireOptionNames } from './requireOptionNames.ts';

export type AxisArgument = string | number | readonly (string | number)[];

/** Whether a reduction keeps its axes. Throws a `ShapeError` for options that are none, which types refuse. */
export function keepsDims(operation: string, options: unknown = {}): boolean {
  requireOptionNames<KeepDims>(operation, options, { keepdims: 'true' });
  return (options as KeepDims).keepdims === true;
}

const namesOf = <Table extends object>(table: Table) => Object.keys(table) as (keyof Table & string)[];

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new ShapeError(problem);
}

function requireDType(operation: string, x: Value, fits: boolean, expected: string): void {
  if (!fits) throw new ShapeError(`${operation}: takes ${expected}, not ${x.dtype}${showShape(x.shape)} (make the tensor ${expected})`);
}

const requireNumeric = (operation: string, x: Value): void => requireDType(operation, x, x.dtype !== 'bool', 'numbers');
const requireFloating = (operation: string, x: Value): void => requireDType(operation, x, isFloating(x.dtype), 'f32');

/** The value under a larger shape: its axes aligned with the last ones, size 1 stretched, the others repeated. */
export function broadcastTo(x: Value, shape: Shape, origin?: Origin): Value {
  if (x.shape.length === shape.length && x.shape.every((dim, axis) => dim === shape[axis])) return x;
  const offset = shape.length - x.shape.length;
  // A kept axis has a name; what `broadcast` stretches is the anonymous 1.
  const stretched = x.shape.map((dim, axis) => (dim !== shape[axis + offset] && sizeOf(dim) === 1 ? 1 : dim));
  const plain = stretched.every((dim, axis) => dim === x.shape[axis]) ? x : reshape(x, stretched, origin);
  return broadcast(
    plain,
    shape,
    plain.shape.map((_, axis) => axis + offset),
    origin,
  );
}

const pairwise = { add, sub, mul, div, pow, rem, bitAnd, bitOr, bitXor, shiftLeft, shiftRight } as const;
export type ElementwiseName = keyof typeof pairwise;
export const pairwiseNames = namesOf(pairwise);

const ofIntegers: ReadonlySet<string> = new Set(['rem', 'bitAnd', 'bitOr', 'bitXor', 'shiftLeft', 'shiftRight']);

export function elementwise(operation: ElementwiseName, left: Value, right: Value, origin?: Origin): Value {
  if (operation === 'pow') requireFloating(operation, left);
  else if (ofIntegers.has(operation)) requireDType(operation, left, left.dtype === 'i32' || left.dtype === 'u32', 'i32 or u32');
  else requireNumeric(operation, left);
  refuse(dtypeProblem(operation, left.dtype, left.shape, right.dtype, right.shape));
  refuse(broadcastProblem(operation, left.shape, right.shape));
  const shape = broadcastShapes(left.shape, right.shape) || left.shape;
  return pairwise[operation](broadcastTo(left, shape, origin), broadcastTo(right, shape, origin), origin);
}

const floatingMaps = {
  relu,
  sigmoid,
  tanh,
  exp,
  log,
  sqrt,
  sin,
  cos,
  erf,
  log1p,
  expm1,
  rsqrt,
  floor,
  ceil,
  round,
  isNaN: isNotANumber,
  isFinite: hasFiniteSize,
} as const;
export type FloatingMapName = keyof typeof floatingMaps;
export const floatingMapNames = namesOf(floatingMaps);

export function floatingMap(operation: FloatingMapName, x: Value, origin?: Origin): Value {
  requireFloating(operation, x);
  return floatingMaps[operation](x, origin);
}

const numericMaps = { abs: absolute, sign: signOf, square } as const;
export type NumericMapName = keyof typeof numericMaps;
export const numericMapNames = namesOf(numericMaps);

export function numericMap(operation: NumericMapName, x: Value, origin?: Origin): Value {
  requireNumeric(operation, x);
  return numericMaps[operation](x, origin);
}

export function clip(x: Value, low: number, high: number, origin?: Origin): Value {
  requireNumeric('clip', x);
  if (!(low <= high)) throw new ShapeError(`clip: the bounds are ${low} and ${high} (the first is at most the second)`);
  const bound = (value: number): Value => broadcastTo(scalarLike('clip', value, x), x.shape, origin);
  return clipped(x, bound(low), bound(high), origin);
}

export function negate(x: Value, origin?: Origin): Value {
  requireDType('neg', x, x.dtype !== 'bool' && x.dtype !== 'u32', 'f32 or i32');
  return neg(x, origin);
}

export function matmul(left: Value, right: Value, origin?: Origin): Value {
  requireNumeric('matmul', left);
  refuse(dtypeProblem('matmul', left.dtype, left.shape, right.dtype, right.shape));
  refuse(matmulProblem(left.shape, right.shape));
  const plan = planMatmul(left.shape, right.shape);
  const product = contract(without(left, plan.dropped.left, origin), without(right, plan.dropped.right, origin), plan.axes, origin);
  return plan.order.every((axis, at) => axis === at) ? product : permute(product, plan.order, origin);
}

/** The value without some axes of size 1. */
const without = (x: Value, axes: readonly number[], origin?: Origin): Value =>
  axes.length === 0
    ? x
    : reshape(
        x,
        x.shape.filter((_, axis) => !axes.includes(axis)),
        origin,
      );

export function transpose(operation: 'T' | 'mT', x: Value, origin?: Origin): Value {
  refuse(transposeProblem(operation, x.shape));
  const axes = x.shape.map((_, axis) => axis);
  return permute(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2], origin);
}

export function reshapeTo(x: Value, shape: Shape, origin?: Origin): Value {
  refuse(reshapeProblem(x.shape, shape));
  return reshape(x, [...shape], origin);
}

export function rename(x: Value, names: NameMap, origin?: Origin): Value {
  refuse(renameProblem(x.shape, names));
  return reshape(x, renameShape(x.shape, names), origin);
}

export function withNames(x: Value, names: readonly string[], origin?: Origin): Value {
  refuse(namesProblem('withNames', x.shape, names));
  return reshape(x, namedShape(x.shape, names), origin);
}

const reducers = { sum: reduceSum, max: reduceMax } as const;

export function reduce(
  operation: 'sum' | 'max' | 'mean',
  x: Value,
  axis: AxisArgument | undefined,
  keepdims: boolean,
  origin?: Origin,
): Value {
  if (operation === 'mean') requireFloating(operation, x);
  else requireNumeric(operation, x);
  const axes = reducedAxes(operation, x.shape, axis);
  const result = operation === 'mean' ? meanOver(x, axes, origin) : reducers[operation](x, axes, origin);
  return keepdims ? reshape(result, keptShape(x.shape, axes), origin) : result;
}

/** The sum over the count. The count is itself a sum of ones: it is known only when symbolic axes have their sizes. */
export function meanOver(x: Value, axes: readonly number[], origin?: Origin): Value {
  const picked = axes.map((axis) => x.shape[axis] as Dim);
  const count = reduceSum(
    constant(1, picked, x.dtype, origin),
    picked.map((_, axis) => axis),
    origin,
  );
  const sum = reduceSum(x, axes, origin);
  return div(sum, broadcastTo(count, sum.shape, origin), origin);
}

/** A number as an operand for `like`. */
export function scalarLike(operation: string, value: number, like: Value): Value {
  if (!isFloating(like.dtype) && !Number.isInteger(value)) {
    throw new ShapeError(
      `${operation}: ${value} is not a whole number: ${like.dtype}${showShape(like.shape)} with ${value} (use a whole number, or an f32 tensor)`,
    );
  }
  if (like.dtype === 'u32' && value < 0) {
    throw new ShapeError(`${operation}: ${value} is less than 0: u32${showShape(like.shape)} with ${value} (use an i32 tensor)`);
  }
  const greatest = { i32: 2 ** 31 - 1, u32: 2 ** 32 - 1 };
  if ((like.dtype === 'i32' || like.dtype === 'u32') && (value > greatest[like.dtype] || value < -(2 ** 31))) {
    throw new ShapeError(
      `${operation}: ${value} is out of range: ${like.dtype}${showShape(like.shape)} with ${value} (${like.dtype} ends at ${greatest[like.dtype]})`,
    );
  }
  return constant(value, [], like.dtype);
}
