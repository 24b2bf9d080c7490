/**
 * Scaled dot-product attention (Vaswani et al., 2017): two batched products with a softmax between them. Queries and keys have names
 * of their own, so that the matrix of weights cannot be applied from the wrong side, even where there are as many of one as of the other.
 */
import { customVjp, type Tensor } from 'adjoint';

const scale = 1 / Math.sqrt(4);

export const attention = customVjp(
  (q: Tensor<['batch', 'query=3', 'd=4']>, k: Tensor<['batch', 'key=3', 'd=4']>, v: Tensor<['batch', 'key=3', 'e=4']>) => {
    const scores = q.matmul(k.mT).mul(scale);
    const powers = scores.sub(scores.max('key', { keepdims: true })).exp();
    const weights = powers.div(powers.sum('key', { keepdims: true }));
    return { y: weights.matmul(v), saved: { q, k, v, weights } };
  },
  ({ q, k, v, weights }, dy) => {
    const dWeights = dy.matmul(v.mT);
    const dScores = weights.mul(dWeights.sub(dWeights.mul(weights).sum('key', { keepdims: true }))).mul(scale);
    return [dScores.matmul(k), dScores.mT.matmul(q), weights.mT.matmul(dy)];
  },
);
