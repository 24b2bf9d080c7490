/**
 * Functions of single elements that are made of primitives, on values.
 *
 * Invariant: NaN stays NaN, and gradients are finite wherever the functions are smooth.
 */
import { compare, constantLike, div, floor, maximum, mul, neg, type Origin, select, sqrt } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';

export const ceil = (x: Value, origin?: Origin): Value => neg(floor(neg(x, origin), origin), origin);

export const rsqrt = (x: Value, origin?: Origin): Value => div(constantLike(x, 1), sqrt(x, origin), origin);

export const square = (x: Value, origin?: Origin): Value => mul(x, x, origin);

/** The slope at 0 is 0: half of either side's. */
export const absolute = (x: Value, origin?: Origin): Value => (x.dtype === 'u32' ? x : maximum(neg(x, origin), x, origin));

/** Of constants, but where x is neither above nor below zero: 0 or NaN, without a gradient. */
export function signOf(x: Value, origin?: Origin): Value {
  const like = (value: number): Value => constantLike(x, value);
  const isAbove = compare(x, like(0), 'gt', origin);
  if (x.dtype === 'u32') return select(isAbove, like(1), like(0), origin);
  const isBelow = compare(x, like(0), 'lt', origin);
  const isZero = compare(x, like(0), 'eq', origin);
  const none = x.dtype === 'i32' ? like(0) : select(isZero, like(0), like(Number.NaN), origin);
  return select(isAbove, like(1), select(isBelow, like(-1), none, origin), origin);
}

/** The bounds' slopes are 1. */
export function clipped(x: Value, low: Value, high: Value, origin?: Origin): Value {
  const atLeast = select(compare(x, low, 'lt', origin), low, x, origin);
  return select(compare(x, high, 'gt', origin), high, atLeast, origin);
}

export const isNotANumber = (x: Value, origin?: Origin): Value => compare(x, x, 'ne', origin);

export const hasFiniteSize = (x: Value, origin?: Origin): Value =>
  compare(absolute(x, origin), constantLike(x, Number.POSITIVE_INFINITY), 'lt', origin);
