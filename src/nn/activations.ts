/**
 * Activations that are no members of tensors (those are `relu`, `sigmoid`, `tanh`).
 *
 * Invariant: each is element-wise: it keeps the shape, and is finite with a finite gradient wherever its argument is.
 */
import type { Shape, Tensor } from '../index.ts';

/** x where x > 0, else slope · x. Gradient: dY, or slope · dY. Source: Maas et al., 2013. */
export const leakyRelu = <S extends Shape>(x: Tensor<S>, slope = 0.01): Tensor<S> => x.relu().add(x.minimum(0).mul(slope));

/** x where x > 0, else scale · (eˣ - 1). Gradient: dY, or dY · scale · eˣ. Source: Clevert et al., 2016. */
export const elu = <S extends Shape>(x: Tensor<S>, scale = 1): Tensor<S> => x.relu().add(x.minimum(0).exp().sub(1).mul(scale));
