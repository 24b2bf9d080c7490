/**
 * Arithmetic on size texts: `'50257'`, `'batch'`, `'2*batch+1'`, `'d/heads'`. Exact for whole numbers of any length, and for
 * symbols by a normal form: `(d/heads)*heads` is `d` again.
 *
 * Invariant: results are in normal form (a sum of terms, `terms.ts`; a product has its number first and its symbols sorted),
 * so two sizes are equal for all values of their symbols where their texts are equal. Symbols stand for whole numbers from 1.
 */
import { type add, add as addNumbers } from './add.ts';
import { type compare, compare as compareNumbers } from './compare.ts';
import { type divide, divide as divideNumbers } from './divide.ts';
import { type multiply, multiply as multiplyNumbers } from './multiply.ts';
import { type subtract, subtract as subtractNumbers } from './subtract.ts';
import { inverse, isWhole, type Term, type TermType, timesTerm } from './term.ts';
import { negated, parse, plus, show, type Terms, type TermsType, times } from './terms.ts';

/** A whole number as text. */
export type Literal = `${bigint}`;

/** A size as text: a whole number, a symbol, or a sum of products and quotients of them. */
export type SizeText = string;

const isLiteral = (size: SizeText): boolean => /^\d+$/.test(size);

// addSizes :: ('batch', '2') -> 'batch+2'
export type addSizes<a extends SizeText, b extends SizeText> = [a, b] extends [Literal, Literal]
  ? add<a, b>
  : show<plus<parse<a>, parse<b>>>;

export const addSizes = (a: SizeText, b: SizeText): SizeText =>
  isLiteral(a) && isLiteral(b) ? addNumbers(a, b) : show(plus(parse(a), parse(b)));

// subtractSizes :: ('batch', '1') -> 'batch-1'; ('2', '3') -> '-1'
export type subtractSizes<a extends SizeText, b extends SizeText> = [a, b] extends [Literal, Literal]
  ? compare<a, b> extends 'less'
    ? `-${subtract<b, a>}`
    : subtract<a, b>
  : show<plus<parse<a>, negated<parse<b>>>>;

export function subtractSizes(a: SizeText, b: SizeText): SizeText {
  return isLiteral(a) && isLiteral(b) ? subtractNumbers(a, b) : show(plus(parse(a), negated(parse(b))));
}

// multiplySizes :: ('d/heads', 'heads') -> 'd'
export type multiplySizes<a extends SizeText, b extends SizeText> = a extends '1'
  ? b
  : b extends '1'
    ? a
    : [a, b] extends [Literal, Literal]
      ? multiply<a, b>
      : show<times<parse<a>, parse<b>>>;

export const multiplySizes = (a: SizeText, b: SizeText): SizeText =>
  isLiteral(a) && isLiteral(b) ? multiplyNumbers(a, b) : show(times(parse(a), parse(b)));

// quotientSizes :: ('d', 'heads') -> 'd/heads'      where it is known to come out whole; false for a sum as divisor, and for numbers that leave a rest
export type quotientSizes<a extends SizeText, b extends SizeText> = b extends '1'
  ? a
  : a extends b
    ? '1'
    : [a, b] extends [Literal, Literal]
      ? divide<a, b> extends [infer quotient extends string, '0']
        ? quotient
        : false
      : parse<b> extends readonly [infer by extends TermType]
        ? show<times<parse<a>, [inverse<by>]>>
        : false;

export function quotientSizes(a: SizeText, b: SizeText): SizeText | false {
  if (a === b) return '1';
  if (isLiteral(a) && isLiteral(b)) {
    const [quotient, rest] = divideNumbers(a, b);
    return rest === '0' ? quotient : false;
  }
  const [by, ...others] = parse(b);
  return by === undefined || others.length > 0 ? false : show(times(parse(a), [inverse(by)]));
}

// exactly :: (Terms, Term, Terms) -> text | false      each term divided, if each comes out whole
type exactly<terms extends TermsType, by extends TermType, result extends TermsType = []> = terms extends readonly [
  infer head extends TermType,
  ...infer rest extends TermsType,
]
  ? timesTerm<head, inverse<by>> extends infer quotient extends TermType
    ? isWhole<quotient> extends true
      ? exactly<rest, by, plus<result, [quotient]>>
      : false
    : never
  : show<result>;

