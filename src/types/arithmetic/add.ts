/**
 * Exact sums of whole numbers in the type system, digit by digit.
 *
 * Invariant: numbers are decimal texts without leading zeros.
 */
import type { reverse, splitTens, unary } from './digits.ts';

// sum :: (reversed, reversed, carry) -> reversed
export type sum<a extends string, b extends string, carry = '0', result extends string = ''> = a extends `${infer x}${infer as}`
  ? b extends `${infer y}${infer bs}`
    ? splitTens<[...unary<x>, ...unary<y>, ...unary<carry>]['length']> extends [infer tens, infer ones extends string]
      ? sum<as, bs, tens, `${result}${ones}`>
      : never
    : carry extends '0'
      ? `${result}${a}`
      : sum<a, '0', carry, result>
  : b extends ''
    ? carry extends '0'
      ? result
      : `${result}${carry & string}`
    : sum<b, '', carry, result>;

// add :: ('784', '64') -> '848'
export type add<a extends string, b extends string> = a extends '0' ? b : b extends '0' ? a : reverse<sum<reverse<a>, reverse<b>>>;

export const add = (a: string, b: string): string => `${BigInt(a) + BigInt(b)}`;
