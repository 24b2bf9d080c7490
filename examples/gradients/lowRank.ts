/** Y = XUV: a linear layer whose weights are a product of two thin matrices. XU is saved, for dV needs it; dY Vᵀ is shared by dX and dU. */
import { customVjp, type Tensor } from 'adjoint';

export const lowRank = customVjp(
  (x: Tensor<['batch', 'in=6']>, u: Tensor<['in=6', 'rank=2']>, v: Tensor<['rank=2', 'out=6']>) => {
    const xu = x.matmul(u);
    return { y: xu.matmul(v), saved: { x, u, v, xu } };
  },
  ({ x, u, v, xu }, dy) => {
    const dxu = dy.matmul(v.T);
    return [dxu.matmul(u.T), x.T.matmul(dxu), xu.T.matmul(dy)];
  },
);
