/**
 * Exact differences of whole numbers in the type system, digit by digit.
 *
 * Invariant: numbers are decimal texts without leading zeros, and the first is not less than the second.
 */
import type { reverse, trim, unary } from './digits.ts';

type Ten = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

// difference :: (reversed, reversed, borrow) -> reversed, leading zeros kept
type difference<a extends string, b extends string, borrow = '0', result extends string = ''> = a extends `${infer x}${infer as}`
  ? b extends `${infer y}${infer bs}`
    ? unary<x> extends [...unary<y>, ...unary<borrow>, ...infer rest]
      ? difference<as, bs, '0', `${result}${rest['length']}`>
      : [...Ten, ...unary<x>] extends [...unary<y>, ...unary<borrow>, ...infer rest]
        ? difference<as, bs, '1', `${result}${rest['length']}`>
        : never
    : borrow extends '0'
      ? `${result}${a}`
      : difference<a, '0', borrow, result>
  : result;

// subtract :: ('784', '64') -> '720'
export type subtract<a extends string, b extends string> = b extends '0' ? a : trim<reverse<difference<reverse<a>, reverse<b>>>>;

export const subtract = (a: string, b: string): string => `${BigInt(a) - BigInt(b)}`;
