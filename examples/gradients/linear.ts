/**
 * Y = XW + b. Every gradient is a product with the adjoint, the transpose, of the map that the forward pass applies:
 * dX = dY Wᵀ, dW = Xᵀ dY, and db sums dY over the rows that b was added to.
 */
import { customVjp, type Dim, type Tensor } from 'adjoint';

export const linear = customVjp(
  <N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, w: Tensor<[I, O]>, b: Tensor<[O]>) => ({
    y: x.matmul(w).add(b),
    saved: { x, w },
  }),
  ({ x, w }, dy) => [dy.matmul(w.T), x.T.matmul(dy), dy.sum(0)],
);
