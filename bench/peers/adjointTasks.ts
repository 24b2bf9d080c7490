/**
 * The tasks in the language itself, as its users write them.
 *
 * Sizes come from the table of rows, so where a shape rule does not need them the axes are symbols here; at run time they are literals.
 */
import { type Dim, parameters, type State, type Tensor, update, updateWithState, valueAndGrad, vjp } from 'adjoint';
import { transformerBlock } from '../build/transformerBlock.ts';
import type { TaskKind } from '../tasks.ts';

const linear = <N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; b: Tensor<[O]> }) =>
  x.matmul(p.w).add(p.b);

type Weights = readonly [w1: Tensor<['pixel', 'hidden']>, b1: Tensor<['hidden']>, w2: Tensor<['hidden', 'class']>, b2: Tensor<['class']>];

const named = ([w1, b1, w2, b2]: Weights) => parameters({ w1, b1, w2, b2 });
type Model = ReturnType<typeof named>;
const listed = ({ w1, b1, w2, b2 }: State<Model>) => [w1, b1, w2, b2] as const;

function crossEntropy(p: Model, x: Tensor<['row', 'pixel']>, oneHot: Tensor<['row', 'class']>): Tensor<[]> {
  const scores = x.matmul(p.w1).add(p.b1).relu().matmul(p.w2).add(p.b2);
  const shifted = scores.sub(scores.max('class', { keepdims: true }).stopGradient());
  const logProbability = shifted.sub(shifted.exp().sum('class', { keepdims: true }).log());
  return logProbability.mul(oneHot).sum('class').mean().neg();
}

