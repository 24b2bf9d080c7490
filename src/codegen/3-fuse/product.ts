/**
 * Sizes as products: a number times symbolic axes. Shapes, strides and element counts are products, and on products it can
 * be decided what index arithmetic needs: equality and exact quotients.
 *
 * Invariant: symbols are sorted, so equal products have equal keys.
 */
import { type Dim, type Size, sizeOf } from '../../types/dim.ts';
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
  const size = sizeOf(dim);
  return typeof size === 'number' ? { literal: size, symbols: [] } : { literal: 1, symbols: [size] };
}

export function times(left: Product, right: Product): Product {
  return { literal: left.literal * right.literal, symbols: [...left.symbols, ...right.symbols].sort() };
}

/** `left / right` if that is a product, else undefined. */
export function quotientOf(left: Product, right: Product): Product | undefined {
  if (left.literal % right.literal !== 0) return undefined;
  const symbols = [...left.symbols];
  for (const symbol of right.symbols) {
    const at = symbols.indexOf(symbol);
    if (at < 0) return undefined;
    symbols.splice(at, 1);
  }
  return { literal: left.literal / right.literal, symbols };
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
  const rest = [...right.symbols];
  for (const symbol of left.symbols) {
    const at = rest.indexOf(symbol);
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return left.literal <= right.literal;
}

export function toSize({ literal, symbols }: Product): Size {
  return multiplySizes(...symbols, literal);
}
