/**
 * A dim is one entry of a shape, a literal: `3` (anonymous, sized), `'in=2'` (named and sized), `'batch'` (named, its size
 * known only at run time) or `'row=batch'` (named, with the size of batch). Sizes may be computed from others: `'2*batch'`,
 * `'headDim=d/heads'`. Two dims match only if they are the same literal.
 *
 * Invariant: each type function stands beside the value function of the same name, with the same branches; a dim's size is
 * in normal form (`arithmetic/sizes.ts`), so that equal sizes are equal texts.
 */
import { type Size, sizeExpression } from './arithmetic/sizeExpression.ts';

/** One entry of a shape: `3`, a size; `'in=2'`, a name with its size; `'batch'`, a name whose size is known only at run time. */
export type Dim = number | string;
export type { Size } from './arithmetic/sizeExpression.ts';

/** A text with arithmetic in it; as a dim without `=` it has no name. */
export type Computed = `${string}${'*' | '/' | '+' | '-'}${string}`;

export const isComputed = (text: string): boolean => /[*/+-]/.test(text);

// nameOf :: Dim -> name | never      'in=2' -> 'in', 'batch' -> 'batch', 'row=batch' -> 'row', 3 -> never, '2*batch' -> never
export type nameOf<dim> = dim extends `${infer name}=${string}` ? name : dim extends string ? (dim extends Computed ? never : dim) : never;

export function nameOf(dim: Dim): string | undefined {
  if (typeof dim === 'number') return undefined;
  const at = dim.indexOf('=');
  if (at >= 0) return dim.slice(0, at);
  return isComputed(dim) ? undefined : dim;
}

// sizeOf :: Dim -> number      'in=2' -> 2, 3 -> 3, 'batch' -> number (known at run time)
export type sizeOf<dim> = dim extends number ? dim : dim extends `${string}=${infer size extends number}` ? size : number;

/** The size of a dim: a number, the symbol that stands for it until run time, or arithmetic over symbols. */
export function sizeOf(dim: Dim): Size {
  return typeof dim === 'number' ? dim : sizeExpression(sizeTextOf(dim));
}

// sizeTextOf :: Dim -> text      'in=2' -> '2', 3 -> '3', 'batch' -> 'batch', 'headDim=d/heads' -> 'd/heads'
export type sizeTextOf<dim> = dim extends number
  ? `${dim}`
  : dim extends `${string}=${infer size}`
    ? size
    : dim extends string
      ? dim
      : never;

export function sizeTextOf(dim: Dim): string {
  if (typeof dim === 'number') return `${dim}`;
  return dim.slice(dim.indexOf('=') + 1);
}

// symbolOf :: Dim -> its size if that is one symbol, or never      'batch' -> 'batch', 'row=batch' -> 'batch', 'in=2' -> never, '2*batch' -> never
export type symbolOf<dim> =
  sizeTextOf<dim> extends infer size extends string ? (size extends `${bigint}` | Computed ? never : size) : never;

export function symbolOf(dim: Dim): string | undefined {
  const size = sizeTextOf(dim);
  return /^\d/.test(size) || isComputed(size) ? undefined : size;
}

// dimOf :: (size text, name | '') -> Dim      '64' -> 64, ('64', 'in') -> 'in=64', ('batch', 'row') -> 'row=batch', ('batch', 'batch') -> 'batch'
export type dimOf<size extends string, name extends string = ''> = name extends ''
  ? size extends `${infer whole extends number}`
    ? whole
    : size
  : size extends name
    ? name
    : `${name}=${size}`;

export function dimOf(size: string, name = ''): Dim {
  if (name === '') return /^\d+$/.test(size) ? Number(size) : size;
  return size === name ? name : `${name}=${size}`;
}
