/** Sums over one axis and products, of each rank that has its own overloads, and the types they give. */
import type { Dim, Parameter, Tensor } from 'adjoint';

/** Accepts exactly one type: tensors are invariant in their shapes. */
const is =
  <T>() =>
  (_: T): void => {};

declare const matrix: Tensor<['n=4', 'm=6']>;
declare const symbolic: Tensor<['batch', 'time']>;
declare const pixels: Tensor<['batch', 28]>;
declare const cube: Tensor<['b=2', 't=4', 'd=6']>;
declare const images: Tensor<['batch', 28, 28]>;
declare const folded: Tensor<['2*batch', 't', 'd=6']>;
declare const parameter: Parameter<'w', ['n=4', 'm=6']>;

is<Tensor<['n=4']>>()(matrix.sum('m'));
is<Tensor<['m=6']>>()(matrix.sum('n'));
is<Tensor<['n=4', 'm=1']>>()(matrix.sum('m', { keepdims: true }));
is<Tensor<['n=1', 'm=6']>>()(matrix.sum(0, { keepdims: true }));
is<Tensor<['batch']>>()(symbolic.sum('time'));
is<Tensor<['time']>>()(symbolic.sum('batch'));
is<Tensor<['batch', 'time=1']>>()(symbolic.sum('time', { keepdims: true }));
is<Tensor<['batch']>>()(pixels.sum(1));
is<Tensor<['batch']>>()(pixels.sum(-1));
is<Tensor<[28]>>()(pixels.sum('batch'));
is<Tensor<[28]>>()(pixels.sum(0));
is<Tensor<['m=6']>>()(parameter.sum('n'));

is<Tensor<['t=4', 'd=6']>>()(cube.sum('b'));
is<Tensor<['b=2', 'd=6']>>()(cube.sum('t'));
is<Tensor<['b=2', 't=4']>>()(cube.sum('d'));
is<Tensor<['t=4', 'd=6']>>()(cube.sum(0));
is<Tensor<['b=2', 'd=6']>>()(cube.sum(1));
is<Tensor<['b=2', 't=4']>>()(cube.sum(2));
is<Tensor<['b=2', 't=4']>>()(cube.sum(-1));
is<Tensor<['b=1', 't=4', 'd=6']>>()(cube.sum('b', { keepdims: true }));
is<Tensor<['b=2', 't=1', 'd=6']>>()(cube.sum(1, { keepdims: true }));
is<Tensor<['b=2', 't=4', 'd=1']>>()(cube.sum('d', { keepdims: true }));
is<Tensor<[28, 28]>>()(images.sum('batch'));
is<Tensor<['batch', 28]>>()(images.sum(1));
is<Tensor<['batch', 28, 1]>>()(images.sum(-1, { keepdims: true }));
is<Tensor<['2*batch', 'd=6']>>()(folded.sum('t'));
is<Tensor<['t', 'd=6']>>()(folded.sum(0));

declare const weight: Tensor<['d=6', 'k=5']>;
declare const plain: Tensor<['d=6', 5]>;
declare const unsized: Tensor<['d=6', 'key']>;
declare const each: Tensor<['b=2', 'd=6', 'k=5']>;
declare const heads: Tensor<['b=2', 'h=3', 't=4', 'd=6']>;
declare const keys: Tensor<['b=2', 'h=3', 'd=6', 'key']>;
declare const deep: Tensor<['a=2', 'b=2', 'h=3', 't=4', 'd=6']>;

is<Tensor<['b=2', 't=4', 'k=5']>>()(cube.matmul(weight));
is<Tensor<['b=2', 't=4', 5]>>()(cube.matmul(plain));
is<Tensor<['b=2', 't=4', 'key']>>()(cube.matmul(unsized));
is<Tensor<['b=2', 't=4', 'k=5']>>()(cube.matmul(each));
is<Tensor<['b=2', 'h=3', 't=4', 'k=5']>>()(heads.matmul(weight));
is<Tensor<['b=2', 'h=3', 't=4', 'key']>>()(heads.matmul(keys));
is<Tensor<['a=2', 'b=2', 'h=3', 't=4', 'k=5']>>()(deep.matmul(weight));
is<Tensor<['m=6', 'm2=6']>>()(parameter.T.matmul(parameter.rename({ m: 'm2' })));

declare const constant: Tensor<readonly ['n=4', 'm=6']>;
is<Tensor<['m=6', 'n=4']>>()(constant.T);
is<Tensor<['m=6', 'n=4']>>()(constant.mT);

/** By index, a body decides for all sizes. */
export const middle = <N extends Dim, T extends Dim, H extends Dim>(x: Tensor<[N, T, H]>): Tensor<[N, H]> => x.sum(1);
export const kept = <N extends string, T extends string>(x: Tensor<[N, T, 'd=6']>): Tensor<[N, T]> => x.sum('d');
