/**
 * Arithmetic on single elements, by dtype: floating dtypes compute in f64; i32 and u32 wrap around and divide as WGSL
 * says (truncating; division by zero, and the one overflow, give the left operand); bool is 0 or 1.
 *
 * Invariant: the result is an element of the dtype.
 * Source: WGSL, section 8.7 (arithmetic expressions) and 17.1 (value conversions). A NaN cast to an integer is 0 here.
 */
import type { DType } from '../types/dtype.ts';
import type { CompareDirection } from './primitive.ts';

export interface Arithmetic {
  readonly neg: (x: number) => number;
  readonly add: (left: number, right: number) => number;
  readonly sub: (left: number, right: number) => number;
  readonly mul: (left: number, right: number) => number;
  readonly div: (left: number, right: number) => number;
  /** Where a maximum starts. */
  readonly lowest: number;
  /** From an element of any dtype. */
  readonly cast: (x: number, from: DType) => number;
}

const floating: Arithmetic = {
  neg: (x) => -x,
  add: (left, right) => left + right,
  sub: (left, right) => left - right,
  mul: (left, right) => left * right,
  div: (left, right) => left / right,
  lowest: Number.NEGATIVE_INFINITY,
  cast: (x) => x,
};

function integer(wrap: (x: number) => number, lowest: number, highest: number): Arithmetic {
  return {
    neg: (x) => wrap(-x),
    add: (left, right) => wrap(left + right),
    sub: (left, right) => wrap(left - right),
    mul: (left, right) => wrap(Math.imul(left, right)),
    div: (left, right) => (right === 0 ? left : wrap(Math.trunc(left / right))),
    lowest,
    // between integers the bits stay; from floating the value saturates
    cast: (x, from) => (from === 'f32' || from === 'f16' ? wrap(Math.min(Math.max(Math.trunc(x), lowest), highest)) : wrap(x)),
  };
}

const truth = (x: number): number => (x !== 0 ? 1 : 0);
const i32 = integer((x) => x | 0, -(2 ** 31), 2 ** 31 - 1);
const u32 = integer((x) => x >>> 0, 0, 2 ** 32 - 1);
const bool: Arithmetic = {
  neg: truth,
  add: (left, right) => truth(left + right),
  sub: (left, right) => truth(left - right),
  mul: (left, right) => left * right,
  div: (left) => left,
  lowest: 0,
  cast: truth,
};

export const arithmetic: { readonly [D in DType]: Arithmetic } = { f32: floating, f16: floating, i32, u32, bool };

export const compareElements: { readonly [C in CompareDirection]: (left: number, right: number) => boolean } = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  lt: (left, right) => left < right,
  le: (left, right) => left <= right,
  gt: (left, right) => left > right,
  ge: (left, right) => left >= right,
};
