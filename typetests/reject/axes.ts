/** Axes that are none, where the rank has overloads of its own, and left operands that they must not take. */
import type { Tensor } from 'adjoint';

declare const cube: Tensor<['b=2', 't=4', 'd=6']>;
declare const images: Tensor<['batch', 28, 28]>;
declare const folded: Tensor<['2*batch', 't', 'd=6']>;
declare const matrix: Tensor<['2*batch', 'd=6']>;
declare const either: 'b' | 't';
declare const index: 0 | 1;
declare const text: string;
declare const untyped: any;
declare const wide: Tensor<[string, 'd=6']>;
declare const weight: Tensor<['d=6', 'k=5']>;
declare const tensors: Tensor<['n=3', 't=4', 'd=6']> | Tensor<['k=4', 't=4', 'd=6']>;

// one of two names
cube.sum(either);
// one of two indices
cube.sum(index);
// a text
cube.sum(text);
// no axis
cube.sum('q');
// beyond the rank
cube.sum(3);
// the whole dim
cube.sum('b=2');
// the index as a text
cube.sum('2');
// the size of an anonymous axis
images.sum(28);
// the size as a text
images.sum('28');
// arithmetic is no name
folded.sum('2*batch');
// arithmetic is no name, of rank 2
matrix.sum('2*batch');
// arithmetic is no name, kept
folded.sum('2*batch', { keepdims: true });
// a union on the left of a product
tensors.matmul(weight);
// a union on the left of a sum
tensors.sum('t');

// a text, of anonymous axes
images.sum(text);
// a text, of anonymous axes that are kept
images.sum(text, { keepdims: true });
// an axis of type any: the result is only a sentence
cube.sum(untyped).relu();
// a wide dim on the left of a product
wide.matmul(weight).relu();
