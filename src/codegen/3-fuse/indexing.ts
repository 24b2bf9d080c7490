/**
 * What an index is: a sum of variables, quotients and remainders, each times a stride; and what is known of one without computing
 * it: its variables, what it lies between, and whether it is another.
 *
 * Invariant: equal keys mean equal indices, which are made simple: indexArithmetic.ts.
 */
import { at } from '../at.ts';
import { isOne, literalOf, one, type Product, productKey, quotientOf, times } from './product.ts';

export interface Index {
  readonly terms: readonly Term[];
}

export interface Term {
  readonly atom: Atom;
  readonly factor: Product;
}

export type Atom =
  | { readonly kind: 'variable'; readonly name: string; readonly size: Product }
  | { readonly kind: 'quotient'; readonly of: Index; readonly by: Product }
  | { readonly kind: 'remainder'; readonly of: Index; readonly by: Product }
  /** 1, so that a constant is a term like others. */
  | { readonly kind: 'unit' }
  /** Brought into 0 … `below` - 1; what is less than 0 to any of these. */
  | { readonly kind: 'clamp'; readonly of: Index; readonly below: Product }
  /** What an instruction computed, below `size`; known where `variables` are. */
  | { readonly kind: 'result'; readonly result: number; readonly size: Product; readonly variables: readonly string[] };

export const zero: Index = { terms: [] };

/** A factor or a bound that is a number: any whole one, where a dim is at least 1. */
export const literalProduct = (value: number): Product => ({ literal: value, symbols: [] });

/** Runs over 0 … size - 1. */
export function variable(name: string, size: Product): Index {
  return isOne(size) ? zero : { terms: [{ atom: { kind: 'variable', name, size }, factor: one }] };
}

/** Always the same, and negative if need be. */
export function constantIndex(value: number): Index {
  return value === 0 ? zero : { terms: [{ atom: { kind: 'unit' }, factor: literalProduct(value) }] };
}

export function resultIndex(result: number, size: Product, variables: readonly string[]): Index {
  return isOne(size) ? zero : { terms: [{ atom: { kind: 'result', result, size, variables }, factor: one }] };
}

export function indexKey(index: Index): string {
  return index.terms.length === 0 ? '0' : index.terms.map(termKey).sort().join(' + ');
}

function termKey({ atom, factor }: Term): string {
  if (atom.kind === 'unit') return productKey(factor);
  return isOne(factor) ? atomKey(atom) : `${atomKey(atom)} * ${productKey(factor)}`;
}

export function atomKey(atom: Atom): string {
  if (atom.kind === 'variable') return atom.name;
  if (atom.kind === 'unit') return '1';
  if (atom.kind === 'result') return `v${atom.result}`;
  if (atom.kind === 'clamp') return `clamp(${indexKey(atom.of)}, ${productKey(atom.below)})`;
  return `(${indexKey(atom.of)} ${atom.kind === 'quotient' ? '/' : '%'} ${productKey(atom.by)})`;
}

/** The variables that an index depends on. */
export function variablesOf(index: Index): readonly string[] {
  return index.terms.flatMap(({ atom }) => {
    if (atom.kind === 'variable') return [atom.name];
    if (atom.kind === 'result') return atom.variables;
    return atom.kind === 'unit' ? [] : variablesOf(atom.of);
  });
}

export interface Range {
  readonly least: number;
  readonly greatest: number;
}

/** What an index certainly lies between, if that is known in numbers. */
export function rangeOf(index: Index): Range | undefined {
  let range: Range = { least: 0, greatest: 0 };
  for (const { atom, factor } of index.terms) {
    const [extent, stride] = [atomExtent(atom), literalOf(factor)];
    const size = extent === undefined ? undefined : literalOf(extent);
    if (size === undefined || stride === undefined) return undefined;
    const [first, last] = [atom.kind === 'unit' ? stride : 0, (size - 1) * stride];
    range = { least: range.least + Math.min(first, last), greatest: range.greatest + Math.max(first, last) };
  }
  return range;
}

/** A bound that the index is certainly below; undefined also if it may be negative. */
export function extentOf(index: Index): Product | undefined {
  const range = rangeOf(index);
  if (range !== undefined) return range.least < 0 ? undefined : literalProduct(range.greatest + 1);
  if (!index.terms.every(({ atom, factor }) => atom.kind !== 'unit' && factor.literal > 0)) return undefined;
  return mixedRadixExtent(
    index.terms,
    index.terms.map(({ atom }) => atomExtent(atom)),
  );
}

/** Strides that each divide the next bound the sum like digits of a number. */
function mixedRadixExtent(terms: readonly Term[], extents: readonly (Product | undefined)[]): Product | undefined {
  let rest = terms.map((_, i) => i);
  let extent = one;
  while (rest.length > 0) {
    const next = rest.find((i) => rest.every((j) => quotientOf(at(terms, j).factor, at(terms, i).factor) !== undefined));
    if (next === undefined) return undefined;
    const [{ factor }, size] = [at(terms, next), extents[next]];
    if (size === undefined || quotientOf(factor, extent) === undefined) return undefined;
    extent = times(factor, size);
    rest = rest.filter((i) => i !== next);
  }
  return extent;
}

function atomExtent(atom: Atom): Product | undefined {
  if (atom.kind === 'variable' || atom.kind === 'result') return atom.size;
  if (atom.kind === 'clamp') return atom.below;
  if (atom.kind === 'unit') return literalProduct(2);
  if (atom.kind === 'remainder') return atom.by;
  const extent = extentOf(atom.of);
  if (extent === undefined) return undefined;
  const [size, by] = [literalOf(extent), literalOf(atom.by)];
  if (size !== undefined && by !== undefined) return literalProduct(Math.ceil(size / by));
  return quotientOf(extent, atom.by);
}
