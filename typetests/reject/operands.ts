/** Operands that do not fit. */
import type { Dim, Tensor } from 'adjoint';

declare const a: Tensor<['n=3', 'in=2']>;
declare const v: Tensor<['in=2']>;
declare const scalar: Tensor<[]>;
declare const batched: Tensor<['b=4', 'n=3', 'in=2']>;
declare const whole: Tensor<['n=3', 'in=2'], 'i32'>;
declare const truth: Tensor<['n=3'], 'bool'>;
declare const either: Tensor<['n=3', 'in=2']> | Tensor<['n=4', 'in=2']>;
declare const untyped: any;
declare const wide: Tensor<[number, 'in=2']>;

// a covariant trap: the inner axes must not become a union
a.matmul(a);
// an anonymous size is not a named one
a.matmul(null as unknown as Tensor<[2, 3]>);
// the same size under another name
a.matmul(null as unknown as Tensor<['k=2', 'm=5']>);
// a vector on the right
a.matmul(v);
// a vector on the left
v.matmul(a.T);
// a scalar on the left
scalar.matmul(a);
// batch axes that differ in name alone
batched.matmul(null as unknown as Tensor<['c=4', 'in=2', 'm=5']>);
// batch axes that differ in size
batched.matmul(null as unknown as Tensor<['b=2', 'in=2', 'm=5']>);
// a batch axis of size 1 with another name
batched.matmul(null as unknown as Tensor<['h=1', 'in=2', 'm=5']>);
// more batch axes on the right
batched.matmul(null as unknown as Tensor<['h=2', 1, 'in=2', 'm=5']>);
// a name twice in a product whose batch stretches
(null as unknown as Tensor<[1, 'n=3', 'in=2']>).matmul(null as unknown as Tensor<['b=4', 'in=2', 'n=4']>);
// batch axes only on the right
a.matmul(null as unknown as Tensor<['b=4', 'in=2', 'm=5']>);
// a name twice in the product, met when it is used
a.matmul(a.T).relu();
// a name twice in a batched product, met when it is used
batched.matmul(batched.mT).relu();
// a wide name in a batch, met when it is used
(null as unknown as Tensor<['b', string, 'd']>).matmul(null as unknown as Tensor<['d', 'e']>).relu();
// a number
a.matmul(2);
// nothing at all
a.matmul(undefined);
// an array
a.matmul([[1, 2]]);
// a union on the right
a.add(either);
// a union on the left
either.add(1);
// a union on the left of a product
either.matmul(a.T);
// a union that is reduced
either.sum('in');
// any, met when it is used
a.matmul(untyped).relu();
// any, element by element, met when it is used
a.add(untyped).relu();
// another dtype
whole.matmul(null as unknown as Tensor<['in=2', 'out=5']>);
// another dtype, element by element
whole.add(a);
// a text
a.mul('2');
// an object
a.mul({});
// a bias of other axes
a.add(null as unknown as Tensor<['out=2']>);
// the larger operand on the right
v.add(a);
// a suffix that is a prefix
a.add(null as unknown as Tensor<['n=3']>);
// no arithmetic on truth values
truth.add(truth);
// no relu of integers
whole.relu();
// a dim that is wide on the left is not the literal on the right
wide.matmul(a.T).add(a);
// invariance: a literal is no number
((_: Tensor<[number, 'in=2']>) => {})(a);
// invariance: a shape is no list of dims
((_: Tensor<readonly Dim[]>) => {})(a);
// a name that the product would repeat, where the right operand's batch stretches
batched.matmul({} as Tensor<[1, 'in=2', 'n=4']>);
