/** Distributions along the last axis. */
import type { Dim, Shape, Tensor } from '../index.ts';

/** eˣ over its sum along the last axis. The largest is subtracted first. Gradient: y (dY - Σ dY y). Shapes: stay. */
export function softmax<P extends Shape, C extends Dim>(x: Tensor<[...P, C]>): Tensor<[...P, C]> {
  const powers = x.sub(x.max(-1, { keepdims: true }).stopGradient()).exp();
  return powers.div(powers.sum(-1, { keepdims: true }));
}
