/**
 * Exact products of whole numbers in the type system, digit by digit: 50257 x 768 costs a few hundred steps, where the
 * usual arithmetic by tuple length dies at 1,000.
 *
 * Invariant: numbers are decimal texts without leading zeros.
 */
import type { sum } from './add.ts';
import type { reverse, splitTens, trim, unary } from './digits.ts';

// times :: (digit, digit) -> tuple of that length
type times<a, b> = b extends '0'
  ? []
  : b extends '1'
    ? unary<a>
    : b extends '2'
      ? [...unary<a>, ...unary<a>]
      : b extends '3'
        ? [...times<a, '2'>, ...unary<a>]
        : b extends '4'
          ? [...times<a, '2'>, ...times<a, '2'>]
          : b extends '5'
            ? [...times<a, '4'>, ...unary<a>]
            : b extends '6'
              ? [...times<a, '4'>, ...times<a, '2'>]
              : b extends '7'
                ? [...times<a, '6'>, ...unary<a>]
                : b extends '8'
                  ? [...times<a, '4'>, ...times<a, '4'>]
                  : [...times<a, '8'>, ...unary<a>];

// byDigit :: (reversed number, digit, carry) -> reversed product
type byDigit<digits extends string, digit, carry = '0', result extends string = ''> = digits extends `${infer head}${infer rest}`
  ? splitTens<[...times<head, digit>, ...unary<carry>]['length']> extends [infer tens, infer ones extends string]
    ? byDigit<rest, digit, tens, `${result}${ones}`>
    : never
  : carry extends '0'
    ? result
    : `${result}${carry & string}`;

// longProduct :: (reversed, digits of b from the most significant) -> reversed
type longProduct<a extends string, b extends string, result extends string = ''> = b extends `${infer digit}${infer rest}`
  ? longProduct<a, rest, sum<result extends '' ? '' : `0${result}`, byDigit<a, digit>>>
  : result;

// multiply :: ('784', '64') -> '50176'
export type multiply<a extends string, b extends string> = a extends '1'
  ? b
  : b extends '1'
    ? a
    : trim<reverse<longProduct<reverse<a>, b>>>;

export const multiply = (a: string, b: string): string => `${BigInt(a) * BigInt(b)}`;
