/**
 * A size as a sum of terms, and its text.
 *
 * Invariant: terms have different symbols, are ordered by them, and a number comes last; so equal sums have equal texts. A
 * text shows what is added before what is subtracted: `batch-1`, `b-a`.
 */
import type { add } from './add.ts';
import { type compare, compareTexts } from './compare.ts';
import type { multiply } from './multiply.ts';
import type { subtract } from './subtract.ts';
import { keyOf, parseTerm, reduced, type Sign, showTerm, type Term, type TermType, timesTerm } from './term.ts';

export type TermsType = readonly TermType[];
export type Terms = readonly Term[];

type compareKeys<a extends string, b extends string> = a extends b
  ? 'equal'
  : a extends ''
    ? 'more'
    : b extends ''
      ? 'less'
      : compareTexts<a, b>;

const compareKeys = (a: string, b: string): 'less' | 'equal' | 'more' =>
  a === b ? 'equal' : a === '' ? 'more' : b === '' ? 'less' : compareTexts(a, b);

type opposite<sign extends Sign> = sign extends '+' ? '-' : '+';

// signedSum :: ([sign, number], [sign, number]) -> [sign, number]
type signedSum<s extends Sign, a extends string, t extends Sign, b extends string> = s extends t
  ? [s, add<a, b>]
  : compare<a, b> extends 'less'
    ? [t, subtract<b, a>]
    : [s, subtract<a, b>];

// combined :: (Term, Term) -> [Term] | []      of the same symbols
type combined<a extends TermType, b extends TermType> =
  signedSum<a[0], multiply<a[1], b[2]>, b[0], multiply<b[1], a[2]>> extends [infer sign extends Sign, infer size extends string]
    ? size extends '0'
      ? []
      : [reduced<[sign, size, multiply<a[2], b[2]>, a[3], a[4]]>]
    : never;

function combined(a: Term, b: Term): Terms {
  const numerator = a.numerator * b.denominator + b.numerator * a.denominator;
  return numerator === 0n ? [] : [reduced({ ...a, numerator, denominator: a.denominator * b.denominator })];
}

// plusTerm :: (Terms, Term) -> Terms
type plusTerm<terms extends TermsType, term extends TermType> = terms extends readonly [
  infer head extends TermType,
  ...infer rest extends TermsType,
]
  ? compareKeys<keyOf<term>, keyOf<head>> extends infer order
    ? order extends 'equal'
      ? [...combined<head, term>, ...rest]
      : order extends 'less'
        ? [term, ...terms]
        : [head, ...plusTerm<rest, term>]
    : never
  : term[1] extends '0'
    ? []
    : [term];

function plusTerm(terms: Terms, term: Term): Terms {
  const [head, ...rest] = terms;
  if (head === undefined) return term.numerator === 0n ? [] : [term];
  const order = compareKeys(keyOf(term), keyOf(head));
  if (order === 'equal') return [...combined(head, term), ...rest];
  return order === 'less' ? [term, ...terms] : [head, ...plusTerm(rest, term)];
}

// plus :: (Terms, Terms) -> Terms
export type plus<a extends TermsType, b extends TermsType> = b extends readonly [
  infer head extends TermType,
  ...infer rest extends TermsType,
]
  ? plus<plusTerm<a, head>, rest>
  : a;

export const plus = (a: Terms, b: Terms): Terms => b.reduce(plusTerm, a);

// negated :: Terms -> Terms
export type negated<terms extends TermsType> = {
  [at in keyof terms]: [opposite<terms[at][0]>, terms[at][1], terms[at][2], terms[at][3], terms[at][4]];
};

export const negated = (terms: Terms): Terms => terms.map((term) => ({ ...term, numerator: -term.numerator }));

// timesOne :: (Terms, Term) -> Terms
type timesOne<terms extends TermsType, term extends TermType, result extends TermsType = []> = terms extends readonly [
  infer head extends TermType,
  ...infer rest extends TermsType,
]
  ? timesOne<rest, term, plusTerm<result, timesTerm<head, term>>>
  : result;

// times :: (Terms, Terms) -> Terms
export type times<a extends TermsType, b extends TermsType, result extends TermsType = []> = b extends readonly [
  infer head extends TermType,
  ...infer rest extends TermsType,
]
  ? times<a, rest, plus<result, timesOne<a, head>>>
  : result;

export const times = (a: Terms, b: Terms): Terms =>
  plus(
    [],
    b.flatMap((right) => a.map((left) => timesTerm(left, right))),
  );

// parse :: text -> Terms      '2*a/b+c-1'
export type parse<text extends string, result extends TermsType = []> = text extends `${infer first}+${infer rest}`
  ? parse<rest, parseDifference<first, result>>
  : parseDifference<text, result>;
type parseDifference<text extends string, result extends TermsType, sign extends Sign = '+'> = text extends `${infer first}-${infer rest}`
  ? parseDifference<rest, first extends '' ? result : plusTerm<result, parseTerm<first, sign>>, '-'>
  : plusTerm<result, parseTerm<text, sign>>;

export const parse = (text: string): Terms =>
  text.split('+').reduce<Terms>((sum, difference) => {
    const [first = '', ...others] = difference.split('-');
    const start = first === '' ? sum : plusTerm(sum, parseTerm(first, '+'));
    return others.reduce((rest, other) => plusTerm(rest, parseTerm(other, '-')), start);
  }, []);

type shown<terms extends TermsType, sign extends Sign> = terms extends readonly [
  infer head extends TermType,
  ...infer rest extends TermsType,
]
  ? head[0] extends sign
    ? `${sign}${showTerm<head>}${shown<rest, sign>}`
    : shown<rest, sign>
  : '';

// show :: Terms -> text
export type show<terms extends TermsType> = terms extends readonly []
  ? '0'
  : `${shown<terms, '+'>}${shown<terms, '-'>}` extends infer text
    ? text extends `+${infer rest}`
      ? rest
      : text
    : never;

export function show(terms: Terms): string {
  if (terms.length === 0) return '0';
  const added = terms.filter(({ numerator }) => numerator > 0n).map((term) => `+${showTerm(term)}`);
  const subtracted = terms.filter(({ numerator }) => numerator < 0n).map((term) => `-${showTerm(term)}`);
  return [...added, ...subtracted].join('').replace(/^\+/, '');
}