export const rate = 0.1;
export const adam = { rate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

function mlpSgd(state: Weights, x: Tensor<['row', 'pixel']>, oneHot: Tensor<['row', 'class']>) {
  const p = named(state);
  const { value, gradient } = valueAndGrad((q: Model) => crossEntropy(q, x, oneHot))(p);
  return [...listed(update(p, gradient, (w, g) => w.sub(g.mul(rate)))), value];
}

type AdamState = readonly [...Weights, ...Weights, ...Weights, step: Tensor<[]>];

function mlpAdam(state: AdamState, x: Tensor<['row', 'pixel']>, oneHot: Tensor<['row', 'class']>) {
  const [w1, b1, w2, b2, mw1, mb1, mw2, mb2, vw1, vb1, vw2, vb2, step] = state;
  const p = named([w1, b1, w2, b2]);
  const before = { m: { w1: mw1, b1: mb1, w2: mw2, b2: mb2 }, v: { w1: vw1, b1: vb1, w2: vw2, b2: vb2 } };
  const { value, gradient } = valueAndGrad((q: Model) => crossEntropy(q, x, oneHot))(p);
  const one = step.mul(0).add(1);
  const correction1 = one.sub(step.mul(Math.log(adam.beta1)).exp());
  const correction2 = one.sub(step.mul(Math.log(adam.beta2)).exp());
  const next = updateWithState(p, gradient, before, (w, g, { m, v }) => {
    const first = m.mul(adam.beta1).add(g.mul(1 - adam.beta1));
    const second = v.mul(adam.beta2).add(g.mul(g).mul(1 - adam.beta2));
    const change = first.div(correction1).div(second.div(correction2).sqrt().add(adam.epsilon)).mul(adam.rate);
    return { parameter: w.sub(change), state: { m: first, v: second } };
  });
  return [...listed(next.parameters), ...listed(next.state.m), ...listed(next.state.v), step.add(1), value];
}

function softmax<A extends Dim, B extends Dim>(x: Tensor<[A, B]>) {
  const exponential = x.sub(x.max(1, { keepdims: true }).stopGradient()).exp();
  return exponential.div(exponential.sum(1, { keepdims: true }));
}

const epsilon = 1e-5;

function layerNorm<A extends Dim, B extends Dim>(x: Tensor<[A, B]>, p: { gamma: Tensor<[B]>; beta: Tensor<[B]> }) {
  const centred = x.sub(x.mean(1, { keepdims: true }));
  const deviation = centred.mul(centred).mean(1, { keepdims: true }).add(epsilon).sqrt();
  return centred.div(deviation).mul(p.gamma).add(p.beta);
}

type Query = Tensor<['head', 'query', 'width']>;
type Keys = Tensor<['head', 'key', 'width']>;

function attention(q: Query, k: Keys, v: Keys, width: number): Query {
  const scores = q.matmul(k.mT).mul(1 / Math.sqrt(width));
  const exponential = scores.sub(scores.max('key', { keepdims: true }).stopGradient()).exp();
  return exponential.div(exponential.sum('key', { keepdims: true })).matmul(v);
}

type Images = Tensor<['image', 'channel', 'height=32', 'width=32']>;
type Filters = Tensor<['filter', 'channel', 'kernelHeight=3', 'kernelWidth=3']>;
const convolve = (x: Images, w: Filters) => x.conv2d(w, { padding: 'same' });

type Positions = Parameters<typeof transformerBlock>[1];

type BlockList = readonly [
  gamma1: Tensor<['width=128']>,
  beta1: Tensor<['width=128']>,
  query: Tensor<['width=128', 'query=128']>,
  key: Tensor<['width=128', 'key=128']>,
  value: Tensor<['width=128', 'value=128']>,
  joined: Tensor<['value=128', 'width=128']>,
  gamma2: Tensor<['width=128']>,
  beta2: Tensor<['width=128']>,
  up: Tensor<['width=128', 'hidden=512']>,
  upBias: Tensor<['hidden=512']>,
  down: Tensor<['hidden=512', 'width=128']>,
  downBias: Tensor<['width=128']>,
];

const block = ([gamma1, beta1, query, key, value, joined, gamma2, beta2, up, upBias, down, downBias]: BlockList) =>
  parameters({ gamma1, beta1, query, key, value, joined, gamma2, beta2, up, upBias, down, downBias });
type Block = ReturnType<typeof block>;

function transformer(state: BlockList, x: Positions, target: Positions) {
  const p = block(state);
  const loss = (q: Block) => {
    const difference = transformerBlock(q, x).sub(target);
    return difference.mul(difference).mean();
  };
  const { value, gradient } = valueAndGrad(loss)(p);
  const next = update(p, gradient, (w, g) => w.sub(g.mul(rate)));
  return [...(Object.values(next) as unknown[]), value]; // seam: Object.values forgets which tensors these are
}

/** Each takes the carried inputs as one list, then the others, and returns all outputs. */
export const adjointTasks: { readonly [kind in TaskKind]: (...inputs: never[]) => readonly unknown[] } = {
  matmulNN: (_: [], a: Tensor<['m', 'k']>, b: Tensor<['k', 'n']>) => [a.matmul(b)],
  matmulTN: (_: [], a: Tensor<['k', 'm']>, b: Tensor<['k', 'n']>) => [a.T.matmul(b)],
  matmulNT: (_: [], a: Tensor<['m', 'k']>, b: Tensor<['n', 'k']>) => [a.matmul(b.T)],
  linear: (_: [], x: Tensor<['row', 'in']>, w: Tensor<['in', 'out']>, b: Tensor<['out']>, dy: Tensor<['row', 'out']>) => {
    const { y, backward } = vjp(linear<'row', 'in', 'out'>)(x, { w, b });
    const [dX, { w: dW, b: db }] = backward(dy);
    return [y, dX, dW, db];
  },
  mlpSgd,
  mlpAdam,
  elementwise: (_: [], x: Tensor<['row', 'feature']>, y: Tensor<['row', 'feature']>) => [x.mul(y).add(x).relu()],
  sumAll: (_: [], x: Tensor<['row', 'feature']>) => [x.sum()],
  sumColumns: (_: [], x: Tensor<['row', 'feature']>) => [x.sum('row')],
  sumMiddle: (_: [], x: Tensor<['outer', 'middle', 'inner']>) => [x.sum('middle')],
  meanRows: (_: [], x: Tensor<['row', 'feature']>) => [x.mean('feature')],
  maxAll: (_: [], x: Tensor<['row', 'feature']>) => [x.max()],
  maxColumns: (_: [], x: Tensor<['row', 'feature']>) => [x.max('row')],
  logSumExp: (_: [], x: Tensor<['row', 'feature']>) => {
    const largest = x.max().stopGradient();
    return [x.sub(largest).exp().sum().log().add(largest)];
  },
  dot: (_: [], x: Tensor<['element']>, y: Tensor<['element']>) => [x.mul(y).sum()],
  softmax: (_: [], x: Tensor<['row', 'feature']>) => [softmax(x)],
  layerNorm: (_: [], x: Tensor<['row', 'feature']>, gamma: Tensor<['feature']>, beta: Tensor<['feature']>) => [
    layerNorm(x, { gamma, beta }),
  ],
  layerNormGradient: (
    _: [],
    x: Tensor<['row', 'feature']>,
    gamma: Tensor<['feature']>,
    beta: Tensor<['feature']>,
    dy: Tensor<['row', 'feature']>,
  ) => {
    const { y, backward } = vjp(layerNorm<'row', 'feature'>)(x, { gamma, beta });
    const [dX, p] = backward(dy);
    return [y, dX, p.gamma, p.beta];
  },
  attention: (_: [], q: Query, k: Keys, v: Keys) => [attention(q, k, v, Number(q.sizes[2]))],
  attentionGradient: (_: [], q: Query, k: Keys, v: Keys, dy: Query) => {
    const width = Number(q.sizes[2]);
    const { y, backward } = vjp((a: Query, b: Keys, c: Keys) => attention(a, b, c, width))(q, k, v);
    return [y, ...backward(dy)];
  },
  conv2d: (_: [], x: Images, w: Filters) => [convolve(x, w)],
  conv2dGradient: (_: [], x: Images, w: Filters, dy: Tensor<['image', 'filter', 'height=32', 'width=32']>) => {
    const { y, backward } = vjp(convolve)(x, w);
    return [y, ...backward(dy)];
  },
  transformer,
};
