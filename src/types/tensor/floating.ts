/**
 * Operations on floating-point tensors only.
 *
 * Invariant: each keeps the shape, but `mean`.
 */
import type { FloatingDType } from '../dtype.ts';
import type { ElementMap, Reduction } from './arithmetic.ts';
import type { Elementary } from './elementary.ts';

export interface Floating<D extends FloatingDType> extends Elementary<D> {
  /** max(x, 0). Gradient: dY where x > 0, else 0. */
  readonly relu: ElementMap<D>;
  /** 1 / (1 + e⁻ˣ). Gradient: dY · y · (1 - y). */
  readonly sigmoid: ElementMap<D>;
  /** Gradient: dY · (1 - y²). */
  readonly tanh: ElementMap<D>;
  /** Gradient: dY · y. */
  readonly exp: ElementMap<D>;
  /** The natural logarithm. Gradient: dY / x. */
  readonly log: ElementMap<D>;
  /** Gradient: dY / (2y). */
  readonly sqrt: ElementMap<D>;
  /** The same elements, as a constant for gradients. Gradient: zero. */
  readonly stopGradient: ElementMap<D>;
  /** The mean over an axis, several, or all. Gradient: dY over the number of elements, repeated along the reduced axes. */
  readonly mean: Reduction<'mean', D>;
}
