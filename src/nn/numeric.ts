/**
 * Arithmetic on numbers and on scalar tensors alike, so that a formula is written once: of numbers it gives a number, of tensors what a
 * compiled step computes anew each time, from data.
 *
 * Invariant: numbers and tensors agree to the precision of f32.
 */
import { type Tensor, where } from '../index.ts';

export type Numeric = number | Tensor<[]>;

export const isNumber = (x: Numeric): x is number => typeof x === 'number';

export function multiply(a: Numeric, b: Numeric): Numeric {
  if (isNumber(a)) return isNumber(b) ? a * b : b.mul(a);
  return a.mul(b);
}

export function plus(a: Numeric, b: Numeric): Numeric {
  if (isNumber(a)) return isNumber(b) ? a + b : b.add(a);
  return a.add(b);
}

/** x between low and high. */
export const clamp = (x: Numeric, low: number, high: number): Numeric =>
  isNumber(x) ? Math.min(Math.max(x, low), high) : x.clip(low, high);

export const exponential = (x: Numeric): Numeric => (isNumber(x) ? Math.exp(x) : x.exp());

/** The greatest whole number that is not greater. */
export const floor = (x: Numeric): Numeric => (isNumber(x) ? Math.floor(x) : x.floor());

export const cosine = (x: Numeric): Numeric => (isNumber(x) ? Math.cos(x) : x.cos());

/** The first where x is less than the limit, else the second. */
export function before(x: Numeric, limit: number, first: Numeric, second: Numeric): Numeric {
  if (isNumber(x)) return x < limit ? first : second;
  return where(x.lt(limit), likewise(x, first), likewise(x, second));
}

/** The number as a tensor. */
const likewise = (like: Tensor<[]>, x: Numeric): Tensor<[]> => (isNumber(x) ? like.mul(0).add(x) : x);
