/**
 * Decimal digits in the type system, as tuples of that length; and texts of digits, which run from the least significant
 * while computing.
 *
 * Invariant: numbers are decimal texts without leading zeros.
 */

// Tuples of length 0 to 9, to add and multiply digits by length.
type Unary = [
  [],
  [0],
  [0, 0],
  [0, 0, 0],
  [0, 0, 0, 0],
  [0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0],
];

// unary :: digit -> tuple of that length
export type unary<digit> = digit extends keyof Unary ? (Unary[digit] extends infer tuple extends readonly 0[] ? tuple : never) : [];

// splitTens :: number below 100 -> [tens, ones]
export type splitTens<value> = `${value & number}` extends `${infer tens}${infer ones}`
  ? ones extends ''
    ? ['0', tens]
    : [tens, ones]
  : never;

// reverse :: text -> text
export type reverse<text extends string, result extends string = ''> = text extends `${infer head}${infer rest}`
  ? reverse<rest, `${head}${result}`>
  : result;

// trim :: digits -> the same number without leading zeros
export type trim<text extends string> = text extends `0${infer rest}` ? (rest extends '' ? '0' : trim<rest>) : text;
