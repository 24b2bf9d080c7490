/** The worked example: a generic layer, its gradients, and the specialisations of it. */
import { customVjp, type Dim, grad, jit, layer, ones, type Tensor, tensor, valueAndGrad, vjp } from 'adjoint';

const linear = layer(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; b: Tensor<[O]> }) =>
  x.matmul(p.w).add(p.b),
);
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
const y: Tensor<['n=3', 'out=2']> = linear(X, { w: W, b });

const pullback = vjp(linear)(X, { w: W, b });
const [dX, { w: dW, b: db }] = pullback.backward(ones(['n=3', 'out=2']));
const gradients: [Tensor<['n=3', 'in=2']>, Tensor<['in=2', 'out=2']>, Tensor<['out=2']>] = [dX, dW, db];

const dY = ones(['n=3', 'out=2']);
const byHand: typeof gradients = [dY.matmul(W.T), X.T.matmul(dY), dY.sum('n')];

export const hidden = layer(linear<'batch', 'in=784', 'out=128'>);
export const fromHidden: Tensor<['batch', 'out=128']> = hidden(null as unknown as Tensor<['batch', 'in=784']>, {
  w: ones(['in=784', 'out=128']),
  b: ones(['out=128']),
});
export const anonymous = layer(linear<3, 4, 5>);

/** Generics survive every transformation, one after the other. */
export const survived = [
  layer(jit(linear))(X, { w: W, b }),
  jit(layer(linear))(X, { w: W, b }),
  vjp(jit(linear))(X, { w: W, b }).y,
] satisfies (typeof y)[];

export const byName = customVjp(
  <N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, w: Tensor<[I, O]>) => ({ y: x.matmul(w), saved: { x, w } }),
  (saved, dy) => [dy.matmul(saved.w.T), saved.x.T.matmul(dy)],
);
export const one = customVjp(
  <N extends Dim>(x: Tensor<[N]>) => ({ y: x.exp(), saved: { x } }),
  ({ x }, dy) => [dy.mul(x.exp())],
);
export const product: typeof y = byName(X, W);
export const compiled: typeof y = jit(byName)(X, W);

const loss = <N extends Dim, O extends Dim>(p: { b: Tensor<[O]> }, x: Tensor<[N, O]>, steps: Tensor<[], 'i32'>) => {
  void steps;
  return x.add(p.b).mean();
};
export const gradient: { b: Tensor<['out=2']> } = grad(loss)({ b }, y, ones([], 'i32'));
export const both: { value: Tensor<[]>; gradient: { b: Tensor<['out=2']> } } = valueAndGrad(loss)({ b }, y, ones([], 'i32'));
export const inStep = jit((p: { b: typeof b }, x: typeof y) => grad(loss)(p, x, ones([], 'i32')));
export const second = grad((x: typeof b) => grad((z: typeof b) => z.mul(z).mul(z).sum())(x).sum())(b);
export { byHand };
