/** Parameters and their gradients compute like any tensor, and stay tied to one another. */
import {
  customVjp,
  type Dim,
  type Gradient,
  type GradientOf,
  grad,
  jit,
  layer,
  type NamedParameters,
  ones,
  type Parameter,
  parameters,
  randn,
  type State,
  type Tensor,
  update,
  updateWithState,
  valueAndGrad,
  vjp,
  zeros,
  zerosLike,
} from 'adjoint';

const p = parameters({
  w1: randn(['in=2', 'out=3']),
  w2: randn(['in=2', 'out=3']),
  b: zeros(['out=3']),
  layers: [{ w: ones(['out=3', 'h=3']) }, { w: ones(['out=3', 'h=3']) }],
  half: ones(['out=3'], 'f16'),
  steps: ones([], 'i32'),
  rate: 0.5,
});

// The names are the paths.
export const w1: Parameter<'w1', ['in=2', 'out=3']> = p.w1;
export const first: Parameter<'layers.0.w', ['out=3', 'h=3']> = p.layers[0].w;
export const second: Parameter<'layers.1.w', ['out=3', 'h=3']> = p.layers[1].w;
export const whole: Tensor<[], 'i32'> = p.steps;
export const half: Tensor<['out=3'], 'f16'> = p.half;
export const renamed: Parameter<'encoder.w1', ['in=2', 'out=3']> = parameters({ encoder: p }).encoder.w1;

// They are tensors.
declare const x: Tensor<['n', 'in=2']>;
const linear = layer(<N extends Dim, I extends Dim, O extends Dim>(a: Tensor<[N, I]>, q: { w: Tensor<[I, O]>; b: Tensor<[O]> }) =>
  a.matmul(q.w).add(q.b),
);
export const y: Tensor<['n', 'out=3']> = linear(x, { w: p.w1, b: p.b });
export const products: [Tensor<['n', 'out=3']>, Tensor<['out=3', 'in=2']>, Tensor<['out=3']>, Tensor<['in=2', 'out=3']>] = [
  x.matmul(p.w1).relu(),
  p.w1.T,
  p.w1.sum('in'),
  p.w1.add(p.b).mul(p.w2).sub(1),
];
export const plain: Tensor<['in=2', 'out=3']> = p.w1;

// Their gradients are tied.
const loss = (q: typeof p, a: typeof x): Tensor<[]> =>
  linear(a, { w: q.w1.add(q.w2), b: q.b })
    .matmul(q.layers[0].w)
    .mul(q.rate)
    .sum();
const { gradient } = valueAndGrad(loss)(p, x);
export const dw1: GradientOf<'w1', ['in=2', 'out=3']> = gradient.w1;
export const dfirst: GradientOf<'layers.0.w', ['out=3', 'h=3']> = gradient.layers[0].w;
export const dwPlain: Tensor<['in=2', 'out=3']> = gradient.w1;
export const none: null = gradient.steps;
export const norm: Tensor<[]> = gradient.w1.mul(gradient.w1).sum();
export const same: Gradient<typeof p> = grad(jit(loss))(p, x);
export const compiled: Gradient<typeof p> = jit(grad(loss))(p, x);
export const pulled: Gradient<typeof p> = vjp(loss)(p, x).backward(ones([]))[0];
export const hessian: Tensor<['in=2', 'out=3']> = grad((g: typeof dw1) => g.mul(g).sum())(dw1);

// Updates.
export const next: typeof p = update(p, gradient, (w, g) => w.sub(g.mul(0.1)));
export const byParts: typeof p = update(p, { ...gradient, w1: gradient.w1 }, (w, g) => w.sub(g));
const state = { m: zerosLike(p), v: zerosLike(p) };
export const adam = updateWithState(p, gradient, state, (w, g, { m, v }) => {
  const moment = m.mul(0.9).add(g.mul(0.1));
  const square = v.mul(0.999).add(g.mul(g).mul(0.001));
  return { parameter: w.sub(moment.div(square.sqrt().add(1e-8)).mul(0.001)), state: { m: moment, v: square } };
});
export const after: [typeof p, { readonly m: State<typeof p>; readonly v: State<typeof p> }] = [adam.parameters, adam.state];
export const velocity: Tensor<['in=2', 'out=3']> = state.m.w1;
export const step = jit((q: typeof p, a: typeof x) => update(q, grad(loss)(q, a), (w, g) => w.sub(g)));
export const stepped: typeof p = step(step(p, x), x);

/** An optimizer for any parameters. */
export function descend<P extends NamedParameters<P>>(q: P, g: Gradient<P>, rate: number): P {
  return update(q, g, (w, dw) => w.sub(dw.mul(rate)));
}
export const descended: typeof p = descend(p, gradient, 0.1);

/** A model that is an interface, with lists of what is one. */
interface Layer {
  readonly w: Parameter<'layers.0.w', ['out=3', 'h=3']>;
}
interface Model {
  readonly layers: readonly Layer[];
  readonly b: Parameter<'b', ['h=3']>;
  readonly rate: number;
}
export const descendModel = (model: Model, g: Gradient<Model>): Model =>
  descend(
    update(model, g, (w, dw) => w.sub(dw)),
    g,
    0.1,
  );

/** A hand-written backward of parameters returns plain tensors. */
const byHand = customVjp(
  (a: typeof x, w: (typeof p)['w1']) => ({ y: a.matmul(w), saved: { a, w } }),
  (saved, dy) => [dy.matmul(saved.w.T), saved.a.T.matmul(dy)],
);
export const tied: GradientOf<'w1', ['in=2', 'out=3']> = grad((q: typeof p) => byHand(x, q.w1).sum())(p).w1;
