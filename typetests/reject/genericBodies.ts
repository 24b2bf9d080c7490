/** Mistakes in bodies that are generic in their dims: found once, for all sizes. */
import { type Dim, layer, type Tensor } from 'adjoint';

// two dims that may differ
layer(<N extends Dim, M extends Dim>(a: Tensor<[N]>, b: Tensor<[M]>) => a.add(b));
// a dim that may be no literal of that kind
layer(<N extends Dim>(a: Tensor<[N, 'in=2']>, w: Tensor<['in=3', 'out=2']>) => a.matmul(w));
// a batch that may differ
layer(<B extends Dim, C extends Dim, N extends Dim, I extends Dim, O extends Dim>(a: Tensor<[B, N, I]>, b: Tensor<[C, I, O]>) => a.matmul(b));
// a bias along the wrong axis
layer(<N extends Dim, I extends Dim>(a: Tensor<[N, I]>, b: Tensor<[N]>) => a.add(b));
// an index that is not there
layer(<N extends Dim, I extends Dim>(a: Tensor<[N, I]>) => a.sum(2));
// an axis twice
layer(<N extends Dim, I extends Dim>(a: Tensor<[N, I]>) => a.sum([0, 0]));
// another dtype
layer(<N extends Dim>(a: Tensor<[N]>, b: Tensor<[N], 'i32'>) => a.add(b));
// a result of another shape than declared
layer(<N extends Dim, I extends Dim>(a: Tensor<[N, I]>): Tensor<[N, I]> => a.T);
// a sum without the axis kept
layer(<N extends Dim, I extends Dim>(a: Tensor<[N, I]>) => a.sub(a.sum(1)));
// a number where a tensor is due
layer(<N extends Dim, I extends Dim>(a: Tensor<[N, I]>) => a.matmul(2));
