/**
 * Index arithmetic: an index is a sum of variables, quotients and remainders, each times a stride. Views are compositions of
 * such maps; what this file simplifies away is what keeps views free: `(i / 10) * 10 + i % 10` is `i` again.
 *
 * Invariant: an index is simplified when made; equal keys mean equal indices. What is divided is never negative; a sum that
 * may be is only compared or brought into range (`clampIndex`), where u32 arithmetic that wraps around is right.
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

function atomKey(atom: Atom): string {
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
function extentOf(index: Index): Product | undefined {
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
  return recompose(terms.filter(({ factor }) => factor.literal !== 0));
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

interface SplitTerms {
  readonly whole: readonly Term[];
  readonly rest: Index;
}

/** The terms whose stride `by` divides, divided; and the others, if they are certainly not negative together. */
function splitTerms(index: Index, by: Product): SplitTerms {
  const terms = index.terms.flatMap((term) => splitConstant(term, by));
  const whole = terms.flatMap(({ atom, factor }) => {
    const quotient = quotientOf(factor, by);
    return quotient === undefined ? [] : [{ atom, factor: quotient }];
  });
  const rest: Index = { terms: terms.filter(({ factor }) => quotientOf(factor, by) === undefined) };
  const isPositive = rest.terms.every(({ factor }) => factor.literal > 0) || (rangeOf(rest)?.least ?? -1) >= 0;
  return isPositive ? { whole, rest } : { whole: [], rest: index };
}

/** A constant as a multiple of `by` and what is left. */
function splitConstant(term: Term, by: Product): readonly Term[] {
  const [value, divisor] = [literalOf(term.factor), literalOf(by)];
  if (term.atom.kind !== 'unit' || value === undefined || divisor === undefined) return [term];
  const left = value - Math.floor(value / divisor) * divisor;
  return [...constantIndex(value - left).terms, ...constantIndex(left).terms];
}

/** The quotient if `by` divides every term; of negative indices, too. */
export function exactQuotient(index: Index, by: Product): Index | undefined {
  const terms = index.terms.map(({ atom, factor }) => ({ atom, factor: quotientOf(factor, by) }));
  const isExact = (term: (typeof terms)[number]): term is Term => term.factor !== undefined;
  return terms.every(isExact) ? { terms } : undefined;
}

/** The index itself where it is in 0 … `below` - 1; elsewhere any index that is. */
export function clampIndex(index: Index, below: number): Index {
  const range = rangeOf(index);
  if (range !== undefined && range.least >= 0 && range.greatest < below) return index;
  if (below === 1 || (range !== undefined && range.greatest <= 0)) return zero;
  if (range !== undefined && range.least >= below - 1) return constantIndex(below - 1);
  return { terms: [{ atom: { kind: 'clamp', of: index, below: literalProduct(below) }, factor: one }] };
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

/** Several axes under one flat variable. */
export interface FlatAxes {
  readonly size: Product;
  readonly indices: readonly Index[];
}

export function flatAxes(name: string, sizes: readonly Product[]): FlatAxes {
  const size = sizes.reduce(times, one);
  return { size, indices: unflatten(variable(name, size), sizes) };
}
