/**
 * Normalisation over the last axis, of any rank.
 *
 * Invariant: epsilon is added to the variance, within the root, as the papers and the large libraries do.
 */
import type { Dim, Shape, Tensor } from '../index.ts';
import { notNegative, type OptionTable, requireOptions } from './options.ts';

/** The figure that layer norms take, with its default. */
export interface NormOptions {
  /** Added to the variance, 1e-5 by default. */
  readonly epsilon?: number;
}

const figures: OptionTable<NormOptions> = { epsilon: notNegative };

/**
 * (x - mean) / √(variance + ε) · gamma + beta, each row by its own mean and variance.
 *
 * Shapes: [...p, c] with gamma and beta [c] → [...p, c]. Gradient: with n the normalised row and g = dy · gamma,
 * dx = (g - mean(g) - n · mean(g · n)) / √(variance + ε), dgamma = Σ dy · n, dbeta = Σ dy. Source: Ba et al., 2016.
 */
export function layerNorm<P extends Shape, C extends Dim>(
  x: Tensor<[...P, C]>,
  { gamma, beta }: { readonly gamma: Tensor<[NoInfer<C>]>; readonly beta: Tensor<[NoInfer<C>]> },
  options: NormOptions = {},
): Tensor<[...P, C]> {
  const { epsilon = 1e-5 } = requireOptions('layerNorm', figures, options);
  const centred = x.sub(x.mean(-1, { keepdims: true }));
  const variance = centred.mul(centred).mean(-1, { keepdims: true });
  return centred.div(variance.add(epsilon).sqrt()).mul(gamma).add(beta);
}

/**
 * x / √(mean(x²) + ε) · gamma.
 *
 * Shapes: [...p, c] with gamma [c] → [...p, c]. Gradient: with n = x / r, r the root, and g = dy · gamma, dx = (g - n · mean(g · n)) / r,
 * dgamma = Σ dy · n. Source: Zhang and Sennrich, 2019.
 */
export function rmsNorm<P extends Shape, C extends Dim>(
  x: Tensor<[...P, C]>,
  { gamma }: { readonly gamma: Tensor<[NoInfer<C>]> },
  options: NormOptions = {},
): Tensor<[...P, C]> {
  const { epsilon = 1e-5 } = requireOptions('rmsNorm', figures, options);
  return x.div(x.mul(x).mean(-1, { keepdims: true }).add(epsilon).sqrt()).mul(gamma);
}
