/**
 * Members for floating-point tensors beyond arithmetic: elementary functions, and reductions made of them.
 *
 * Invariant: every function is right for small and large arguments alike, in f32 within the bounds of docs/numerics.md.
 */
import type { FloatingDType } from '../dtype.ts';
import type { Shape } from '../shape.ts';
import type { ElementMap, Elementwise, Reduction } from './arithmetic.ts';
import type { alongAxis, sameShape } from './selection.ts';
import type { Tensor } from './tensor.ts';

/** A question about each element. */
type Asked<D extends FloatingDType> = <S extends Shape>(this: Tensor<S, D>) => Tensor<S, 'bool'>;

/** A function of all elements along an axis, or the last one, -1, for each of them. */
type Along<operation extends string, D extends FloatingDType> = <S extends Shape, const A extends string | number>(
  this: Tensor<S, D>,
  axis: alongAxis<operation, S, A>,
) => sameShape<operation, S, D, A>;

export interface Elementary<D extends FloatingDType> {
  /** Of radians. Gradient: dY · cos x. */
  readonly sin: ElementMap<D>;
  /** Of radians. Gradient: -dY · sin x. */
  readonly cos: ElementMap<D>;
  /** The error function. Gradient: dY · 2/√π · e^(-x²). */
  readonly erf: ElementMap<D>;
  /** log(1 + x), right also where x is small. Gradient: dY / (1 + x). */
  readonly log1p: ElementMap<D>;
  /** eˣ - 1, right also where x is small. Gradient: dY · eˣ. */
  readonly expm1: ElementMap<D>;
  /** 1 / √x. Gradient: -dY / (2 x √x). */
  readonly rsqrt: ElementMap<D>;
  /** The greatest whole number that is not greater. No gradient. */
  readonly floor: ElementMap<D>;
  /** The least whole number that is not less. No gradient. */
  readonly ceil: ElementMap<D>;
  /** The nearest whole number, of two the even one. No gradient. */
  readonly round: ElementMap<D>;
  /**
   * a to the power b; of a negative base, NaN unless b is whole. Shapes: as add. Gradient: dY · b · a^(b-1), and dY · y · log a where a > 0,
   * else 0.
   */
  readonly pow: Elementwise<'pow', D>;
  /** Whether it is NaN. */
  readonly isNaN: Asked<D>;
  /** Whether it is neither NaN nor infinite. */
  readonly isFinite: Asked<D>;

  /** eˣ over the sum of those along an axis; does not overflow. Gradient: y · (dY - the sum of dY · y along the axis). */
  readonly softmax: Along<'softmax', D>;
  /** The logarithm of `softmax`, right also where that is nearly 0. Gradient: dY - softmax · the sum of dY along the axis. */
  readonly logSoftmax: Along<'logSoftmax', D>;
  /** The logarithm of the sum of eˣ; does not overflow. Gradient: dY · softmax. */
  readonly logSumExp: Reduction<'logSumExp', D>;
  /** The mean of the squared distances from the mean. Gradient: dY · 2 (x - mean) / n. */
  readonly variance: Reduction<'variance', D>;
  /** The square root of the variance. Gradient: dY · (x - mean) / (n · y), and 0 where y is 0. */
  readonly std: Reduction<'std', D>;
  /** The square root of the sum of squares. Gradient: dY · x / y, and 0 where y is 0. Overflows where a square does. */
  readonly norm: Reduction<'norm', D>;
}
