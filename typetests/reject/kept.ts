/** Axes kept with size 1 stretch along the axis of their name only. */
import { type Dim, layer, type Tensor } from 'adjoint';

declare const scores: Tensor<['batch', 'query=3', 'key=7']>;
declare const rows: Tensor<['n=3', 'in=3']>;
declare const head: Tensor<['n=3', 'head=1']>;

// the sum over another axis, swapped into the place of the right one
scores.div(scores.sum('query', { keepdims: true }).mT);
// the largest over the wrong axis of a square
rows.sub(rows.max('n', { keepdims: true }).T);
// a kept axis of another name
scores.sub(scores.max('key', { keepdims: true }).rename({ key: 'head' }));
// an axis of size 1 by birth
rows.mul(head);
// two axes of size 1 with two names
head.mul(rows.sum('in', { keepdims: true }));
// a kept axis along an anonymous one
rows.withNames('n', 'm').sum('m', { keepdims: true }).mul(null as unknown as Tensor<['n=3', 3]>);
// a comparison with the mean over the wrong axis
rows.gt(rows.mean('n', { keepdims: true }).T);
// generic, kept over the wrong axis
layer(<N extends Dim, C extends Dim>(x: Tensor<[N, C]>) => x.sub(x.mean(0, { keepdims: true }).T));
// generic, one kept axis for another
layer(<N extends Dim, C extends Dim>(x: Tensor<[N, C]>, y: Tensor<[C, N]>) => x.sub(y.mean(1, { keepdims: true })));
