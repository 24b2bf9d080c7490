/**
 * One term of a size: a fraction of whole numbers times symbols, over symbols. `3*a*b/2/c` is three a b, over two c.
 *
 * Invariant: the fraction is reduced, symbols are sorted, and none stands above and below; so equal terms have equal texts.
 */
import type { compareTexts } from './compare.ts';
import { type divide, greatestCommonDivisor } from './divide.ts';
import type { multiply } from './multiply.ts';

export type Sign = '+' | '-';
export type TermType = readonly [sign: Sign, numerator: string, denominator: string, over: readonly string[], under: readonly string[]];

/** As a value the numerator carries the sign. */
export interface Term {
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly over: readonly string[];
  readonly under: readonly string[];
}

// insert :: (sorted names, name) -> sorted names
type insert<names extends readonly string[], name extends string> = names extends readonly [
  infer head extends string,
  ...infer rest extends readonly string[],
]
  ? compareTexts<name, head> extends 'more'
    ? [head, ...insert<rest, name>]
    : [name, ...names]
  : [name];

const insert = (names: readonly string[], name: string): readonly string[] => [...names, name].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

// remove :: (names, name) -> names without it, once; false where it is not among them
type remove<names extends readonly string[], name> = names extends readonly [
  infer head extends string,
  ...infer rest extends readonly string[],
]
  ? head extends name
    ? rest
    : remove<rest, name> extends infer others extends readonly string[]
      ? [head, ...others]
      : false
  : false;

function remove(names: readonly string[], name: string): readonly string[] | false {
  const at = names.indexOf(name);
  return at < 0 ? false : names.filter((_, index) => index !== at);
}

// timesFactor :: (Term, literal or symbol) -> Term
type timesFactor<term extends TermType, factor extends string> = factor extends `${bigint}`
  ? [term[0], multiply<term[1], factor>, term[2], term[3], term[4]]
  : remove<term[4], factor> extends infer under extends readonly string[]
    ? [term[0], term[1], term[2], term[3], under]
    : [term[0], term[1], term[2], insert<term[3], factor>, term[4]];

// overFactor :: (Term, literal or symbol) -> Term
type overFactor<term extends TermType, factor extends string> = factor extends `${bigint}`
  ? [term[0], term[1], multiply<term[2], factor>, term[3], term[4]]
  : remove<term[3], factor> extends infer over extends readonly string[]
    ? [term[0], term[1], term[2], over, term[4]]
    : [term[0], term[1], term[2], term[3], insert<term[4], factor>];

function timesFactor({ numerator, denominator, over, under }: Term, factor: string): Term {
  if (/^\d/.test(factor)) return { numerator: numerator * BigInt(factor), denominator, over, under };
  const rest = remove(under, factor);
  return rest ? { numerator, denominator, over, under: rest } : { numerator, denominator, over: insert(over, factor), under };
}

function overFactor({ numerator, denominator, over, under }: Term, factor: string): Term {
  if (/^\d/.test(factor)) return { numerator, denominator: denominator * BigInt(factor), over, under };
  const rest = remove(over, factor);
  return rest ? { numerator, denominator, over: rest, under } : { numerator, denominator, over, under: insert(under, factor) };
}

type timesAll<term extends TermType, factors extends readonly string[]> = factors extends readonly [
  infer head extends string,
  ...infer rest extends readonly string[],
]
  ? timesAll<timesFactor<term, head>, rest>
  : term;

type overAll<term extends TermType, factors extends readonly string[]> = factors extends readonly [
  infer head extends string,
  ...infer rest extends readonly string[],
]
  ? overAll<overFactor<term, head>, rest>
  : term;

// reduced :: Term -> Term with its fraction in lowest terms
export type reduced<term extends TermType> = term[2] extends '1'
  ? term
  : greatestCommonDivisor<term[1], term[2]> extends infer common extends string
    ? [term[0], divide<term[1], common>[0], divide<term[2], common>[0], term[3], term[4]]
    : never;

