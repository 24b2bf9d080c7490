/**
 * The softmax over the last axis. Its Jacobian, diag(y) - y yᵀ, is symmetric and never formed: dX = y (dY - Σ dY y), row by row.
 * Only the result is saved.
 */
import { customVjp, type Dim, type Tensor } from 'adjoint';

export const softmax = customVjp(
  <N extends Dim, C extends Dim>(x: Tensor<[N, C]>) => {
    const powers = x.sub(x.max(1, { keepdims: true })).exp();
    const y = powers.div(powers.sum(1, { keepdims: true }));
    return { y, saved: { y } };
  },
  ({ y }, dy) => [y.mul(dy.sub(dy.mul(y).sum(1, { keepdims: true })))],
);
