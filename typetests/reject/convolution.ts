/** Convolutions and pools that do not fit. */
import type { Dim, Tensor } from 'adjoint';

declare const x: Tensor<['n', 'c=3', 'h=32', 'w=32']>;
declare const w: Tensor<['o=8', 'c=3', 3, 3]>;
declare const six: Tensor<['n', 'c=6', 'h=32', 'w=32']>;
declare const open: Tensor<['n', 'c=3', 'h', 'w=32']>;
declare const t: Tensor<['n', 'c=3', 't=5']>;
declare const untyped: any;
declare const size: number;

// channels that differ
x.conv2d({} as Tensor<['o=8', 'c=4', 3, 3]>);
// channels of one size under two names
x.conv2d({} as Tensor<['o=8', 'd=3', 3, 3]>);
// channels that fit in groups
six.conv2d({} as Tensor<['o=8', 'c=3', 3, 3]>);
// groups that do not fill the channels
six.conv2d({} as Tensor<['o=8', 'c=2', 3, 3]>, { groups: 2 });
// groups that do not divide the outputs
six.conv2d({} as Tensor<['o=8', 'c=2', 3, 3]>, { groups: 3 });
// weights the wrong way around
x.conv2d({} as Tensor<[3, 3, 'c=3', 'o=8']>);
// a kernel larger than the input
t.conv1d({} as Tensor<['o=8', 'c=3', 'k=8']>, { padding: 1 });
// a kernel that dilation makes too large
x.conv2d(w, { dilation: [16, 1] });
// a spatial axis without a size
open.conv2d(w);
// a kernel without a size
x.conv2d({} as Tensor<['o=8', 'c=3', 'k', 3]>);
// a rank too low
t.conv2d(w);
// a rank too high
x.conv1d(w);
// the result would name an axis twice
x.conv2d({} as Tensor<['h=8', 'c=3', 3, 3]>);
// integers
x.conv2d({} as Tensor<['o=8', 'c=3', 3, 3], 'i32'>);
// no tensor
x.conv2d(3);
// a stride of 0
x.conv2d(w, { stride: 0 });
// padding that is not whole
x.conv2d(w, { padding: 1.5 });
// a negative dilation
x.conv2d(w, { dilation: [1, -1] });
// a stride that is not known
x.conv2d(w, { stride: size });
// a stride of two values
x.conv2d(w, { stride: {} as 1 | 2 });
// too many numbers
x.conv2d(w, { stride: [1, 2, 3] });
// an option that does not exist
x.conv2d(w, { strides: 2 });
// the same size with a stride
x.conv2d(w, { stride: 2, padding: 'same' });
// another padding
x.conv2d(w, { padding: 'valid' });
// groups that are not known
x.conv2d(w, { groups: size });
// an option that may be absent
x.conv2d(w, {} as { stride?: 2 });
// untyped weights
x.conv2d(untyped).relu();
// untyped options
x.conv2d(w, untyped).relu();
// a window larger than the input
t.maxPool1d(8);
// padding of more than half a window
x.maxPool2d(2, { padding: 2 });
// a window without a size
x.meanPool2d(size);
// a window of no element
x.meanPool2d([2, 0]);
// dilation, which pools do not have
x.maxPool2d(2, { dilation: 2 });
// the same size with the stride of a window
x.maxPool2d(3, { padding: 'same' });
// a pool over an axis without a size
open.maxPool2d(2);
// a pool of the wrong rank
t.meanPool2d(2);
// an untyped size
x.maxPool2d(untyped).relu();

// a type parameter as a spatial axis
export const spatial = <N extends Dim, H extends Dim>(x: Tensor<[N, 'c=3', H, 'w=32']>) => x.conv2d(w);
// a type parameter under a pool
export const pooled = <N extends Dim, H extends Dim>(x: Tensor<[N, 'c=3', H, 'w=32']>) => x.maxPool2d(2);
// channels of two type parameters
export const channels = <C extends Dim, D extends Dim>(x: Tensor<['n', C, 'h=32', 'w=32']>, v: Tensor<['o', D, 3, 3]>) => x.conv2d(v);
