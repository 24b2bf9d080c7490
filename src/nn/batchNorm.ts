/**
 * Batch normalisation: each channel by its mean and variance over the batch, and, for inference, by running means of both.
 *
 * Invariant: pure: training returns the next running statistics beside the result; they are data, not parameters. The variance is that
 * of the batch itself (over n, not n - 1), in the result and in the running mean alike.
 * Source: Ioffe and Szegedy, 2015.
 */
import type { Dim, Shape, Tensor } from '../index.ts';
import { notNegative, type OptionTable, requireOptions, share } from './options.ts';

/** What a norm multiplies by and adds: gamma [c] and beta [c]. */
export interface Scale<C extends Dim> {
  readonly gamma: Tensor<[C]>;
  readonly beta: Tensor<[C]>;
}

/** The running mean [c] and variance [c] of batch normalisation. */
export interface Statistics<C extends Dim> {
  readonly mean: Tensor<[C]>;
  readonly variance: Tensor<[C]>;
}

/** The figures of batch normalisation, each with a default. */
export interface BatchNormOptions {
  /** How much of the running statistics stays, 0.9 by default. */
  readonly momentum?: number;
  /** Added to the variance, 1e-5 by default. */
  readonly epsilon?: number;
}

const figures: OptionTable<BatchNormOptions> = { momentum: share, epsilon: notNegative };

/** What batch normalisation gives in training: the result, and the next running statistics. */
export interface Normalised<S extends Shape, C extends Dim> {
  readonly y: Tensor<S>;
  readonly running: Statistics<C>;
}

/** The channels last: then what there is one of a channel is a bias. */
function scaled<P extends Shape, C extends Dim>(
  x: Tensor<[...P, C]>,
  { mean, variance }: Statistics<C>,
  { gamma, beta }: Scale<C>,
  epsilon: number,
): Tensor<[...P, C]> {
  return x.sub(mean).div(variance.add(epsilon).sqrt()).mul(gamma).add(beta);
}

const drift = <C extends Dim>(running: Statistics<C>, batch: Statistics<C>, kept: number): Statistics<C> => ({
  mean: running.mean
    .mul(kept)
    .add(batch.mean.mul(1 - kept))
    .stopGradient(),
  variance: running.variance
    .mul(kept)
    .add(batch.variance.mul(1 - kept))
    .stopGradient(),
});

/**
 * Training, of vectors.
 *
 * Shapes: x [n, c]; gamma, beta, mean, variance [c] → y [n, c]. Gradient: as of `layerNorm`, along the batch; none through the running
 * statistics.
 */
export function batchNorm<N extends Dim, C extends Dim>(
  x: Tensor<[N, C]>,
  p: Scale<NoInfer<C>>,
  running: Statistics<NoInfer<C>>,
  options: BatchNormOptions = {},
): Normalised<[N, C], C> {
  const { momentum = 0.9, epsilon = 1e-5 } = requireOptions('batchNorm', figures, options);
  const mean = x.mean(0);
  const centred = x.sub(mean);
  const batch = { mean, variance: centred.mul(centred).mean(0) };
  return { y: scaled(x, batch, p, epsilon), running: drift(running, batch, momentum) };
}

/** Inference, of vectors: by the running statistics. Shapes: as `batchNorm`. */
export function batchNormInference<N extends Dim, C extends Dim>(
  x: Tensor<[N, C]>,
  p: Scale<NoInfer<C>>,
  running: Statistics<NoInfer<C>>,
  options: BatchNormOptions = {},
): Tensor<[N, C]> {
  const { epsilon = 1e-5 } = requireOptions('batchNormInference', figures, options);
  return scaled(x, running, p, epsilon);
}

/** Training, of images: each channel over the batch and all places. Shapes: x [n, c, h, w] → y [n, c, h, w]. Gradient: as `batchNorm`. */
export function batchNorm2d<N extends Dim, C extends Dim, H extends Dim, W extends Dim>(
  x: Tensor<[N, C, H, W]>,
  p: Scale<NoInfer<C>>,
  running: Statistics<NoInfer<C>>,
  options: BatchNormOptions = {},
): Normalised<[N, C, H, W], C> {
  const { momentum = 0.9, epsilon = 1e-5 } = requireOptions('batchNorm2d', figures, options);
  const last = x.permute(0, 2, 3, 1);
  const mean = last.mean([0, 1, 2]);
  const centred = last.sub(mean);
  const batch = { mean, variance: centred.mul(centred).mean([0, 1, 2]) };
  return { y: scaled(last, batch, p, epsilon).permute(0, 3, 1, 2), running: drift(running, batch, momentum) };
}

/** Inference, of images. Shapes: as `batchNorm2d`. */
export function batchNorm2dInference<N extends Dim, C extends Dim, H extends Dim, W extends Dim>(
  x: Tensor<[N, C, H, W]>,
  p: Scale<NoInfer<C>>,
  running: Statistics<NoInfer<C>>,
  options: BatchNormOptions = {},
): Tensor<[N, C, H, W]> {
  const { epsilon = 1e-5 } = requireOptions('batchNorm2dInference', figures, options);
  return scaled(x.permute(0, 2, 3, 1), running, p, epsilon).permute(0, 3, 1, 2);
}
