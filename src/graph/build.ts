/**
 * The only way to make values: one constructor a primitive, all through `makeValue`.
 *
 * Invariant: a value that exists is well formed: its shape and dtype come from `inferShape`, its level is above its
 * operands', and it is traced if any operand is.
 */
import type { Dim } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import { inferShape } from './inferShape.ts';
import type {
  CompareDirection,
  CustomGradientCall,
  LoopBody,
  LoopOutput,
  PadParams,
  Primitive,
  PrimitiveParams,
  RandomWord,
  SkewParams,
  SliceParams,
} from './primitive.ts';
import type { TensorType } from './showShape.ts';
import type { Value } from './value.ts';

export type Origin = NonNullable<Value['origin']>;
type Shape = readonly Dim[];
type Axes = readonly number[];

interface MakeOptions {
  /** The type of a leaf. */
  readonly declared?: TensorType;
  /** Traced although no operand is. */
  readonly traced?: boolean;
  /** The level must be above this one, too. */
  readonly above?: number;
}

/** Throws a `GraphError` if the primitive's preconditions do not hold. */
export function makeValue<P extends Primitive>(
  primitive: P,
  operands: readonly Value[],
  params: PrimitiveParams[P],
  origin?: Origin,
  options: MakeOptions = {},
): Value<P> {
  const { shape, dtype } = inferShape[primitive](params, operands, options.declared);
  const level = operands.reduce((highest, operand) => Math.max(highest, operand.level + 1), (options.above ?? -1) + 1);
  const traced = options.traced === true || operands.some((operand) => operand.traced);
  return { primitive, operands, params, shape, dtype, level, traced, ...(origin === undefined ? {} : { origin }) };
}

/**
 * The same operation on other operands. The value itself if they are the same. A rebuilt `customGradient` still marks
 * its result, but its `backward` speaks of the values it was recorded with: differentiate first, rewrite after.
 */
export function withOperands<P extends Primitive>(value: Value<P>, operands: readonly Value[]): Value<P> {
  if (operands.length === value.operands.length && operands.every((operand, i) => operand === value.operands[i])) return value;
  const traced = value.traced && !value.operands.some((operand) => operand.traced);
  return makeValue(value.primitive, operands, value.params, value.origin, { declared: value, traced });
}

/** Narrows a value to one primitive, and with it the type of its params. */
export function isPrimitive<P extends Primitive>(value: Value, primitive: P): value is Value<P> {
  return value.primitive === primitive;
}

// Leaves

/** A parameter of the function being traced. */
export const input = (name: string, shape: Shape, dtype: DType, origin?: Origin): Value =>
  makeValue('input', [], { name }, origin, { declared: { shape, dtype }, traced: true });
/** Data that exists; `source` is whatever holds it. */
export const data = (source: object, shape: Shape, dtype: DType, origin?: Origin): Value =>
  makeValue('data', [], { source }, origin, { declared: { shape, dtype } });
export const constant = (value: number, shape: Shape, dtype: DType, origin?: Origin): Value =>
  makeValue('constant', [], { value }, origin, { declared: { shape, dtype } });
/** A constant of the shape and dtype of another value. */
export const constantLike = (like: TensorType, value: number, origin?: Origin): Value => constant(value, like.shape, like.dtype, origin);
export const iota = (axis: number, shape: Shape, dtype: DType, origin?: Origin): Value =>
  makeValue('iota', [], { axis }, origin, { declared: { shape, dtype } });

// Pointwise

export const neg = (x: Value, origin?: Origin): Value => makeValue('neg', [x], {}, origin);
export const exp = (x: Value, origin?: Origin): Value => makeValue('exp', [x], {}, origin);
export const log = (x: Value, origin?: Origin): Value => makeValue('log', [x], {}, origin);
export const sqrt = (x: Value, origin?: Origin): Value => makeValue('sqrt', [x], {}, origin);
export const tanh = (x: Value, origin?: Origin): Value => makeValue('tanh', [x], {}, origin);
export const sigmoid = (x: Value, origin?: Origin): Value => makeValue('sigmoid', [x], {}, origin);
export const relu = (x: Value, origin?: Origin): Value => makeValue('relu', [x], {}, origin);
export const sin = (x: Value, origin?: Origin): Value => makeValue('sin', [x], {}, origin);
export const cos = (x: Value, origin?: Origin): Value => makeValue('cos', [x], {}, origin);
export const erf = (x: Value, origin?: Origin): Value => makeValue('erf', [x], {}, origin);
export const log1p = (x: Value, origin?: Origin): Value => makeValue('log1p', [x], {}, origin);
export const expm1 = (x: Value, origin?: Origin): Value => makeValue('expm1', [x], {}, origin);
export const floor = (x: Value, origin?: Origin): Value => makeValue('floor', [x], {}, origin);
export const round = (x: Value, origin?: Origin): Value => makeValue('round', [x], {}, origin);
export const add = (left: Value, right: Value, origin?: Origin): Value => makeValue('add', [left, right], {}, origin);
export const sub = (left: Value, right: Value, origin?: Origin): Value => makeValue('sub', [left, right], {}, origin);
export const mul = (left: Value, right: Value, origin?: Origin): Value => makeValue('mul', [left, right], {}, origin);
export const div = (left: Value, right: Value, origin?: Origin): Value => makeValue('div', [left, right], {}, origin);
export const maximum = (left: Value, right: Value, origin?: Origin): Value => makeValue('maximum', [left, right], {}, origin);
export const pow = (left: Value, right: Value, origin?: Origin): Value => makeValue('pow', [left, right], {}, origin);
export const rem = (left: Value, right: Value, origin?: Origin): Value => makeValue('rem', [left, right], {}, origin);
export const bitAnd = (left: Value, right: Value, origin?: Origin): Value => makeValue('bitAnd', [left, right], {}, origin);
export const bitOr = (left: Value, right: Value, origin?: Origin): Value => makeValue('bitOr', [left, right], {}, origin);
export const bitXor = (left: Value, right: Value, origin?: Origin): Value => makeValue('bitXor', [left, right], {}, origin);
export const shiftLeft = (left: Value, right: Value, origin?: Origin): Value => makeValue('shiftLeft', [left, right], {}, origin);
export const shiftRight = (left: Value, right: Value, origin?: Origin): Value => makeValue('shiftRight', [left, right], {}, origin);
export const compare = (left: Value, right: Value, direction: CompareDirection, origin?: Origin): Value =>
  makeValue('compare', [left, right], { direction }, origin);
