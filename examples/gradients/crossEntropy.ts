/**
 * The cross-entropy of softmax(scores) with a distribution over the classes, one loss a row. Taken together, the two have a simple
 * gradient: dScores = softmax(scores) - target. Apart, they would divide by probabilities that may be 0.
 */
import { customVjp, type Dim, type Tensor } from 'adjoint';

export const crossEntropy = customVjp(
  <N extends Dim, C extends Dim>(scores: Tensor<[N, C]>, target: Tensor<[N, C]>) => {
    const shifted = scores.sub(scores.max(1, { keepdims: true }));
    const logProbability = shifted.sub(shifted.exp().sum(1, { keepdims: true }).log());
    return { y: logProbability.mul(target).sum(1, { keepdims: true }).neg(), saved: { logProbability, target } };
  },
  ({ logProbability, target }, dy) => [logProbability.exp().sub(target).mul(dy), logProbability.neg().mul(dy)],
);
