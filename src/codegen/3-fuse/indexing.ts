/**
 * Index arithmetic: an index is a sum of variables, quotients and remainders, each times a stride. Views are compositions of
 * such maps; what this file simplifies away is what keeps views free: `(i / 10) * 10 + i % 10` is `i` again.
 *
 * Invariant: an index is simplified when made; equal keys mean equal indices.
 */
import { at } from '../at.ts';
import { atMost, equalProducts, isOne, literalOf, one, type Product, productKey, quotientOf, times } from './product.ts';

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
  | { readonly kind: 'remainder'; readonly of: Index; readonly by: Product };

export const zero: Index = { terms: [] };

/** Runs over 0 … size - 1. */
export function variable(name: string, size: Product): Index {
  return isOne(size) ? zero : { terms: [{ atom: { kind: 'variable', name, size }, factor: one }] };
}

export function indexKey(index: Index): string {
  const terms = index.terms.map(({ atom, factor }) => (isOne(factor) ? atomKey(atom) : `${atomKey(atom)} * ${productKey(factor)}`));
  return terms.length === 0 ? '0' : terms.sort().join(' + ');
}

function atomKey(atom: Atom): string {
  if (atom.kind === 'variable') return atom.name;
  return `(${indexKey(atom.of)} ${atom.kind === 'quotient' ? '/' : '%'} ${productKey(atom.by)})`;
}

/** The variables that an index depends on. */
export function variablesOf(index: Index): readonly string[] {
  return index.terms.flatMap(({ atom }) => (atom.kind === 'variable' ? [atom.name] : variablesOf(atom.of)));
}

/** A bound that the index is certainly below. */
function extentOf(index: Index): Product | undefined {
  const extents = index.terms.map(({ atom }) => atomExtent(atom));
  const literals = index.terms.map(({ factor }, i) => {
    const [extent, stride] = [extents[i], literalOf(factor)];
    const size = extent === undefined ? undefined : literalOf(extent);
    return size === undefined || stride === undefined ? undefined : (size - 1) * stride;
  });
  if (literals.every((literal) => literal !== undefined)) {
    return { literal: literals.reduce((sum, literal) => sum + literal, 1), symbols: [] };
  }
  return mixedRadixExtent(index.terms, extents);
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
  if (atom.kind === 'variable') return atom.size;
  if (atom.kind === 'remainder') return atom.by;
  const extent = extentOf(atom.of);
  if (extent === undefined) return undefined;
  const [size, by] = [literalOf(extent), literalOf(atom.by)];
  if (size !== undefined && by !== undefined) return { literal: Math.ceil(size / by), symbols: [] };
  return quotientOf(extent, atom.by);
}

export function addIndices(...indices: readonly Index[]): Index {
  const terms: Term[] = [];
  for (const term of indices.flatMap((index) => index.terms)) {
    const same = terms.findIndex(
      (other) => atomKey(other.atom) === atomKey(term.atom) && `${other.factor.symbols}` === `${term.factor.symbols}`,
    );
    if (same < 0) terms.push(term);
    else {
      const { atom, factor } = at(terms, same);
      terms[same] = { atom, factor: { literal: factor.literal + term.factor.literal, symbols: factor.symbols } };
    }
  }
  return recompose(terms);
}

/** `(x / n) * c * n + (x % n) * c` is `x * c`. */
function recompose(terms: readonly Term[]): Index {
  for (const [i, { atom, factor }] of terms.entries()) {
    if (atom.kind !== 'remainder') continue;
    const [whole, ...others] = divideIndex(atom.of, atom.by).terms;
    if (whole === undefined || others.length > 0 || !isOne(whole.factor)) continue;
    const partner = terms.findIndex(
      (term) => atomKey(term.atom) === atomKey(whole.atom) && equalProducts(term.factor, times(factor, atom.by)),
    );
    if (partner < 0) continue;
    const rest = terms.filter((_, j) => j !== i && j !== partner);
    return addIndices({ terms: rest }, multiplyIndex(atom.of, factor));
  }
  return { terms };
}

export function multiplyIndex(index: Index, by: Product): Index {
  return { terms: index.terms.map(({ atom, factor }) => ({ atom, factor: times(factor, by) })) };
}

/** The terms whose stride `by` divides, divided; and the others. */
function splitTerms(index: Index, by: Product): { readonly whole: readonly Term[]; readonly rest: Index } {
  const whole = index.terms.flatMap(({ atom, factor }) => {
    const quotient = quotientOf(factor, by);
    return quotient === undefined ? [] : [{ atom, factor: quotient }];
  });
  return { whole, rest: { terms: index.terms.filter(({ factor }) => quotientOf(factor, by) === undefined) } };
}

const isBelow = (index: Index, bound: Product): boolean => {
  const extent = extentOf(index);
  return extent !== undefined && atMost(extent, bound);
};

export function divideIndex(index: Index, by: Product): Index {
  if (isOne(by)) return index;
  const { whole, rest } = splitTerms(index, by);
  if (isBelow(rest, by)) return { terms: whole };
  const [only, ...others] = rest.terms;
  if (only !== undefined && others.length === 0 && only.atom.kind === 'quotient' && isOne(only.factor)) {
    return addIndices({ terms: whole }, divideIndex(only.atom.of, times(only.atom.by, by)));
  }
  return addIndices({ terms: whole }, { terms: [{ atom: { kind: 'quotient', of: rest, by }, factor: one }] });
}

export function remainderIndex(index: Index, by: Product): Index {
  if (isOne(by)) return zero;
  const { rest } = splitTerms(index, by);
  return isBelow(rest, by) ? rest : { terms: [{ atom: { kind: 'remainder', of: rest, by }, factor: one }] };
}

/** The row-major position of an element. */
export function flatten(indices: readonly Index[], sizes: readonly Product[]): Index {
  let stride = one;
  const parts: Index[] = [];
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    parts.unshift(multiplyIndex(at(indices, axis), stride));
    stride = times(stride, at(sizes, axis));
  }
  return addIndices(...parts);
}

/** One index an axis, from a row-major position. */
export function unflatten(position: Index, sizes: readonly Product[]): readonly Index[] {
  let rest = position;
  const indices: Index[] = [];
  const outermost = sizes.findIndex((size) => !isOne(size));
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const size = at(sizes, axis);
    indices.unshift(isOne(size) ? zero : axis === outermost ? rest : remainderIndex(rest, size));
    rest = divideIndex(rest, size);
  }
  return indices;
}
