/**
 * Operations on floating-point tensors only.
 *
 * Invariant: each keeps the shape, but `mean`.
 */
import type { FloatingDType } from '../dtype.ts';
import type { Shape } from '../shape.ts';
import type { Reduction } from './arithmetic.ts';
import type { Tensor } from './tensor.ts';

export interface Floating<S extends Shape, D extends FloatingDType> {
  /** max(x, 0). Gradient: dY where x > 0, else 0. */
  relu(): Tensor<S, D>;
  /** 1 / (1 + e⁻ˣ). Gradient: dY · y · (1 - y). */
  sigmoid(): Tensor<S, D>;
  /** Gradient: dY · (1 - y²). */
  tanh(): Tensor<S, D>;
  /** Gradient: dY · y. */
  exp(): Tensor<S, D>;
  /** The natural logarithm. Gradient: dY / x. */
  log(): Tensor<S, D>;
  /** Gradient: dY / (2y). */
  sqrt(): Tensor<S, D>;
  /** The same elements, as a constant for gradients. Gradient: zero. */
  stopGradient(): Tensor<S, D>;
  /** The mean over an axis, several, or all. Gradient: dY over the number of elements, repeated along the reduced axes. */
  readonly mean: Reduction<'mean', D>;
}
