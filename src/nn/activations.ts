/**
 * Activations that are no members of tensors (those are `relu`, `sigmoid`, `tanh`).
 *
 * Invariant: each is element-wise: it keeps the shape, and is finite with a finite gradient wherever its argument is.
 */
import type { Shape, Tensor } from '../index.ts';
import { oneOf, requireOptions } from './options.ts';

/** x where x > 0, else slope · x. Gradient: dY, or slope · dY. Source: Maas et al., 2013. */
export const leakyRelu = <S extends Shape>(x: Tensor<S>, slope = 0.01): Tensor<S> => x.relu().add(x.minimum(0).mul(slope));

/** x where x > 0, else scale · (eˣ - 1). Gradient: dY, or dY · scale · eˣ. Source: Clevert et al., 2016. */
export const elu = <S extends Shape>(x: Tensor<S>, scale = 1): Tensor<S> => x.relu().add(x.minimum(0).expm1().mul(scale));

/** x σ(x), also called swish. Gradient: dY · σ(x) (1 + x (1 - σ(x))). Source: Elfwing et al., 2018. */
export const silu = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.mul(x.sigmoid());

/** log(1 + eˣ), which never overflows. Gradient: dY · σ(x). Source: Dugas et al., 2001. */
export const softplus = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.relu().add(x.abs().neg().exp().log1p());

/** x tanh(softplus(x)). Gradient: dY · (t + x σ(x) (1 - t²)), t the tangent. Source: Misra, 2020. */
export const mish = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.mul(softplus(x).tanh());

/**
 * x Φ(x), Φ the normal distribution: x (1 + erf(x / √2)) / 2, or with `approximate: 'tanh'` x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2.
 * Shapes: stay. Gradient: dY · (Φ(x) + x e^(-x²/2) / √(2π)), or that of the other form. Source: Hendrycks and Gimpel, 2016.
 */
export function gelu<S extends Shape>(x: Tensor<S>, options: { readonly approximate?: 'tanh' } = {}): Tensor<S> {
  const { approximate } = requireOptions('gelu', { approximate: oneOf('tanh') }, options);
  const inner =
    approximate === 'tanh'
      ? x
          .mul(x)
          .mul(0.044715)
          .add(1)
          .mul(x)
          .mul(Math.sqrt(2 / Math.PI))
          .tanh()
      : x.mul(Math.SQRT1_2).erf();
  return x.mul(inner.add(1)).mul(0.5);
}
