/**
 * Views as index maps: where an element of a view lies in its operand, and under which conditions it lies there at all.
 *
 * Invariant: following views never loses an element: the indices given run over the view's shape, those returned stay in the operand's.
 */
import { isPrimitive } from '../../graph/build.ts';
import type { Primitive } from '../../graph/primitive.ts';
import type { Value } from '../../graph/value.ts';
import { sizeOf } from '../../types/dim.ts';
import { at } from '../at.ts';
import { addIndices, flatten, multiplyIndex, unflatten } from './indexArithmetic.ts';
import { constantIndex, type Index, literalProduct, variable, zero } from './indexing.ts';
import { addMask, type Mask, type Masked, strided } from './masks.ts';
import { literalOf, type Product, productOf } from './product.ts';

export const sizesOf = (value: Value): readonly Product[] => value.shape.map((dim) => productOf([dim]));

const views: ReadonlySet<Primitive> = new Set(['permute', 'reshape', 'broadcast', 'slice', 'pad', 'skew', 'unskew', 'gather', 'after']);

export function isView(value: Value): boolean {
  return views.has(value.primitive);
}

/** What a chain of views looks at. */
export function baseOf(value: Value): Value {
  let base = value;
  while (isView(base)) base = at(base.operands, 0);
  return base;
}

/** All that a chain of views reads: its base, and those of the indices that it gathers by. */
export function basesOf(value: Value): readonly Value[] {
  const indices: Value[] = [];
  let base = value;
  for (; isView(base); base = at(base.operands, 0)) if (base.primitive === 'gather') indices.push(...base.operands.slice(1));
  return [base, ...indices.flatMap(basesOf)];
}

/** What must be computed before a chain of views may be read, although nothing of it is read. */
export function awaitedBy(value: Value): readonly Value[] {
  const awaited: Value[] = [];
  for (let view = value; isView(view); view = at(view.operands, 0)) {
    if (view.primitive === 'after') awaited.push(...view.operands.slice(1));
    else awaited.push(...view.operands.slice(1).flatMap(awaitedBy));
  }
  return awaited;
}

export interface Located {
  readonly value: Value;
  readonly indices: readonly Index[];
  /** From the outermost view in. */
  readonly masks: readonly Mask[];
}

/** The element of `indices` at `position`, brought into 0 … `size` - 1, as an index. */
export type ReadIndex = (indices: Value, position: readonly Index[], size: Product) => Index;

/** The element of the base that the element of `value` at `indices` is. */
export function locate(value: Value, indices: readonly Index[], readIndex: ReadIndex): Located {
  let located: Located = { value, indices, masks: [] };
  for (let next = through(located, readIndex); next !== undefined; next = through(located, readIndex)) located = next;
  return located;
}

/** Every element that is read for one of `value`: the base's, and those of indices. Indices that these give have a name no variable has. */
export function readsOf(value: Value, indices: readonly Index[]): readonly Located[] {
  const reads: Located[] = [];
  const located = locate(value, indices, (by, position, size) => {
    reads.push(...readsOf(by, position));
    return variable('?', size);
  });
  return [located, ...reads];
}

function through({ value, indices, masks }: Located, readIndex: ReadIndex): Located | undefined {
  const operand = value.operands[0];
  if (operand === undefined || !isView(value)) return undefined;
  if (isPrimitive(value, 'after')) return { value: operand, masks, indices };
  if (isPrimitive(value, 'permute')) {
    const { order } = value.params;
    return { value: operand, masks, indices: order.map((_, axis) => at(indices, order.indexOf(axis))) };
  }
  if (isPrimitive(value, 'reshape')) {
    return { value: operand, masks, indices: unflatten(flatten(indices, sizesOf(value)), sizesOf(operand)) };
  }
  if (isPrimitive(value, 'broadcast')) {
    const { axes } = value.params;
    return { value: operand, masks, indices: operand.shape.map((dim, j) => (sizeOf(dim) === 1 ? zero : at(indices, at(axes, j)))) };
  }
  if (isPrimitive(value, 'slice')) {
    const { starts, strides } = value.params;
    const moved = indices.map((index, axis) => addIndices(constantIndex(at(starts, axis)), scaled(index, at(strides, axis))));
    return { value: operand, masks, indices: moved };
  }
  if (isPrimitive(value, 'pad')) return throughPad(value, operand, indices, masks);
  if (isPrimitive(value, 'skew')) {
    const { axis, window, stride, dilation } = value.params;
    const moved = addIndices(scaled(at(indices, axis), stride), scaled(at(indices, window), dilation));
    return { value: operand, masks, indices: indices.with(axis, moved) };
  }
  if (isPrimitive(value, 'unskew')) {
    const { axis, window, stride, dilation } = value.params;
    const from = addIndices(at(indices, axis), scaled(at(indices, window), -dilation));
    const { index, conditions } = strided(from, stride, literalSize(operand, axis));
    return { value: operand, masks: addMask(masks, { conditions, outside: 0 }), indices: indices.with(axis, index) };
  }
  if (isPrimitive(value, 'gather')) {
    const [by, { axis }] = [at(value.operands, 1), value.params];
    const rank = by.shape.length;
    const read = readIndex(by, indices.slice(axis, axis + rank), at(sizesOf(operand), axis));
    return { value: operand, masks, indices: indices.toSpliced(axis, rank, read) };
  }
  return undefined;
}

const scaled = (index: Index, by: number): Index => multiplyIndex(index, literalProduct(by));

function throughPad({ params }: Value<'pad'>, operand: Value, indices: readonly Index[], masks: readonly Mask[]): Located {
  const { low, high, interior, value } = params;
  const moved = indices.map((index, axis): Masked => {
    const [before, step] = [at(low, axis), at(interior, axis) + 1];
    if (before === 0 && at(high, axis) === 0 && step === 1) return { index, conditions: [] };
    return strided(addIndices(index, constantIndex(-before)), step, literalSize(operand, axis));
  });
  const conditions = moved.flatMap((one) => one.conditions);
  return { value: operand, masks: addMask(masks, { conditions, outside: value }), indices: moved.map(({ index }) => index) };
}

function literalSize(value: Value, axis: number): number {
  const size = literalOf(at(sizesOf(value), axis));
  if (size === undefined) throw new Error(`internal: axis ${axis} of a ${value.primitive} is symbolic`);
  return size;
}
