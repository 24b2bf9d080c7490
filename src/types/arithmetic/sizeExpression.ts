/**
 * Size texts as expressions: what programs carry, and what a run evaluates.
 *
 * Invariant: products come before quotients, so that whole numbers stay whole as long as they can.
 */
import { inverse, type Term } from './term.ts';
import { negated, parse, plus, show, type Terms, times } from './terms.ts';

/** A size that may be unknown until run time: a number, the name of a symbolic axis, or arithmetic over sizes. */
export type Size =
  | number
  | string
  | { readonly op: 'add' | 'subtract' | 'multiply' | 'divide' | 'ceilDivide'; readonly left: Size; readonly right: Size };

const product = (factors: readonly Size[]): Size | undefined =>
  factors.reduce<Size | undefined>((left, right) => (left === undefined ? right : { op: 'multiply', left, right }), undefined);

function termSize({ numerator, denominator, over, under }: Term): Size {
  const size = numerator < 0n ? -numerator : numerator;
  const left = product([...(size === 1n && over.length > 0 ? [] : [Number(size)]), ...over]) ?? 1;
  const right = product([...(denominator === 1n ? [] : [Number(denominator)]), ...under]);
  return right === undefined ? left : { op: 'divide', left, right };
}

/** `'2*batch+1'` as an expression; a text without arithmetic as a number or a symbol. */
export function sizeExpression(text: string): Size {
  if (/^\d/.test(text) && !/[*/+-]/.test(text)) return Number(text);
  if (!/[*/+-]/.test(text)) return text;
  const terms = parse(text);
  const ordered = [...terms.filter(({ numerator }) => numerator > 0n), ...terms.filter(({ numerator }) => numerator < 0n)];
  const [first, ...others] = ordered;
  if (first === undefined) return 0;
  const start: Size = first.numerator > 0n ? termSize(first) : { op: 'subtract', left: 0, right: termSize(first) };
  return others.reduce<Size>((left, term) => ({ op: term.numerator > 0n ? 'add' : 'subtract', left, right: termSize(term) }), start);
}

/** An expression as a size text in normal form: the inverse of `sizeExpression`. Undefined where it rounds, or divides by a sum. */
export function sizeText(size: Size): string | undefined {
  const terms = termsOf(size);
  return terms && show(terms);
}

function termsOf(size: Size): Terms | undefined {
  if (typeof size !== 'object') return plus([], parse(`${size}`));
  const [left, right] = [termsOf(size.left), termsOf(size.right)];
  if (left === undefined || right === undefined) return undefined;
  switch (size.op) {
    case 'add':
      return plus(left, right);
    case 'subtract':
      return plus(left, negated(right));
    case 'multiply':
      return times(left, right);
    case 'divide':
      return right.length === 1 ? times(left, right.map(inverse)) : undefined;
    case 'ceilDivide':
      return undefined;
  }
}

/** A size with other sizes in the place of its symbols, in normal form. `sizeFor` gives undefined for symbols that stay. */
export function substituteSizes(text: string, sizeFor: (symbol: string) => string | undefined): string {
  const factor = (symbol: string): Terms => parse(sizeFor(symbol) ?? symbol);
  const terms = parse(text).flatMap(({ numerator, denominator, over, under }) => {
    const fraction: Terms = [{ numerator, denominator, over: [], under: [] }];
    // A sum cannot be divided by: then the symbol stays.
    const divisor = (symbol: string): Terms => (factor(symbol).length === 1 ? factor(symbol) : parse(symbol)).map(inverse);
    return under.map(divisor).reduce(times, over.map(factor).reduce(times, fraction));
  });
  return show(plus([], terms));
}
