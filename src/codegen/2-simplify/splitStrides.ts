/**
 * A product over windows that were spread out by a stride multiplies zeros: of y[p] = sum over k of x[(p - k) / stride] * w[k], where
 * that index is whole, only every `stride`-th k counts. Which ones depends on the residue of p alone, so with p = stride * q + residue
 *
 *   y[q, residue] = sum over j of x[q + shift - j] * w[stride * j + residue - before]
 *
 * which is a product over windows without a stride, the residues being columns of its own. So the gradient of a strided convolution
 * costs what the convolution costs.
 *
 * Leaves alone: windows with a dilation, and axes that the stride does not divide: their last residues would be cut off again.
 * Source: sub-pixel convolution: Shi et al., Is the deconvolution layer the same as a convolutional layer?, 2016.
 */
import { broadcast, contract, isPrimitive, pad, permute, reshape, skew, slice, unskew } from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { SliceParams } from '../../graph/primitive.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { sizeOf } from '../../types/dim.ts';
import { at } from '../at.ts';

export function splitStrides(graph: Graph): Graph {
  return mapGraph(graph, (value) => {
    if (!isPrimitive(value, 'contract')) return value;
    return split(value, 'left') ?? split(value, 'right') ?? value;
  });
}

type Side = 'left' | 'right';

/** An unskew with a stride, seen through the views above it: where these have its two axes, and what they cut off before the first. */
interface Spread {
  readonly unskew: Value<'unskew'>;
  /** What is spread out, the same in all of a window: a broadcast. */
  readonly taps: Value<'broadcast'>;
  /** The views above, from the innermost out. */
  readonly above: readonly Value[];
  readonly place: Place;
}

interface Place {
  readonly axis: number;
  readonly window: number;
  readonly start: number;
}

const sizeAt = ({ shape }: Value, axis: number): number => {
  const size = sizeOf(at(shape, axis));
  return typeof size === 'number' ? size : Number.NaN;
};

function findSpread(value: Value): Spread | undefined {
  const operand = value.operands[0];
  if (operand === undefined) return undefined;
  if (isPrimitive(value, 'unskew') && value.params.stride > 1 && value.params.dilation === 1) {
    const { axis, window } = value.params;
    const isRepeated = isPrimitive(operand, 'broadcast') && !operand.params.axes.includes(window);
    return isRepeated ? { unskew: value, taps: operand, above: [], place: { axis, window, start: 0 } } : undefined;
  }
  const below = findSpread(operand);
  const place = below === undefined ? undefined : through(value, operand, below.place);
  return below === undefined || place === undefined ? undefined : { ...below, place, above: [...below.above, value] };
}

/** Undefined if a view does more with the two axes than to cut the first one. */
function through(value: Value, operand: Value, { axis, window, start }: Place): Place | undefined {
  if (isPrimitive(value, 'permute')) {
    const { order } = value.params;
    return { axis: order.indexOf(axis), window: order.indexOf(window), start };
  }
  if (isPrimitive(value, 'broadcast')) {
    const next = { axis: at(value.params.axes, axis), window: at(value.params.axes, window), start };
    return sizeAt(value, next.axis) === sizeAt(operand, axis) && sizeAt(value, next.window) === sizeAt(operand, window) ? next : undefined;
  }
  if (isPrimitive(value, 'slice')) {
    const { starts, strides } = value.params;
    const isWhole = sizeAt(value, window) === sizeAt(operand, window);
    return isWhole && at(strides, axis) === 1 ? { axis, window, start: start + at(starts, axis) } : undefined;
  }
  if (!isPrimitive(value, 'unskew') && !isPrimitive(value, 'skew')) return undefined;
  const others = [value.params.axis, value.params.window];
  return others.includes(axis) || others.includes(window) ? undefined : { axis, window, start };
}

