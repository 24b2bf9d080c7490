/**
 * Where a view has elements of its operand and where it has a number of its own: what `pad` and `unskew` add to index maps.
 *
 * Invariant: conditions hold exactly where the element is the operand's; the index beside them is in range everywhere, so that
 * a kernel loads first and chooses after. Conditions are u32 arithmetic: what is negative wraps around and is not below.
 */
import { addIndices, clampIndex, divideIndex, exactQuotient, remainderIndex } from './indexArithmetic.ts';
import { constantIndex, type Index, indexKey, literalProduct, rangeOf, variablesOf, zero } from './indexing.ts';
import { type Product, productKey } from './product.ts';

export type Condition =
  | { readonly kind: 'below'; readonly of: Index; readonly bound: Product }
  | { readonly kind: 'zero'; readonly of: Index };

/** All conditions hold, or the element is `outside`. */
export interface Mask {
  readonly conditions: readonly Condition[];
  readonly outside: number;
}

export function maskKey({ conditions, outside }: Mask): string {
  const texts = conditions.map((one) =>
    one.kind === 'zero' ? `${indexKey(one.of)} = 0` : `${indexKey(one.of)} < ${productKey(one.bound)}`,
  );
  return `${texts.join(' and ')} else ${Object.is(outside, -0) ? '-0' : outside}`;
}

export function maskVariables({ conditions }: Mask): readonly string[] {
  return conditions.flatMap(({ of }) => variablesOf(of));
}

/** Masks from the outermost view in; neighbours with one number become one. */
export function addMask(masks: readonly Mask[], inner: Mask): readonly Mask[] {
  if (inner.conditions.length === 0) return masks;
  const last = masks.at(-1);
  if (last === undefined || !Object.is(last.outside, inner.outside)) return [...masks, inner];
  return [...masks.slice(0, -1), { conditions: [...last.conditions, ...inner.conditions], outside: last.outside }];
}

export interface Masked {
  readonly index: Index;
  readonly conditions: readonly Condition[];
}

/** `of / step`, where that is whole and one of 0 … `count` - 1. `of` may be negative. */
export function strided(of: Index, step: number, count: number): Masked {
  const exact = exactQuotient(of, literalProduct(step));
  if (exact !== undefined) return { index: clampIndex(exact, count), conditions: below(exact, count) };
  const reach = (count - 1) * step + 1;
  const inside = clampIndex(of, reach);
  return { index: divideIndex(inside, literalProduct(step)), conditions: [...below(of, reach), ...divisible(of, inside, step)] };
}

function below(of: Index, bound: number): readonly Condition[] {
  const range = rangeOf(of);
  if (range !== undefined && range.least >= 0 && range.greatest < bound) return [];
  const isNever = range !== undefined && (range.greatest < 0 || range.least >= bound);
  return [isNever ? { kind: 'below', of: zero, bound: literalProduct(0) } : { kind: 'below', of, bound: literalProduct(bound) }];
}

/** The remainder is taken of something that is not negative: `of` and a multiple of the step, or what it is where it is in range. */
function divisible(of: Index, inside: Index, step: number): readonly Condition[] {
  const least = rangeOf(of)?.least;
  const shifted = least === undefined ? inside : addIndices(of, constantIndex(Math.ceil(Math.max(0, -least) / step) * step));
  const remainder = remainderIndex(shifted, literalProduct(step));
  const range = rangeOf(remainder);
  if (range?.greatest === 0) return [];
  return [range !== undefined && range.least > 0 ? { kind: 'below', of: zero, bound: literalProduct(0) } : { kind: 'zero', of: remainder }];
}