export function reduced(term: Term): Term {
  const size = term.numerator < 0n ? -term.numerator : term.numerator;
  const common = BigInt(greatestCommonDivisor(`${size}`, `${term.denominator}`));
  return { ...term, numerator: term.numerator / common, denominator: term.denominator / common };
}

type productSign<a extends Sign, b extends Sign> = a extends b ? '+' : '-';

// timesTerm :: (Term, Term) -> Term
export type timesTerm<a extends TermType, b extends TermType> = reduced<
  overAll<timesAll<[productSign<a[0], b[0]>, multiply<a[1], b[1]>, multiply<a[2], b[2]>, a[3], a[4]], b[3]>, b[4]>
>;

export function timesTerm(a: Term, b: Term): Term {
  const fraction = { ...a, numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
  return reduced(b.under.reduce(overFactor, b.over.reduce(timesFactor, fraction)));
}

// inverse :: Term -> Term      of a term that is not 0
export type inverse<term extends TermType> = [term[0], term[2], term[1], term[4], term[3]];

export const inverse = ({ numerator, denominator, over, under }: Term): Term =>
  numerator < 0n
    ? { numerator: -denominator, denominator: -numerator, over: under, under: over }
    : { numerator: denominator, denominator: numerator, over: under, under: over };

type parseOver<term extends TermType, text extends string> = text extends `${infer factor}*${infer rest}`
  ? parseOver<timesFactor<term, factor>, rest>
  : timesFactor<term, text>;
type parseUnder<term extends TermType, text extends string> = text extends `${infer factor}/${infer rest}`
  ? parseUnder<overFactor<term, factor>, rest>
  : overFactor<term, text>;

// parseTerm :: (text, sign) -> Term      '2*a/b'
export type parseTerm<text extends string, sign extends Sign> = text extends `${infer over}/${infer under}`
  ? reduced<parseUnder<parseOver<[sign, '1', '1', [], []], over>, under>>
  : parseOver<[sign, '1', '1', [], []], text>;

export function parseTerm(text: string, sign: Sign): Term {
  const [over = '', ...under] = text.split('/');
  const unit: Term = { numerator: sign === '+' ? 1n : -1n, denominator: 1n, over: [], under: [] };
  return reduced(under.reduce(overFactor, over.split('*').reduce(timesFactor, unit)));
}

type joined<names extends readonly string[], sign extends string> = names extends readonly [
  infer head extends string,
  ...infer rest extends readonly string[],
]
  ? rest extends readonly []
    ? head
    : `${head}${sign}${joined<rest, sign>}`
  : '';
type preceded<names extends readonly string[]> = names extends readonly [infer head extends string, ...infer rest extends readonly string[]]
  ? `/${head}${preceded<rest>}`
  : '';

const preceded = (names: readonly string[]): string => names.map((name) => `/${name}`).join('');

// keyOf :: Term -> what it has of symbols: 'a*b/c', '' for a number
export type keyOf<term extends TermType> = `${joined<term[3], '*'>}${preceded<term[4]>}`;

export const keyOf = ({ over, under }: Term): string => `${over.join('*')}${preceded(under)}`;

// showTerm :: Term -> text without its sign
export type showTerm<term extends TermType> = `${term[3] extends readonly []
  ? term[1]
  : term[1] extends '1'
    ? joined<term[3], '*'>
    : `${term[1]}*${joined<term[3], '*'>}`}${term[2] extends '1' ? '' : `/${term[2]}`}${preceded<term[4]>}`;

export function showTerm({ numerator, denominator, over, under }: Term): string {
  const size = numerator < 0n ? -numerator : numerator;
  const factors = [...(over.length > 0 && size === 1n ? [] : [size]), ...over].join('*');
  return `${factors}${denominator === 1n ? '' : `/${denominator}`}${preceded(under)}`;
}

// isWhole :: Term -> true where it is a whole number whatever its symbols are: it divides by nothing
export type isWhole<term extends TermType> = term[2] extends '1' ? (term[4] extends readonly [] ? true : false) : false;

export const isWhole = (term: Term): boolean => term.denominator === 1n && term.under.length === 0;
