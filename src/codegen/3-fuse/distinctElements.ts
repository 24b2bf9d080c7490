/**
 * How many different elements an index names while its variables run: at least so many, and exactly so many where its terms are digits
 * of one number, or windows that lie side by side. What an instruction computed, as where a gather reads, may be one place each time.
 *
 * Invariant: never more than there are. Terms that hang together, and that no split of their variable into digits takes apart, count
 * as one place.
 */
import { at } from '../at.ts';
import { addIndices, divideIndex, multiplyIndex, remainderIndex } from './indexArithmetic.ts';
import { type Atom, type Index, rangeOf, variable, variablesOf } from './indexing.ts';
import { atMost, isOne, literalOf, one, type Product, quotientOf, times } from './product.ts';

/** So many different values, of 0 … `extent` - 1. */
interface Image {
  readonly count: Product;
  readonly extent: Product;
}

const literal = (value: number): Product => ({ literal: value, symbols: [] });
const nothing: Image = { count: one, extent: one };

export const distinctElements = (index: Index): Product => imageOf(index).count;

function imageOf(index: Index): Image {
  const terms = inDigits(index).terms.filter(({ atom, factor }) => atom.kind !== 'unit' && factor.literal !== 0);
  const alone = terms.filter(({ atom }, i) => {
    const own = variablesIn(atom);
    return atom.kind !== 'result' && !terms.some((other, j) => j !== i && variablesIn(other.atom).some((name) => own.includes(name)));
  });
  return alone
    .map(({ atom, factor }) => ({ image: imageOfAtom(atom), factor: { ...factor, literal: Math.abs(factor.literal) } }))
    .sort((a, b) => (isSmaller(b.factor, a.factor) ? 1 : isSmaller(a.factor, b.factor) ? -1 : 0))
    .reduce<Image>((sum, { image, factor }) => added(sum, image, factor), nothing);
}

/** Symbols count as large. */
const isSmaller = (left: Product, right: Product): boolean =>
  left.symbols.length < right.symbols.length || (left.symbols.length === right.symbols.length && left.literal < right.literal);

const variablesIn = (atom: Atom): readonly string[] => variablesOf({ terms: [{ atom, factor: one }] });

/** The values of a sum: digits, or windows that overlap. */
function added(sum: Image, image: Image, factor: Product): Image {
  const digit: Image = { count: times(sum.count, image.count), extent: times(factor, image.extent) };
  if (atMost(sum.extent, factor)) return digit;
  const [count, extent, more, reach, step] = [sum.count, sum.extent, image.count, image.extent, factor].map(literalOf);
  if (count === undefined || extent === undefined || more === undefined || reach === undefined || step === undefined)
    return { count: atMost(sum.count, image.count) ? image.count : sum.count, extent: digit.extent };
  const whole = extent + step * (reach - 1);
  // without gaps, or as many as the sums of any two sets have at least
  return { count: literal(count === extent && more === reach ? whole : count + more - 1), extent: literal(whole) };
}

function imageOfAtom(atom: Atom): Image {
  if (atom.kind === 'variable' || atom.kind === 'result') return { count: atom.size, extent: atom.size };
  if (atom.kind === 'unit') return nothing;
  const image = imageOf(atom.of);
  const isWhole = quotientOf(image.count, image.extent) !== undefined;
  if (atom.kind === 'clamp') {
    const [range, below] = [rangeOf(atom.of), literalOf(atom.below)];
    if (!isWhole || range === undefined || below === undefined) return { count: one, extent: atom.below };
    const inside = Math.min(range.greatest, below - 1) - Math.max(range.least, 0) + 1;
    return { count: literal(Math.max(1, inside)), extent: atom.below };
  }
  if (!isWhole) return { count: one, extent: atom.kind === 'remainder' ? atom.by : image.extent };
  if (atom.kind === 'remainder') {
    const count = atMost(atom.by, image.extent) ? atom.by : atMost(image.extent, atom.by) ? image.extent : one;
    return { count, extent: atom.by };
  }
  const [extent, by] = [literalOf(image.extent), literalOf(atom.by)];
  const parts = extent === undefined || by === undefined ? quotientOf(image.extent, atom.by) : literal(Math.ceil(extent / by));
  return parts === undefined ? { count: one, extent: image.extent } : { count: parts, extent: parts };
}

/** With each variable that quotients and remainders take apart as a sum of digits, so that they are digits. */
function inDigits(index: Index): Index {
  const divisors = new Map<string, { readonly size: Product; readonly by: Product[] }>();
  collectDivisors(index, divisors);
  const digits = new Map<string, Index>();
  for (const [name, { size, by }] of divisors) {
    const split = digitsOf(name, size, by);
    if (split !== undefined) digits.set(name, split);
  }
  return digits.size === 0 ? index : substituted(index, digits);
}

function collectDivisors(index: Index, into: Map<string, { readonly size: Product; readonly by: Product[] }>): void {
  for (const { atom } of index.terms) {
    if (atom.kind === 'clamp') collectDivisors(atom.of, into);
    if (atom.kind !== 'quotient' && atom.kind !== 'remainder') continue;
    const [only, ...others] = atom.of.terms;
    const of = only?.atom;
    const isAlone = others.length === 0 && only !== undefined && isOne(only.factor);
    const inner = isAlone && of?.kind === 'quotient' ? of : undefined;
    const base = inner === undefined ? of : inner.of.terms.length === 1 ? inner.of.terms[0]?.atom : undefined;
    if (isAlone && base?.kind === 'variable') {
      const found = into.get(base.name) ?? { size: base.size, by: [] };
      into.set(base.name, found);
      found.by.push(...(inner === undefined ? [atom.by] : [inner.by, times(inner.by, atom.by)]));
    } else collectDivisors(atom.of, into);
  }
}

/** Undefined unless each divisor divides the next, and the last the size. */
function digitsOf(name: string, size: Product, by: readonly Product[]): Index | undefined {
  const bounds = [one, ...by.toSorted((a, b) => (isSmaller(a, b) ? -1 : 1)), size];
  let index: Index = { terms: [] };
  for (const [i, bound] of bounds.slice(1).entries()) {
    const stride = at(bounds, i);
    const count = quotientOf(bound, stride);
    if (count === undefined) return undefined;
    index = addIndices(index, multiplyIndex(variable(`${name}.${i}`, count), stride));
  }
  return index;
}

function substituted({ terms }: Index, digits: ReadonlyMap<string, Index>): Index {
  const parts = terms.map(({ atom, factor }): Index => {
    if (atom.kind === 'variable') return multiplyIndex(digits.get(atom.name) ?? { terms: [{ atom, factor: one }] }, factor);
    if (atom.kind === 'quotient') return multiplyIndex(divideIndex(substituted(atom.of, digits), atom.by), factor);
    if (atom.kind === 'remainder') return multiplyIndex(remainderIndex(substituted(atom.of, digits), atom.by), factor);
    const of = atom.kind === 'clamp' ? { ...atom, of: substituted(atom.of, digits) } : atom;
    return { terms: [{ atom: of, factor }] };
  });
  return addIndices(...parts);
}
