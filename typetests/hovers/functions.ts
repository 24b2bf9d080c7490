/** What a hover shows of functions, of what transformations make of them, and of parameters and their gradients. */
import { type Dim, grad, jit, layer, ones, parameters, type Tensor, update, valueAndGrad, vjp, zeros } from 'adjoint';

export const linear = layer(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; b: Tensor<[O]> }) =>
  x.matmul(p.w).add(p.b),
);
export const special = layer(linear<'batch', 'in=784', 'out=10'>);
export const compiled = jit(special);

const x = ones(['n=3', 'in=2']);
const pulled = vjp(linear)(x, { w: ones(['in=2', 'out=2']), b: zeros(['out=2']) });
export const y = pulled.y;
export const gradients = pulled.backward(ones(['n=3', 'out=2']));
export const dx = gradients[0];
export const db = gradients[1].b;

export const p = parameters({ w: ones(['in=2', 'out=2']), b: zeros(['out=2']) });
export const weight = p.w;
const loss = (q: typeof p) => x.matmul(q.w).add(q.b).mean();
export const gradient = grad(loss)(p);
export const dw = gradient.w;
export const both = valueAndGrad(loss)(p);
export const next = update(p, gradient, (one, g) => one.sub(g));
