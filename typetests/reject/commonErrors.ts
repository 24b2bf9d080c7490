/** The four errors of the worked example, with sized names, with equal sizes everywhere, and inside generic layers. */
import { customVjp, type Dim, layer, type Tensor } from 'adjoint';

declare const X: Tensor<['n=3', 'in=2']>;
declare const W: Tensor<['in=2', 'out=2']>;
declare const b: Tensor<['out=2']>;
declare const dY: Tensor<['n=3', 'out=2']>;

// missing transpose: dW = X @ dY
X.matmul(dY);
// missing transpose: dX = dY @ W, although W is square
dY.matmul(W);
// wrong sum axis: db over the outputs
b.sub(dY.sum('out'));
// wrong sum axis, where the gradient is due
((_: Tensor<['out=2']>) => {})(dY.sum('out'));
// an axis that is not there
dY.sum('in');
// element-wise for matrix product
X.mul(W);
// element-wise for matrix product, with the transpose
dY.mul(W.T);
// activation not saved
customVjp((x: typeof X, w: typeof W) => ({ y: x.matmul(w), saved: { w } }), (saved, dy) => [dy.matmul(saved.w.T), saved.x.T.matmul(dy)]);

declare const x: Tensor<['batch=64', 'in=64']>;
declare const w: Tensor<['in=64', 'out=64']>;
declare const dy: Tensor<['batch=64', 'out=64']>;
declare const bias: Tensor<['out=64']>;

// square, missing transpose: x @ dy
x.matmul(dy);
// square, missing transpose: dy @ w
dy.matmul(w);
// square, missing transpose on the left: xᵀ @ w
x.T.matmul(w);
// square, operands swapped
w.matmul(x);
// square, wrong sum axis
bias.sub(dy.sum('out'));
// square, wrong sum axis by index
bias.sub(dy.sum(1));
// square, element-wise for matrix product
x.mul(w);
// square, element-wise for matrix product, with the transpose
dy.mul(w.T);
// square, activation not saved
customVjp((a: typeof x, c: typeof w) => ({ y: a.matmul(c), saved: { c } }), (saved, d) => [d.matmul(saved.c.T), saved.a.T.matmul(d)]);
// square, gradients in transposed shape
customVjp((a: typeof x, c: typeof w) => ({ y: a.matmul(c), saved: { a, c } }), (saved, d) => [d.matmul(saved.c.T), d.T.matmul(saved.a)]);
// square, gradients swapped
customVjp((a: typeof x, c: typeof w) => ({ y: a.matmul(c), saved: { a, c } }), (saved, d) => [saved.a.T.matmul(d), d.matmul(saved.c.T)]);

// generic, missing transpose: x @ dy
layer(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, dy: Tensor<[N, O]>) => x.matmul(dy));
// generic, missing transpose: dy @ w
layer(<N extends Dim, I extends Dim, O extends Dim>(dy: Tensor<[N, O]>, w: Tensor<[I, O]>) => dy.matmul(w));
// generic, wrong sum axis
layer(<N extends Dim, O extends Dim>(dy: Tensor<[N, O]>, b: Tensor<[O]>) => b.sub(dy.sum(1)));
// generic, element-wise for matrix product
layer(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, w: Tensor<[I, O]>) => x.mul(w));
// generic, activation not saved
customVjp(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, w: Tensor<[I, O]>) => ({ y: x.matmul(w), saved: { w } }), (saved, dy) => [dy.matmul(saved.w.T), saved.x.T.matmul(dy)]);
// generic, missing transposes in a backward
customVjp(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, w: Tensor<[I, O]>) => ({ y: x.matmul(w), saved: { x, w } }), (saved, dy) => [dy.matmul(saved.w), saved.x.matmul(dy)]);
// generic, gradients swapped
customVjp(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, w: Tensor<[I, O]>) => ({ y: x.matmul(w), saved: { x, w } }), (saved, dy) => [saved.x.T.matmul(dy), dy.matmul(saved.w.T)]);
// generic, too few gradients
customVjp(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, w: Tensor<[I, O]>) => ({ y: x.matmul(w), saved: { w } }), (saved, dy) => [dy.matmul(saved.w.T)]);
