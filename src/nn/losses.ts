/**
 * Losses: scalars, the mean over all examples. Those of classes take logits, never probabilities, so that nothing overflows and
 * no logarithm of zero is taken.
 *
 * Invariant: targets are data; their gradient is whatever the formula gives, and is dropped where it is not asked for.
 */
import { type Dim, oneHotLike, type Shape, type Tensor } from '../index.ts';
import { positive, requireOptions, share } from './options.ts';

/** Label smoothing, off by default. */
export interface CrossEntropyOptions {
  /** How much of each target is spread evenly over all classes, from 0 (default) to 1. Source: Szegedy et al., 2016. */
  readonly labelSmoothing?: number;
}

/**
 * The mean of -log softmax(logits) at the right class.
 *
 * Shapes: logits [...p, class]; the target is labels [...p] of i32, or weights of the classes [...p, class] that sum to 1.
 * Gradient: (softmax(logits) - target) / examples. Errors: axes that differ do not compile; a label out of range counts as no class.
 */
export function softmaxCrossEntropy<P extends Shape, C extends Dim>(
  logits: Tensor<[...P, C]>,
  target: Tensor<P, 'i32'> | Tensor<[...P, C]>,
  options: CrossEntropyOptions = {},
): Tensor<[]> {
  const { labelSmoothing = 0 } = requireOptions('softmaxCrossEntropy', { labelSmoothing: share }, options);
  const shifted = logits.sub(logits.max(-1, { keepdims: true }).stopGradient());
  const logSum = shifted.exp().sum(-1).log();
  const weights = target.dtype === 'i32' ? oneHotLike(target, logits) : target;
  const right = shifted.mul(weights).sum(-1);
  const loss = labelSmoothing === 0 ? right : right.mul(1 - labelSmoothing).add(shifted.mean(-1).mul(labelSmoothing));
  return logSum.sub(loss).mean();
}

/**
 * The mean of -t log σ(z) - (1 - t) log(1 - σ(z)).
 *
 * Shapes: logits and targets (from 0 to 1) of one shape. Gradient: (σ(z) - t) / count.
 */
export function binaryCrossEntropy<S extends Shape>(logits: Tensor<S>, targets: Tensor<NoInfer<S>>): Tensor<[]> {
  return logits.relu().sub(logits.mul(targets)).add(logits.abs().neg().exp().log1p()).mean();
}

/** The mean of (p - t)². Shapes: both the same. Gradient: 2 (p - t) / count. */
export function meanSquaredError<S extends Shape>(prediction: Tensor<S>, target: Tensor<NoInfer<S>>): Tensor<[]> {
  const difference = prediction.sub(target);
  return difference.mul(difference).mean();
}

/**
 * The mean of d² / 2 where d = |p - t| is at most `delta` (1), else of delta (d - delta / 2): squares near zero, lines beyond.
 *
 * Shapes: both the same. Gradient: p - t, cut off at ±delta, over count. Source: Huber, 1964.
 */
export function huber<S extends Shape>(
  prediction: Tensor<S>,
  target: Tensor<NoInfer<S>>,
  options: { readonly delta?: number } = {},
): Tensor<[]> {
  const { delta = 1 } = requireOptions('huber', { delta: positive }, options);
  const distance = prediction.sub(target).abs();
  const near = distance.minimum(delta);
  return near.mul(near).div(2).add(distance.sub(near).mul(delta)).mean();
}
