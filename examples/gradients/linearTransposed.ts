/** Y = XWᵀ, the weights stored with their outputs first, as PyTorch stores them. Now dX needs no transpose, and dW is dYᵀ X. */
import { customVjp, type Tensor } from 'adjoint';

export const linearTransposed = customVjp(
  (x: Tensor<['batch', 'in=4']>, w: Tensor<['out=4', 'in=4']>) => ({ y: x.matmul(w.T), saved: { x, w } }),
  ({ x, w }, dy) => [dy.matmul(w), dy.T.matmul(x)],
);
