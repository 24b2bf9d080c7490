/**
 * Size texts with other sizes in them, and expressions as texts: the parts of size arithmetic that a run does not need.
 *
 * Invariant: results are in normal form.
 */
import type { Size } from './sizeExpression.ts';
import { inverse } from './term.ts';
import { negated, parse, plus, show, type Terms, times } from './terms.ts';

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