export const select = (condition: Value, whenTrue: Value, whenFalse: Value, origin?: Origin): Value =>
  makeValue('select', [condition, whenTrue, whenFalse], {}, origin);
export const cast = (x: Value, dtype: DType, origin?: Origin): Value => makeValue('cast', [x], { dtype }, origin);
/** `key` and `counter` are two u32 words each. */
export const randomBits = (key: readonly [Value, Value], counter: readonly [Value, Value], word: RandomWord, origin?: Origin): Value =>
  makeValue('randomBits', [...key, ...counter], { word }, origin);

// Views

export const permute = (x: Value, order: Axes, origin?: Origin): Value => makeValue('permute', [x], { order }, origin);
export const reshape = (x: Value, shape: Shape, origin?: Origin): Value => makeValue('reshape', [x], { shape }, origin);
export const broadcast = (x: Value, shape: Shape, axes: Axes, origin?: Origin): Value =>
  makeValue('broadcast', [x], { shape, axes }, origin);
export const slice = (x: Value, params: SliceParams, origin?: Origin): Value => makeValue('slice', [x], params, origin);
export const pad = (x: Value, params: PadParams, origin?: Origin): Value => makeValue('pad', [x], params, origin);
export const skew = (x: Value, params: SkewParams, origin?: Origin): Value => makeValue('skew', [x], params, origin);
export const unskew = (x: Value, params: SkewParams, origin?: Origin): Value => makeValue('unskew', [x], params, origin);
export const gather = (x: Value, indices: Value, axis: number, origin?: Origin): Value =>
  makeValue('gather', [x, indices], { axis }, origin);

export const scatterAdd = (updates: Value, indices: Value, axis: number, dim: Dim, origin?: Origin, sorted = false): Value =>
  makeValue('scatterAdd', [updates, indices], { axis, dim, sorted }, origin);

// Reductions and products

export const reduceSum = (x: Value, axes: Axes, origin?: Origin): Value => makeValue('reduceSum', [x], { axes }, origin);
export const reduceMax = (x: Value, axes: Axes, origin?: Origin): Value => makeValue('reduceMax', [x], { axes }, origin);

export interface ContractAxes {
  readonly left: Axes;
  readonly right: Axes;
  readonly leftBatch?: Axes;
  readonly rightBatch?: Axes;
}

export const contract = (a: Value, b: Value, axes: ContractAxes, origin?: Origin): Value => {
  const { left, right, leftBatch = [], rightBatch = [] } = axes;
  return makeValue('contract', [a, b], { left, right, leftBatch, rightBatch }, origin);
};

/** A result of the loop that has this body. */
export const loopResult = (body: LoopBody, output: LoopOutput, operands: readonly Value[], origin?: Origin): Value<'loop'> =>
  makeValue('loop', operands, { body, output }, origin);

// Marks for differentiation

/** `traced: true` says that this use stands for something without data, as inside `vjp`. */
export const identity = (x: Value, options: { readonly traced?: boolean } = {}, origin?: Origin): Value =>
  makeValue('identity', [x], {}, origin, { traced: options.traced ?? false });
export const after = (x: Value, others: readonly Value[], origin?: Origin): Value<'after'> =>
  makeValue('after', [x, ...others], {}, origin);
export const stopGradient = (x: Value, origin?: Origin): Value => makeValue('stopGradient', [x], {}, origin);

/**
 * The results `ys` of one function of `args`, marked with its gradient. All marks get one level, so that every use of
 * any of them lies above all of them, and `vjp` can treat the call as one.
 */
export function customGradient(
  ys: readonly Value[],
  args: readonly Value[],
  backward: CustomGradientCall['backward'],
  origin?: Origin,
): Value[] {
  const outputs = ys.map(({ shape, dtype }) => ({ shape, dtype }));
  const call: CustomGradientCall = { outputs, backward };
  const above = [...ys, ...args].reduce((highest, value) => Math.max(highest, value.level), 0);
  return ys.map((y, output) => makeValue('customGradient', [y, ...args], { call, output }, origin, { above }));
}
