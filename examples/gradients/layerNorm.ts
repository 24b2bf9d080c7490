/**
 * Layer normalisation over the last axis (Ba et al., 2016). The mean and the deviation depend on x, too: dX loses its parts along
 * the ones and along the normalised row, which are the two directions that the forward pass removes.
 */
import { customVjp, type Dim, type Tensor } from 'adjoint';

export const layerNorm = customVjp(
  <N extends Dim, C extends Dim>(x: Tensor<[N, C]>, gamma: Tensor<[C]>, beta: Tensor<[C]>) => {
    const centred = x.sub(x.mean(1, { keepdims: true }));
    const deviation = centred.mul(centred).mean(1, { keepdims: true }).add(1e-5).sqrt();
    const normal = centred.div(deviation);
    return { y: normal.mul(gamma).add(beta), saved: { normal, deviation, gamma } };
  },
  ({ normal, deviation, gamma }, dy) => {
    const dNormal = dy.mul(gamma);
    const alongOnes = dNormal.mean(1, { keepdims: true });
    const alongNormal = normal.mul(dNormal.mul(normal).mean(1, { keepdims: true }));
    return [dNormal.sub(alongOnes).sub(alongNormal).div(deviation), dy.mul(normal).sum(0), dy.sum(0)];
  },
);
