/**
 * A long sum or maximum with few results leaves most of a device idle: a result is one workgroup's work, or less. So its axis is cut
 * into parts that have results of their own, and a second kernel reduces those, in order, and has the epilogue. What parts of equal
 * length leave over, the second kernel reads itself. Two runs give the same bits; nothing is added atomically.
 *
 * Leaves alone: what rides along in a product's kernel or streams over a plane, sums of halves, and lengths that are known at run time
 * only, but for the axes behind such a one.
 * Source: Harris, Optimizing parallel reduction in CUDA, 2007: a tree over workgroups, a launch for each level.
 */
import { add, maximum, type Origin, pad, reduceMax, reduceSum, reshape, slice } from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { isReduction } from './alignReductions.ts';
import { findPlanes } from './planes.ts';
import { literalOf, productOf } from './product.ts';
import { findRides } from './rides.ts';

/** With as many workgroups a device is busy. */
const busy = 256;
/** The fewest elements of a workgroup: a part costs a store and a load, the second kernel a dispatch. */
const shortest = 16_384;
/** Fewer parts do not repay the second kernel. */
const fewest = 4;
/** So many results that lie side by side share a workgroup. */
const sideBySide = 32;
/** The fewest elements that one result of the last axes is the sum of, if other axes are reduced after them. */
const shortestRun = 256;
/** Lengths of parts are multiples of this, so that they are loaded in vectors. */
const whole = 16;

export function splitReductions(graph: Graph): Graph {
  const none = (): boolean => false;
  const { rides, order } = findRides(graph, none, none);
  const { reductions } = findPlanes(graph, order, new Set());
  return mapGraph(graph, (value, original) => {
    if (!isReduction(value) || isRounded(value) || rides.has(original) || reductions.has(original)) return value;
    return reduced(at(value.operands, 0), value.params.axes, kinds[value.primitive], value.origin) ?? value;
  });
}

/** Sums of halves are computed in f32 within a kernel; between kernels they would be rounded, or beyond the largest half. */
const isRounded = ({ primitive, dtype }: Value): boolean => primitive === 'reduceSum' && dtype === 'f16';

interface Kind {
  readonly reduce: typeof reduceSum;
  readonly join: typeof add;
  /** What changes no result. */
  readonly neutral: (dtype: Value['dtype']) => number;
}

const kinds: Readonly<Record<'reduceSum' | 'reduceMax', Kind>> = {
  reduceSum: { reduce: reduceSum, join: add, neutral: () => 0 },
  reduceMax: {
    reduce: reduceMax,
    join: maximum,
    neutral: (dtype) => (dtype === 'u32' ? 0 : dtype === 'i32' ? -(2 ** 31) : Number.NEGATIVE_INFINITY),
  },
};

/** Undefined if one kernel is better. */
function reduced(x: Value, axes: readonly number[], kind: Kind, origin: Origin | undefined): Value | undefined {
  if (axes.length === 0) return undefined;
  const run = lastRun(x, axes);
  const rest = axes.filter((axis) => !run.includes(axis));
  const parts = partsFor(x, run, axes);
  if (parts === undefined) return undefined;
  if (rest.length > 0) {
    // what is left after the last axes has more results
    const partial = reduced(x, run, kind, origin) ?? kind.reduce(x, run, origin);
    return reduced(partial, rest, kind, origin) ?? kind.reduce(partial, rest, origin);
  }
  const axis = at(run, 0);
  const size = x.shape.slice(axis, axis + run.length);
  const total = literalOf(productOf(size));
  if (total === undefined) return undefined;
  const { count, length } = cut(total, parts);
  const flat = run.length === 1 ? x : reshape(x, x.shape.toSpliced(axis, run.length, total), origin);
  const end = count * length;
  const main = end === total ? flat : sliced(flat, axis, 0, end, origin);
  const partial = kind.reduce(reshape(main, main.shape.toSpliced(axis, 1, count, length), origin), [axis + 1], origin);
  if (end === total) return kind.reduce(partial, [axis], origin);
  // longer than the parts, so that it is the second kernel that reads what is left over: the first one loads vectors
  const longer = Math.max(count + 1, total - end);
  const [parted, left] = [partial, sliced(flat, axis, end, total, origin)].map((one) => lengthened(one, axis, longer, kind, origin));
  return parted && left && kind.reduce(kind.join(parted, left, origin), [axis], origin);
}

/** The last of the axes and those before it, as long as they are neighbours and literal. */
function lastRun({ shape }: Value, axes: readonly number[]): readonly number[] {
  const isLiteral = (axis: number): boolean => literalOf(productOf([at(shape, axis)])) !== undefined;
  let first = axes.length - 1;
  while (first > 0 && isLiteral(at(axes, first)) && isLiteral(at(axes, first - 1)) && at(axes, first - 1) === at(axes, first) - 1) first--;
  return axes.slice(first);
}

/** How many parts would keep a device busy, if they are not too short; undefined: leave it whole. */
function partsFor({ shape }: Value, run: readonly number[], axes: readonly number[]): number | undefined {
  const count = (keeps: (axis: number) => boolean): number | undefined => literalOf(productOf(shape.filter((_, axis) => keeps(axis))));
  const results = count((axis) => !axes.includes(axis));
  const columns = count((axis) => !axes.includes(axis) && axis > at(run, 0));
  const length = count((axis) => run.includes(axis));
  if (results === undefined || columns === undefined || length === undefined) return undefined;
  const shared = Math.min(sideBySide, columns);
  const wanted = Math.ceil(busy / Math.ceil(results / shared));
  if (run.length < axes.length) {
    // other axes are parts as they are
    const elements = count((axis) => axes.includes(axis)) ?? Number.POSITIVE_INFINITY;
    return wanted >= fewest && length >= shortestRun && elements * shared >= fewest * shortest ? 1 : undefined;
  }
  const parts = Math.min(wanted, Math.floor((length * shared) / shortest));
  return parts >= fewest ? parts : undefined;
}

interface Parts {
  readonly count: number;
  readonly length: number;
}

/** So many parts or up to twice as many, of equal lengths, such that as few elements as possible are left over. */
function cut(total: number, parts: number): Parts {
  const candidates = Array.from({ length: parts }, (_, more): Parts => {
    const count = parts + more;
    return { count, length: whole * Math.floor(total / (whole * count)) };
  });
  return candidates.reduce((best, one) => (one.count * one.length > best.count * best.length ? one : best));
}

function sliced(x: Value, axis: number, from: number, to: number, origin: Origin | undefined): Value {
  const each = <T>(own: T, other: T): T[] => x.shape.map((_, one) => (one === axis ? own : other));
  return slice(
    x,
    { starts: each(from, 0), limits: each<number | undefined>(to, undefined), strides: each(1, 1), shape: x.shape.with(axis, to - from) },
    origin,
  );
}

/** With neutral elements behind. */
function lengthened(x: Value, axis: number, size: number, { neutral }: Kind, origin: Origin | undefined): Value {
  const missing = size - (literalOf(productOf([at(x.shape, axis)])) ?? size);
  if (missing === 0) return x;
  const zeros = x.shape.map(() => 0);
  const params = { low: zeros, high: zeros.with(axis, missing), interior: zeros, value: neutral(x.dtype), shape: x.shape.with(axis, size) };
  return pad(x, params, origin);
}
