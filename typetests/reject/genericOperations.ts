/** What cannot be decided where dims are type parameters: each says so in a short sentence. */
import { concat, type Dim, type Shape, stack, type Tensor, where } from 'adjoint';

// whether sizes multiply to the same
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.reshape(['p=6']))(null as never);
// whether a name is there, and another is free
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.rename({ n: 'p' }))(null as never);
// whether dims can take names
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.withNames('p', 'q'))(null as never);
// whether an axis has so many elements
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.slice(0, 0, 4))(null as never);
// what size an axis has with more
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.pad(0, 1, 1))(null as never);
// what sizes two axes have together
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => concat([x, x], 0))(null as never);
// whether two shapes are one
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>, y: Tensor<[M, N]>) => stack([x, y], 'p'))(null as never, null as never);
// whether a window fits
(<N extends Dim, C extends Dim, T extends Dim, O extends Dim>(x: Tensor<[N, C, T]>, w: Tensor<[O, C, 3]>) => x.conv1d(w))(null as never, null as never);
// whether a window fits an image
(<N extends Dim, C extends Dim, H extends Dim, O extends Dim>(x: Tensor<[N, C, H, H]>, w: Tensor<[O, C, 3, 3]>) => x.conv2d(w))(null as never, null as never);
// whether windows part an axis
(<N extends Dim, C extends Dim, T extends Dim>(x: Tensor<[N, C, T]>) => x.maxPool1d(2))(null as never);
// whether windows part two axes
(<N extends Dim, C extends Dim, H extends Dim>(x: Tensor<[N, C, H, H]>) => x.meanPool2d(2))(null as never);
// which axis has a name
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.sum('n'))(null as never);
// which axis has a name, of those along which values are cumulated
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.softmax('n'))(null as never);
// which axis has a name, of an index of the largest
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.argmax('n'))(null as never);
// whether there is a last axis
(<S extends Shape>(x: Tensor<S>) => x.softmax(-1))(null as never);
// whether there is a last axis to sum over
(<S extends Shape>(x: Tensor<S>) => x.sum(-1))(null as never);
// where a name is
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.permute('m', 'n'))(null as never);
// what a number of parts leaves
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.split(1, ['h=2', 'e']))(null as never);
// a kept first axis: what was reduced over it is seldom meant where sizes are not known
(<N extends Dim, M extends Dim>(x: Tensor<[N, M]>) => x.sub(x.mean(0, { keepdims: true })))(null as never);
// a kept axis in the middle
(<B extends Dim, N extends Dim, M extends Dim>(x: Tensor<[B, N, M]>) => x.sub(x.mean(1, { keepdims: true })))(null as never);
// a larger right operand
(<N extends Dim, M extends Dim>(x: Tensor<[M]>, y: Tensor<[N, M]>) => x.add(y))(null as never, null as never);
// values of two shapes
(<N extends Dim, M extends Dim>(c: Tensor<[N, M], 'bool'>, x: Tensor<[M, N]>) => where(c, x, 0))(null as never, null as never);
