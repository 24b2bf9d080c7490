/**
 * Sizes as products: a number times symbolic axes. Shapes, strides and element counts are products, and on products it can
 * be decided what index arithmetic needs: equality and exact quotients.
 *
 * A size that is no product, `batch+1` or `d/heads`, is one symbol whose name is its text. Where a quotient meets its
 * divisor they become the dividend again, so that heads * (d / heads) is d.
 *
 * Invariant: symbols are sorted, so equal products have equal keys.
 */
import { sizeExpression } from '../../types/arithmetic/sizeExpression.ts';
import type { Term } from '../../types/arithmetic/term.ts';
import { parse } from '../../types/arithmetic/terms.ts';
import { type Dim, type Size, sizeTextOf } from '../../types/dim.ts';
import { multiplySizes } from '../../types/size.ts';

export interface Product {
  readonly literal: number;
  readonly symbols: readonly string[];
}

export const one: Product = { literal: 1, symbols: [] };

export function productOf(dims: readonly Dim[]): Product {
  return dims.map(productOfDim).reduce(times, one);
}

function productOfDim(dim: Dim): Product {
  const text = sizeTextOf(dim);
  const [term, ...others] = parse(text);
  const isProduct = term !== undefined && others.length === 0 && term.denominator === 1n && term.under.length === 0;
  return isProduct ? { literal: Number(term.numerator), symbols: term.over } : { literal: 1, symbols: [text] };
}

/** The term of a symbol that is a quotient. */
function quotientTerm(symbol: string): Term | undefined {
  if (!symbol.includes('/')) return undefined;
  const [term, ...others] = parse(symbol);
  return others.length === 0 ? term : undefined;
}

/** The symbols without some of them; undefined unless all of those are there. */
function without(symbols: readonly string[], some: readonly string[]): readonly string[] | undefined {
  const rest = [...symbols];
  for (const symbol of some) {
    const at = rest.indexOf(symbol);
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return rest;
}

export function times(left: Product, right: Product): Product {
  return joined({ literal: left.literal * right.literal, symbols: [...left.symbols, ...right.symbols].sort() });
}

/** `(d/heads) * heads` as `d`. */
function joined(product: Product): Product {
  for (const symbol of product.symbols) {
    const term = quotientTerm(symbol);
    if (term === undefined || product.literal % Number(term.denominator) !== 0) continue;
    const rest = without(product.symbols, [symbol, ...term.under]);
    if (rest === undefined) continue;
    const literal = (product.literal / Number(term.denominator)) * Number(term.numerator);
    return joined({ literal, symbols: [...rest, ...term.over].sort() });
  }
  return product;
}

/** `d` as `heads * (d/heads)`, for each quotient among `by` that the product does not have. */
function split(product: Product, by: readonly string[]): Product {
  return by.reduce((whole, symbol) => {
    const term = whole.symbols.includes(symbol) ? undefined : quotientTerm(symbol);
    const rest = term === undefined ? undefined : without(whole.symbols, term.over);
    if (term === undefined || rest === undefined || whole.literal % Number(term.numerator) !== 0) return whole;
    return {
      literal: (whole.literal / Number(term.numerator)) * Number(term.denominator),
      symbols: [...rest, ...term.under, symbol].sort(),
    };
  }, product);
}

/** `left / right` if that is a product, else undefined. */
export function quotientOf(left: Product, right: Product): Product | undefined {
  const whole = split(left, right.symbols);
  const symbols = without(whole.symbols, right.symbols);
  if (symbols === undefined || whole.literal % right.literal !== 0) return undefined;
  return joined({ literal: whole.literal / right.literal, symbols });
}

export function productKey({ literal, symbols }: Product): string {
  return [...(literal === 1 && symbols.length > 0 ? [] : [literal]), ...symbols].join('*');
}

export const equalProducts = (left: Product, right: Product): boolean => productKey(left) === productKey(right);
export const isOne = ({ literal, symbols }: Product): boolean => literal === 1 && symbols.length === 0;

/** The number, if no symbol is in it. */
export function literalOf({ literal, symbols }: Product): number | undefined {
  return symbols.length === 0 ? literal : undefined;
}

/** Certainly `left <= right`, symbols being at least 1. */
export function atMost(left: Product, right: Product): boolean {
  const whole = split(right, left.symbols);
  return without(whole.symbols, left.symbols) !== undefined && left.literal <= whole.literal;
}

export function toSize({ literal, symbols }: Product): Size {
  return multiplySizes(...symbols.map(sizeExpression), literal);
}
