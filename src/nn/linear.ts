/** Linear maps of the last axis. */
import type { Dim, Shape, Tensor } from '../index.ts';

/**
 * y = x w + b, on the last axis of a tensor of rank 2 or more.
 *
 * Shapes: [...p, n, in] by w [in, out] and b [out] → [...p, n, out]. Gradient: dx = dy wᵀ, dw = xᵀ dy, db = dy summed over all rows.
 * Errors: an `in` or `out` that differs does not compile.
 */
export function linear<P extends Shape, N extends Dim, I extends Dim, O extends Dim>(
  x: Tensor<[...P, N, I]>,
  { w, b }: { readonly w: Tensor<[NoInfer<I>, O]>; readonly b?: Tensor<[NoInfer<O>]> },
): Tensor<[...P, N, O]> {
  const y = x.matmul(w);
  return b === undefined ? y : y.add(b);
}