function exactly(terms: Terms, by: Term): SizeText | false {
  const quotients = terms.map((term) => timesTerm(term, inverse(by)));
  return quotients.every(isWhole) ? show(plus([], quotients)) : false;
}

// divideSizes :: ('2*batch', '2') -> 'batch'; ('d', 'heads') -> false      the quotient if it is a whole number whatever the symbols are
export type divideSizes<a extends SizeText, b extends SizeText> = [a, b] extends [Literal, Literal]
  ? quotientSizes<a, b>
  : b extends '1'
    ? a
    : a extends b
      ? '1'
      : parse<b> extends readonly [infer by extends TermType]
        ? exactly<parse<a>, by>
        : false;

export function divideSizes(a: SizeText, b: SizeText): SizeText | false {
  if ((isLiteral(a) && isLiteral(b)) || b === '1' || a === b) return quotientSizes(a, b);
  const [by, ...others] = parse(b);
  return by === undefined || others.length > 0 ? false : exactly(parse(a), by);
}

// floored :: (number, number) -> number      of a number that may be negative, toward minus infinity
type floored<sign, a extends string, b extends string> = sign extends '+'
  ? divide<a, b>[0]
  : divide<a, b> extends [infer quotient extends string, infer rest]
    ? rest extends '0'
      ? `-${quotient}`
      : `-${add<quotient, '1'>}`
    : never;

// splitNumber :: Terms -> [Terms with symbols, the number's sign, the number]
type splitNumber<terms extends TermsType> = terms extends readonly [...infer rest extends TermsType, infer last extends TermType]
  ? last extends readonly [infer sign, infer size extends string, '1', readonly [], readonly []]
    ? [rest, sign, size]
    : [terms, '+', '0']
  : never;

// floorDivideSizes :: ('7', '2') -> '3'; ('2*w+1', '2') -> 'w'; ('w', '2') -> false      false where it depends on the symbols
export type floorDivideSizes<a extends SizeText, b extends SizeText> = [a, b] extends [Literal, Literal]
  ? divide<a, b>[0]
  : divideSizes<a, b> extends infer exact extends string
    ? exact
    : b extends Literal
      ? splitNumber<parse<a>> extends [infer terms extends TermsType, infer sign, infer size extends string]
        ? exactly<terms, ['+', b, '1', [], []]> extends infer whole extends string
          ? show<plus<parse<whole>, parse<floored<sign, size, b>>>>
          : false
        : never
      : false;

export function floorDivideSizes(a: SizeText, b: SizeText): SizeText | false {
  if (isLiteral(a) && isLiteral(b)) return divideNumbers(a, b)[0];
  const exact = divideSizes(a, b);
  if (exact !== false || !isLiteral(b)) return exact;
  const terms = parse(a);
  const number = terms.find(({ denominator, over, under }) => denominator === 1n && over.length + under.length === 0)?.numerator ?? 0n;
  const by = BigInt(b);
  const floor = number / by - (number < 0n && number % by !== 0n ? 1n : 0n);
  const whole = exactly(
    terms.filter(({ denominator, over, under }) => denominator !== 1n || over.length + under.length > 0),
    { numerator: by, denominator: 1n, over: [], under: [] },
  );
  return whole === false ? false : show(plus(parse(whole), parse(`${floor}`)));
}

// isLess :: ('2', '3') -> true; ('batch', 'batch+1') -> true; ('batch', '3') -> 'unknown'
export type isLess<a extends SizeText, b extends SizeText> = [a, b] extends [Literal, Literal]
  ? compare<a, b> extends 'less'
    ? true
    : false
  : signs<plus<parse<b>, negated<parse<a>>>> extends infer found
    ? [found] extends [never]
      ? false
      : [found] extends ['+']
        ? true
        : [found] extends ['-']
          ? false
          : 'unknown'
    : never;
type signs<terms extends TermsType> = terms[number][0];

export function isLess(a: SizeText, b: SizeText): boolean | 'unknown' {
  if (isLiteral(a) && isLiteral(b)) return compareNumbers(a, b) === 'less';
  const difference = plus(parse(b), negated(parse(a)));
  if (difference.every(({ numerator }) => numerator > 0n)) return difference.length > 0;
  return difference.every(({ numerator }) => numerator < 0n) ? false : 'unknown';
}
