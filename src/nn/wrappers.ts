/** Layers around layers. */
import type { Dim, Shape, Tensor } from '../index.ts';
import { anyNumber, functionOf, requireFigure, requireOptions } from './options.ts';

/** x + f(x). Shapes: f keeps the shape. Gradient: dY, and what f makes of it. Source: He et al., 2016. */
export const residual = <S extends Shape>(x: Tensor<S>, f: (x: Tensor<S>) => Tensor<S>): Tensor<S> =>
  x.add(requireFigure('residual', 'the layer', functionOf('a function of a tensor'), f)(x));

/**
 * y = x w + scale · x u v: weights that stay, and a change to them of low rank that is trained. With v zero at first, nothing changes.
 *
 * Shapes: x [...p, n, in], w [in, out], u [in, rank], v [rank, out] → [...p, n, out]. Gradient: with dr = scale · dy vᵀ,
 * dx = dy wᵀ + dr uᵀ, dw = xᵀ dy, du = xᵀ dr, dv = scale · (x u)ᵀ dy. Source: Hu et al., 2022.
 */
export function lowRank<P extends Shape, N extends Dim, I extends Dim, R extends Dim, O extends Dim>(
  x: Tensor<[...P, N, I]>,
  p: { readonly w: Tensor<[NoInfer<I>, O]>; readonly u: Tensor<[NoInfer<I>, R]>; readonly v: Tensor<[NoInfer<R>, NoInfer<O>]> },
  options: { readonly scale?: number } = {},
): Tensor<[...P, N, O]> {
  const { scale = 1 } = requireOptions('lowRank', { scale: anyNumber }, options);
  return x.matmul(p.w).add(x.matmul(p.u).matmul(p.v).mul(scale));
}
