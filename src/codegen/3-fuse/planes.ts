/**
 * A plane is what a product and the element-wise values made of it span: rows by columns, larger than what it is made from.
 * If only reductions along its rows or columns and further products read it, it need not be stored: each kernel that reads it
 * computes it again, tile by tile. So attention stores row statistics and never the scores, forward and backward; so does
 * whatever else reduces the rows of a product.
 *
 * A plane is left alone if no reduction reads it but sums that ride along in a product's kernel: so it costs one store, in the
 * epilogue of its product, and no kernel that goes over it again.
 * Invariant: every use of a plane's values is a member, a streamed reduction, or a product over its rows or columns.
 * Source: Dao et al., FlashAttention, 2022; Rabe and Staats, Self-attention does not need O(n^2) memory, 2021.
 */
import { isPrimitive } from '../../graph/build.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { isPointwise } from '../pointwise.ts';
import { isReduction } from './alignReductions.ts';
import { isBetterStored } from './planeCost.ts';
import { atMost, equalProducts, literalOf, type Product, productOf, times } from './product.ts';
import { sizesOf } from './views.ts';

export type Side = 'left' | 'right';
/** Which axes of a plane a kernel's rows are; it streams over the others. */
export type Direction = 'rows' | 'columns';

export interface Plane {
  /** Products and what is made of them, operands first. */
  readonly values: ReadonlySet<Value>;
  readonly products: readonly Value<'contract'>[];
  readonly batch: readonly number[];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** A product that streams over a plane: the factor on `side` is a value of it. */
export interface Stream {
  readonly plane: Plane;
  readonly side: Side;
  readonly direction: Direction;
}

export interface Planes {
  readonly planeOf: ReadonlyMap<Value, Plane>;
  readonly products: ReadonlyMap<Value<'contract'>, Stream>;
  readonly reductions: ReadonlyMap<Value, { readonly plane: Plane; readonly direction: Direction }>;
}

/** The most multiply-adds that an element of a plane may cost, and the most columns of a product of it: they are in registers. */
const longest = 128;

interface Candidate {
  readonly values: Set<Value>;
  readonly batch: number;
  readonly rows: number;
  readonly shape: readonly Product[];
  isRefused: boolean;
}

/** `refused`: values that must not be part of a plane. */
export function findPlanes(graph: Graph, order: readonly Value[], refused: ReadonlySet<Value>): Planes {
  const users = new Map<Value, Value[]>();
  for (const value of order) for (const operand of new Set(value.operands)) users.set(operand, [...(users.get(operand) ?? []), value]);
  const outputs = new Set(graph.outputs);
  const home = new Map<Value, Candidate>();

  const merge = (into: Candidate, from: Candidate): void => {
    if (into === from) return;
    into.isRefused ||= from.isRefused || from.batch !== into.batch || from.rows !== into.rows;
    for (const value of from.values) {
      into.values.add(value);
      home.set(value, into);
    }
  };
  for (const value of order) {
    if (isPrimitive(value, 'contract') && isProductOfPlane(value)) {
      const batch = value.params.leftBatch.length;
      const rows = at(value.operands, 0).shape.length - value.params.left.length - batch;
      home.set(value, { values: new Set([value]), batch, rows, shape: sizesOf(value), isRefused: refused.has(value) });
      continue;
    }
    const planes = isPointwise(value) ? [...new Set(value.operands.flatMap((operand) => home.get(operand) ?? []))] : [];
    const [first, ...others] = planes;
    if (first === undefined) continue;
    for (const other of others) merge(first, other);
    first.values.add(value);
    first.isRefused ||= refused.has(value);
    home.set(value, first);
  }

  const candidates = [...new Set(home.values())].filter((candidate) => !candidate.isRefused);
  const planeOf = new Map<Value, Plane>();
  const products = new Map<Value<'contract'>, Stream>();
  const reductions = new Map<Value, { readonly plane: Plane; readonly direction: Direction }>();
  for (const candidate of candidates) {
    const plane = asPlane(candidate, order);
    const uses = [...plane.values].flatMap((value) => (users.get(value) ?? []).map((user) => ({ value, user })));
    const streams = uses.flatMap(({ value, user }) => (plane.values.has(user) ? [] : [streamOf(plane, value, user)]));
    const isWhole = streams.every((stream) => stream !== undefined) && ![...plane.values].some((value) => outputs.has(value));
    const isRide = ({ user, value, direction }: Use): boolean =>
      streams.some(
        (other) => user.primitive === 'reduceSum' && other?.side !== undefined && other.value === value && other.direction === direction,
      );
    if (!isWhole || !streams.some((stream) => stream !== undefined && stream.side === undefined && !isRide(stream))) continue;
    if (isBetterStored(plane.values, readByKernel(streams))) continue;
    for (const value of plane.values) planeOf.set(value, plane);
    for (const stream of streams) {
      if (stream === undefined) continue;
      if (isPrimitive(stream.user, 'contract') && stream.side !== undefined)
        products.set(stream.user, { plane, side: stream.side, direction: stream.direction });
      else reductions.set(stream.user, { plane, direction: stream.direction });
    }
  }
  return { planeOf, products, reductions };
}

/** An f32 product over few elements, larger than its factors, with rows and columns. */
function isProductOfPlane(value: Value<'contract'>): boolean {
  const { left, leftBatch, right, rightBatch } = value.params;
  const [a, b] = [at(value.operands, 0), at(value.operands, 1)];
  const depth = literalOf(productOf(left.map((axis) => at(a.shape, axis))));
  if (value.dtype !== 'f32' || depth === undefined || depth > longest) return false;
  if (a.shape.length === left.length + leftBatch.length || b.shape.length === right.length + rightBatch.length) return false;
  return isLarger(productOf(value.shape), [productOf(a.shape), productOf(b.shape)]);
}

/** Larger than the others together, as far as known; where sizes are symbolic, than each. */
function isLarger(one: Product, others: readonly Product[]): boolean {
  const [size, sizes] = [literalOf(one), others.flatMap((other) => literalOf(other) ?? [])];
  if (size !== undefined && sizes.length === others.length) return size > sizes.reduce((sum, next) => sum + next);
  return others.every((other) => one.symbols.length > other.symbols.length || (atMost(other, one) && !equalProducts(one, other)));
}

function asPlane({ values, batch, rows, shape }: Candidate, order: readonly Value[]): Plane {
  const axes = [...shape.keys()];
  const inOrder = order.filter((value) => values.has(value));
  return {
    values: new Set(inOrder),
    products: inOrder.flatMap((value) => (isPrimitive(value, 'contract') ? [value] : [])),
    batch: axes.slice(0, batch),
    rows: axes.slice(batch, batch + rows),
    columns: axes.slice(batch + rows),
  };
}

interface Use {
  readonly value: Value;
  readonly user: Value;
  /** Undefined: a reduction. */
  readonly side: Side | undefined;
  readonly direction: Direction;
}

function streamOf(plane: Plane, value: Value, user: Value): Use | undefined {
  if (isReduction(user)) {
    const direction = directionOf(plane, user.params.axes);
    return direction === undefined ? undefined : { value, user, side: undefined, direction };
  }
  if (!isPrimitive(user, 'contract') || at(user.operands, 0) === at(user.operands, 1)) return undefined;
  const side = at(user.operands, 0) === value ? 'left' : 'right';
  const { params } = user;
  const [axes, batch] = side === 'left' ? [params.left, params.leftBatch] : [params.right, params.rightBatch];
  const other = at(user.operands, side === 'left' ? 1 : 0);
  const otherBound = side === 'left' ? [...params.right, ...params.rightBatch] : [...params.left, ...params.leftBatch];
  const width = literalOf(
    other.shape.flatMap((dim, axis) => (otherBound.includes(axis) ? [] : [productOf([dim])])).reduce(times, productOf([])),
  );
  const direction = directionOf(plane, axes);
  if (direction === undefined || !sameAxes(batch, plane.batch) || width === undefined || width > longest || plane.values.has(other))
    return undefined;
  return { value, user, side, direction };
}

/** Each product is a kernel; so are reductions one way that no product streams, together. */
function readByKernel(uses: readonly (Use | undefined)[]): readonly (readonly Value[])[] {
  const found = uses.filter((use) => use !== undefined);
  const products = found.filter(({ side }) => side !== undefined);
  const alone = (['rows', 'columns'] as const).map((direction) =>
    products.some((one) => one.direction === direction) ? [] : found.filter((use) => use.direction === direction),
  );
  return [...products.map(({ value }) => [value]), ...alone.map((some) => some.map(({ value }) => value))];
}

/** Rows are kept where columns are summed. */
function directionOf({ rows, columns }: Plane, summed: readonly number[]): Direction | undefined {
  if (sameAxes(summed, columns)) return 'rows';
  return sameAxes(summed, rows) ? 'columns' : undefined;
}

export function sameAxes(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((axis) => right.includes(axis));
}