/** `count` places from `start` on of windows that are `width` wide, without a stride, under the same views. */
function respread({ unskew: whole, taps, above }: Spread, start: number, count: number, width: number): Value {
  const { axis, window } = whole.params;
  const narrow = broadcast(taps.operands[0] ?? taps, taps.shape.with(window, width), taps.params.axes, taps.origin);
  const reach = Math.max(sizeAt(taps, axis) + width - 1, start + count);
  const spread = unskew(narrow, { axis, window, stride: 1, dilation: 1, shape: narrow.shape.with(axis, reach) }, whole.origin);
  const only = <T>(value: T, otherwise: T): readonly T[] => spread.shape.map((_, i) => (i === axis ? value : otherwise));
  const limits = only<number | undefined>(start + count, undefined);
  const cut = { starts: only(start, 0), limits, strides: only(1, 1), shape: spread.shape.with(axis, count) };
  let [now, below, place]: [Value, Value, Place] = [slice(spread, cut, whole.origin), whole, { axis, window, start: 0 }];
  for (const view of above) {
    const next = through(view, below, place) ?? place;
    const shape = view.shape.with(next.axis, count).with(next.window, width);
    if (isPrimitive(view, 'permute')) now = permute(now, view.params.order, view.origin);
    else if (isPrimitive(view, 'broadcast')) now = broadcast(now, shape, view.params.axes, view.origin);
    else if (isPrimitive(view, 'slice')) now = slice(now, { ...view.params, ...wholeAlong(view.params, next.axis), shape }, view.origin);
    else if (isPrimitive(view, 'skew')) now = skew(now, { ...view.params, shape }, view.origin);
    else if (isPrimitive(view, 'unskew')) now = unskew(now, { ...view.params, shape }, view.origin);
    [below, place] = [view, next];
  }
  return now;
}

const wholeAlong = ({ starts, limits }: SliceParams, axis: number): Pick<SliceParams, 'starts' | 'limits'> => ({
  starts: starts.with(axis, 0),
  limits: limits.with(axis, undefined),
});

function split(value: Value<'contract'>, side: Side): Value | undefined {
  const other: Side = side === 'left' ? 'right' : 'left';
  const [spreadOut, weights] = [at(value.operands, side === 'left' ? 0 : 1), at(value.operands, side === 'left' ? 1 : 0)];
  const { params, origin } = value;
  const spread = findSpread(spreadOut);
  if (spread === undefined) return undefined;
  const { axis, window, start } = spread.place;
  const pair = params[side].indexOf(window);
  const [count, width, stride] = [sizeAt(spreadOut, axis), sizeAt(spreadOut, window), spread.unskew.params.stride];
  const isBound = params[side].includes(axis) || params[`${side}Batch`].includes(axis);
  if (pair < 0 || isBound || count % stride !== 0) return undefined;
  const shift = Math.ceil(start / stride);
  const before = shift * stride - start;
  const steps = Math.ceil((width + before) / stride);
  if (steps >= width) return undefined;

  const ofWindow = at(params[other], pair);
  const after = (one: number): number => (one > ofWindow ? one + 1 : one);
  const moved = respread(spread, shift, count / stride, steps);
  const parted = byResidue(weights, ofWindow, before, steps, stride);
  const axes = {
    ...params,
    [other]: params[other].map(after),
    [`${other}Batch`]: params[`${other}Batch`].map(after),
  };
  const product = side === 'left' ? contract(moved, parted, axes, origin) : contract(parted, moved, axes, origin);
  if (!isPrimitive(product, 'contract')) throw new Error('internal: contract made something else');

  const [own, now] = [freeAxes(value), freeAxes(product)];
  const batch = params.leftBatch.length;
  const place = (of: Side, one: number): number => batch + now.findIndex((free) => free.side === of && free.axis === one);
  const order = own.flatMap((free) => {
    const at = place(free.side, free.side === other ? after(free.axis) : free.axis);
    return free.side === side && free.axis === axis ? [at, place(other, ofWindow + 1)] : [at];
  });
  const all = [...Array.from({ length: batch }, (_, i) => i), ...order];
  return reshape(permute(product, all, origin), value.shape, origin);
}

/** [.., width, ..] as [.., steps, stride, ..], with `before` zeros first. */
function byResidue(weights: Value, axis: number, before: number, steps: number, stride: number): Value {
  const only = (count: number): readonly number[] => weights.shape.map((_, i) => (i === axis ? count : 0));
  const length = steps * stride;
  const shape = weights.shape.with(axis, length);
  const high = only(length - before - sizeAt(weights, axis));
  const whole = pad(weights, { low: only(before), high, interior: only(0), value: 0, shape });
  return reshape(whole, shape.toSpliced(axis, 1, steps, stride));
}

function freeAxes({ params, operands }: Value<'contract'>): readonly { readonly side: Side; readonly axis: number }[] {
  return (['left', 'right'] as const).flatMap((side, i) => {
    const bound = [...params[side], ...params[`${side}Batch`]];
    return [...at(operands, i).shape.keys()].filter((axis) => !bound.includes(axis)).map((axis) => ({ side, axis }));
  });
}
