/**
 * Index arithmetic. Views are compositions of index maps; what this file simplifies away is what keeps views free:
 * `(i / 10) * 10 + i % 10` is `i` again.
 *
 * Invariant: an index is simplified when made. What is divided is never negative; a sum that may be is only compared or brought into
 * range (`clampIndex`), where u32 arithmetic that wraps around is right.
 */
import { at } from '../at.ts';
import { atomKey, constantIndex, extentOf, type Index, literalProduct, rangeOf, type Term, variable, zero } from './indexing.ts';
import { atMost, equalProducts, isOne, literalOf, one, type Product, quotientOf, times } from './product.ts';

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
