/**
 * Slices and pads, which windows of one element are, too: those that change nothing vanish, two of a kind become one, a slice that takes only what a pad put there
 * takes it from the pad's operand, and a cut or a window of a constant is a constant.
 * Leaves alone: a slice that keeps some of the padding; kernels compose its index map with the pad's.
 */
import { constant, isPrimitive, pad, reshape, slice } from '../../graph/build.ts';
import type { Value } from '../../graph/value.ts';
import { sizeOf } from '../../types/dim.ts';
import { at } from '../at.ts';

export function foldCut(value: Value, operand: Value): Value {
  if (isPrimitive(value, 'slice')) return foldSlice(value, operand);
  if (isPrimitive(value, 'pad')) return foldPad(value, operand);
  if (isPrimitive(value, 'skew') && sizeOf(at(value.shape, value.params.window)) === 1) return foldCut(everyOther(value, operand), operand);
  if (isPrimitive(value, 'unskew') && sizeOf(at(value.shape, value.params.window)) === 1)
    return foldCut(spreadOut(value, operand), operand);
  if (!isPrimitive(operand, 'constant')) return value;
  const isConstant =
    value.primitive === 'skew' ||
    value.primitive === 'gather' ||
    ((value.primitive === 'unskew' || value.primitive === 'scatterAdd') && operand.params.value === 0);
  return isConstant ? constant(operand.params.value, value.shape, value.dtype, value.origin) : value;
}

const numbers = ({ shape }: Value, axis: number, at: number, otherwise: number): readonly number[] =>
  shape.map((_, i) => (i === axis ? at : otherwise));

function everyOther({ params: { axis, stride, shape }, origin }: Value<'skew'>, operand: Value): Value {
  const reach = (Number(sizeOf(at(shape, axis))) - 1) * stride + 1;
  const limits = operand.shape.map((_, i) => (i === axis ? reach : undefined));
  return slice(operand, { starts: numbers(operand, axis, 0, 0), limits, strides: numbers(operand, axis, stride, 1), shape }, origin);
}

function spreadOut({ params: { axis, stride, shape }, origin }: Value<'unskew'>, operand: Value): Value {
  const reach = (Number(sizeOf(at(operand.shape, axis))) - 1) * stride + 1;
  const high = numbers(operand, axis, Number(sizeOf(at(shape, axis))) - reach, 0);
  const [low, interior] = [numbers(operand, axis, 0, 0), numbers(operand, axis, stride - 1, 0)];
  return pad(operand, { low, high, interior, value: 0, shape }, origin);
}

const renamed = (value: Value, operand: Value): Value =>
  value.shape.every((dim, axis) => dim === operand.shape[axis]) ? operand : reshape(operand, value.shape, value.origin);

/** What a slice takes of one axis: `count` indices from `start` on; all of it where undefined. */
interface Cut {
  readonly start: number;
  readonly stride: number;
  readonly count: number;
}

/** Undefined entries: the axis is whole. */
function cutsOf(value: Value<'slice'>): readonly (Cut | undefined)[] {
  const operand = at(value.operands, 0);
  return value.shape.map((dim, axis) => {
    const [size, count] = [sizeOf(at(operand.shape, axis)), sizeOf(dim)];
    if (typeof size !== 'number' || typeof count !== 'number' || size === count) return undefined;
    return { start: at(value.params.starts, axis), stride: at(value.params.strides, axis), count };
  });
}

function sliced(operand: Value, cuts: readonly (Cut | undefined)[], value: Value): Value {
  const starts = cuts.map((cut) => cut?.start ?? 0);
  const limits = cuts.map((cut) => (cut === undefined ? undefined : cut.start + (cut.count - 1) * cut.stride + 1));
  const strides = cuts.map((cut) => cut?.stride ?? 1);
  return foldCut(slice(operand, { starts, limits, strides, shape: value.shape }, value.origin), operand);
}

function foldSlice(value: Value<'slice'>, operand: Value): Value {
  const cuts = cutsOf(value);
  if (cuts.every((cut) => cut === undefined)) return renamed(value, operand);
  if (isPrimitive(operand, 'constant')) return constant(operand.params.value, value.shape, value.dtype, value.origin);
  if (isPrimitive(operand, 'slice')) {
    const joined = cutsOf(operand).map((inner, axis): Cut | undefined => {
      const outer = cuts[axis];
      if (inner === undefined || outer === undefined) return inner ?? outer;
      return { start: inner.start + outer.start * inner.stride, stride: inner.stride * outer.stride, count: outer.count };
    });
    return sliced(at(operand.operands, 0), joined, value);
  }
  return isPrimitive(operand, 'pad') ? (sliceOfPad(value, operand, cuts) ?? value) : value;
}

function sliceOfPad(value: Value<'slice'>, operand: Value<'pad'>, cuts: readonly (Cut | undefined)[]): Value | undefined {
  const { low, high, interior } = operand.params;
  const inner = at(operand.operands, 0);
  const taken: (Cut | undefined)[] = [];
  for (const [axis, cut] of cuts.entries()) {
    const [before, step, size] = [at(low, axis), at(interior, axis) + 1, sizeOf(at(inner.shape, axis))];
    const isPadded = before > 0 || at(high, axis) > 0 || step > 1;
    if (isPadded) {
      if (cut === undefined || typeof size !== 'number') return undefined;
      const [first, stride] = [(cut.start - before) / step, cut.count === 1 ? 1 : cut.stride / step];
      const last = first + (cut.count - 1) * stride;
      if (!Number.isInteger(first) || !Number.isInteger(stride) || first < 0 || last >= size) return undefined;
      taken.push({ start: first, stride, count: cut.count });
    } else taken.push(cut);
  }
  return sliced(inner, taken, value);
}

function foldPad(value: Value<'pad'>, operand: Value): Value {
  const { low, high, interior, value: outside, shape } = value.params;
  if ([...low, ...high, ...interior].every((count) => count === 0)) return renamed(value, operand);
  if (isPrimitive(operand, 'constant') && Object.is(operand.params.value, outside)) {
    return constant(outside, shape, value.dtype, value.origin);
  }
  if (!isPrimitive(operand, 'pad') || !Object.is(operand.params.value, outside)) return value;
  const inner = operand.params;
  const spread = (counts: readonly number[], axis: number): number => at(counts, axis) * (at(interior, axis) + 1);
  const joined = {
    low: low.map((count, axis) => count + spread(inner.low, axis)),
    high: high.map((count, axis) => count + spread(inner.high, axis)),
    interior: interior.map((count, axis) => count + spread(inner.interior, axis)),
  };
  return pad(at(operand.operands, 0), { ...joined, value: outside, shape }, value.origin);
}
