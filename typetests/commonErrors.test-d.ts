/** The four errors of the worked example, for tsd: with sized names, with equal sizes everywhere, and inside generic layers. */
import { customVjp, type Dim, layer, ones, type Tensor, tensor, vjp } from 'adjoint';
import { expectError, expectType } from 'tsd';

const X = tensor(
  [
    [1, 0],
    [0, 1],
    [1, 1],
  ],
  ['n', 'in'],
);
const W = tensor(
  [
    [2, 1],
    [-1, 3],
  ],
  ['in', 'out'],
);
const b = tensor([0.5, -2], ['out']);
const dY = ones(['n=3', 'out=2']);
const linear = layer(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; b: Tensor<[O]> }) =>
  x.matmul(p.w).add(p.b),
);

// What is right, and its type.
expectType<Tensor<['n=3', 'in=2']>>(X);
expectType<Tensor<['n=3', 'out=2']>>(linear(X, { w: W, b }));
expectType<Tensor<['n=3', 'in=2']>>(dY.matmul(W.T));
expectType<Tensor<['in=2', 'out=2']>>(X.T.matmul(dY));
expectType<Tensor<['out=2']>>(dY.sum('n'));
expectType<[x: Tensor<['n=3', 'in=2']>, p: { w: Tensor<['in=2', 'out=2']>; b: Tensor<['out=2']> }]>(
  vjp(linear)(X, { w: W, b }).backward(dY),
);

// Sized names: missing transpose, wrong sum axis, element-wise for matrix product, activation not saved.
expectError(X.matmul(dY));
expectError(dY.matmul(W));
expectError(b.sub(dY.sum('out')));
expectError(X.mul(W));
expectError(dY.mul(W.T));
expectError(
  customVjp(
    (x: Tensor<['n=3', 'in=2']>, w: Tensor<['in=2', 'out=2']>) => ({ y: x.matmul(w), saved: { w } }),
    (saved, dy) => [dy.matmul(saved.w.T), saved.x.T.matmul(dy)],
  ),
);

// Equal sizes everywhere.
declare const x: Tensor<['batch=64', 'in=64']>;
declare const w: Tensor<['in=64', 'out=64']>;
declare const bias: Tensor<['out=64']>;
declare const dy: Tensor<['batch=64', 'out=64']>;
expectType<Tensor<['batch=64', 'in=64']>>(dy.matmul(w.T));
expectError(x.matmul(dy));
expectError(dy.matmul(w));
expectError(bias.sub(dy.sum('out')));
expectError(x.mul(w));
expectError(
  customVjp(
    (a: Tensor<['batch=64', 'in=64']>, c: Tensor<['in=64', 'out=64']>) => ({ y: a.matmul(c), saved: { c } }),
    (saved, d) => [d.matmul(saved.c.T), saved.a.T.matmul(d)],
  ),
);

// Generic layers.
expectError(layer(<N extends Dim, I extends Dim, O extends Dim>(a: Tensor<[N, I]>, d: Tensor<[N, O]>) => a.matmul(d)));
expectError(layer(<N extends Dim, I extends Dim, O extends Dim>(d: Tensor<[N, O]>, c: Tensor<[I, O]>) => d.matmul(c)));
expectError(layer(<N extends Dim, O extends Dim>(d: Tensor<[N, O]>, c: Tensor<[O]>) => c.sub(d.sum(1))));
expectError(layer(<N extends Dim, I extends Dim, O extends Dim>(a: Tensor<[N, I]>, c: Tensor<[I, O]>) => a.mul(c)));
expectError(
  customVjp(
    <N extends Dim, I extends Dim, O extends Dim>(a: Tensor<[N, I]>, c: Tensor<[I, O]>) => ({ y: a.matmul(c), saved: { c } }),
    (saved, d) => [d.matmul(saved.c.T), saved.a.T.matmul(d)],
  ),
);
