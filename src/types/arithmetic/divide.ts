/**
 * Long division of whole numbers in the type system: at most nine subtractions a digit.
 *
 * Invariant: numbers are decimal texts without leading zeros, and the divisor is not 0.
 */
import type { compare } from './compare.ts';
import type { trim } from './digits.ts';
import type { subtract } from './subtract.ts';

type Next = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

// digit :: (rest, divisor) -> [how often the divisor fits, what is left]      fits at most nine times
type digit<rest extends string, by extends string, count extends string = '0'> =
  compare<rest, by> extends 'less' ? [count, rest] : digit<subtract<rest, by>, by, count extends keyof Next ? Next[count] & string : never>;

// longDivision :: (digits, divisor) -> [quotient, remainder]
type longDivision<
  digits extends string,
  by extends string,
  rest extends string = '',
  quotient extends string = '',
> = digits extends `${infer head}${infer others}`
  ? digit<rest extends '0' ? head : `${rest}${head}`, by> extends [infer times extends string, infer left extends string]
    ? longDivision<others, by, left, `${quotient}${times}`>
    : never
  : [trim<quotient>, rest];

// divide :: ('784', '100') -> ['7', '84']
export type divide<a extends string, b extends string> = b extends '1' ? [a, '0'] : a extends b ? ['1', '0'] : longDivision<a, b>;

export const divide = (a: string, b: string): readonly [quotient: string, remainder: string] => [
  `${BigInt(a) / BigInt(b)}`,
  `${BigInt(a) % BigInt(b)}`,
];

// greatestCommonDivisor :: ('768', '36') -> '12'      Euclid
export type greatestCommonDivisor<a extends string, b extends string> = b extends '0'
  ? a
  : divide<a, b> extends [string, infer rest extends string]
    ? greatestCommonDivisor<b, rest>
    : never;

export const greatestCommonDivisor = (a: string, b: string): string => (b === '0' ? a : greatestCommonDivisor(b, divide(a, b)[1]));
