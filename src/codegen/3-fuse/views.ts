/**
 * Views as index maps: where an element of a permute, reshape or broadcast lies in its operand.
 *
 * Invariant: following views never loses an element: the indices given run over the view's shape, those returned stay in the operand's.
 */
import { isPrimitive } from '../../graph/build.ts';
import type { Value } from '../../graph/value.ts';
import { sizeOf } from '../../types/dim.ts';
import { at } from '../at.ts';
import { flatten, type Index, unflatten, zero } from './indexing.ts';
import { type Product, productOf } from './product.ts';

export const sizesOf = (value: Value): readonly Product[] => value.shape.map((dim) => productOf([dim]));

export function isView(value: Value): boolean {
  return value.primitive === 'permute' || value.primitive === 'reshape' || value.primitive === 'broadcast';
}

/** What a chain of views looks at. */
export function baseOf(value: Value): Value {
  let base = value;
  while (isView(base)) base = at(base.operands, 0);
  return base;
}

export interface Located {
  readonly value: Value;
  readonly indices: readonly Index[];
}

/** The element of the base that the element of `value` at `indices` is. */
export function locate(value: Value, indices: readonly Index[]): Located {
  let located: Located = { value, indices };
  for (let next = through(located); next !== undefined; next = through(located)) located = next;
  return located;
}

function through({ value, indices }: Located): Located | undefined {
  if (isPrimitive(value, 'permute')) {
    const { order } = value.params;
    return { value: at(value.operands, 0), indices: order.map((_, axis) => at(indices, order.indexOf(axis))) };
  }
  if (isPrimitive(value, 'reshape')) {
    const operand = at(value.operands, 0);
    return { value: operand, indices: unflatten(flatten(indices, sizesOf(value)), sizesOf(operand)) };
  }
  if (isPrimitive(value, 'broadcast')) {
    const operand = at(value.operands, 0);
    const { axes } = value.params;
    return { value: operand, indices: operand.shape.map((dim, j) => (sizeOf(dim) === 1 ? zero : at(indices, at(axes, j)))) };
  }
  return undefined;
}
