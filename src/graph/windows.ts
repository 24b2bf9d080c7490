/**
 * Windows along an axis, as a view: the axis becomes two, the windows' places and the places within a window.
 *
 * Invariant: nothing is stored; padding, repeating and skewing are index maps that kernels read through.
 */
import type { Dim } from '../types/dim.ts';
import { broadcast, type Origin, pad, skew } from './build.ts';
import type { Value } from './value.ts';

export interface Windows {
  readonly axis: number;
  /** The window's size, as the dim of its own axis. */
  readonly width: Dim;
  /** The number of places, as the dim that the axis gets. */
  readonly places: Dim;
  /** The axis with its padding. */
  readonly padded: Dim;
  readonly stride: number;
  readonly dilation: number;
  readonly low: number;
  readonly high: number;
  /** What the padding holds. */
  readonly outside: number;
}

/** [..., size, ...] → [..., places, width, ...]. Errors: a `GraphError` where the windows reach over the padded axis. */
export function windows(x: Value, { axis, width, places, padded, stride, dilation, low, high, outside }: Windows, origin?: Origin): Value {
  const only = (value: number): readonly number[] => x.shape.map((_, i) => (i === axis ? value : 0));
  const shape = x.shape.with(axis, padded);
  const within =
    low === 0 && high === 0 ? x : pad(x, { low: only(low), high: only(high), interior: only(0), value: outside, shape }, origin);
  const wide = broadcast(
    within,
    within.shape.toSpliced(axis + 1, 0, width),
    within.shape.map((_, i) => (i > axis ? i + 1 : i)),
    origin,
  );
  return skew(wide, { axis, window: axis + 1, stride, dilation, shape: wide.shape.with(axis, places) }, origin);
}
