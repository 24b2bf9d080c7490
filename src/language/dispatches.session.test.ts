/**
 * The train steps of perceptrons, from the language: how many kernels they are, which, and that they train.
 *
 * An L-layer perceptron's step is 3 L - 1 kernels: L forward, the loss and its gradient in the row epilogue of the last; L - 1
 * products for the layers' inputs, with the activation's derivative, the mean of the loss aside; L for the weights, with the sums for
 * the biases and the optimizer's update. With Adam that last kind binds nine buffers, one more than WebGPU promises and fewer than
 * devices have: once the device is open, jit compiles for what it binds.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultSession } from '../runtime/device.ts';
import type { Session } from '../runtime/session.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import type { State } from '../types/transform.ts';
import { full, randn, tensor, zeros } from './creation.ts';
import { jit } from './jit.ts';
import { parameters, update, updateWithState, zerosLike } from './parameters.ts';
import { valueAndGrad } from './vjp.ts';

let session: Session;
beforeAll(async () => {
  session = await defaultSession();
});

type Batch = Tensor<['batch=32', 'in=24']>;
type Classes = Tensor<['batch=32', 'class=5']>;

const two = () =>
  parameters({
    w1: randn(['in=24', 'hidden=16'], { seed: 1 }).mul(0.3),
    b1: zeros(['hidden=16']),
    w2: randn(['hidden=16', 'class=5'], { seed: 2 }).mul(0.3),
    b2: zeros(['class=5']),
  });
const three = () =>
  parameters({
    w1: randn(['in=24', 'hidden=16'], { seed: 1 }).mul(0.3),
    b1: zeros(['hidden=16']),
    w2: randn(['hidden=16', 'deep=12'], { seed: 2 }).mul(0.3),
    b2: zeros(['deep=12']),
    w3: randn(['deep=12', 'class=5'], { seed: 3 }).mul(0.3),
    b3: zeros(['class=5']),
  });
type Two = ReturnType<typeof two>;
type Three = ReturnType<typeof three>;

function crossEntropy(y: Classes, oneHot: Classes): Tensor<[]> {
  const shifted = y.sub(y.max(1, { keepdims: true }).stopGradient());
  const logProbability = shifted.sub(shifted.exp().sum(1, { keepdims: true }).log());
  return logProbability.mul(oneHot).sum(1).mean().neg();
}
const twoLoss = (p: Two, x: Batch, oneHot: Classes) => crossEntropy(x.matmul(p.w1).add(p.b1).relu().matmul(p.w2).add(p.b2), oneHot);
const threeLoss = (p: Three, x: Batch, oneHot: Classes) =>
  crossEntropy(x.matmul(p.w1).add(p.b1).relu().matmul(p.w2).add(p.b2).relu().matmul(p.w3).add(p.b3), oneHot);

const x = () => randn(['batch=32', 'in=24'], { seed: 9 });
const oneHot = () =>
  tensor(
    Float32Array.from({ length: 160 }, (_, i) => (Math.floor(i / 5) % 5 === i % 5 ? 1 : 0)),
    ['batch=32', 'class=5'],
  );

type Adam<P> = { readonly m: State<P>; readonly v: State<P> };
/** Dispatches of one step, and the loss before and after some. */
async function train<S>(start: S, step: (state: S) => { readonly loss: Tensor<[]>; readonly next: S }) {
  let state = start;
  const losses: number[] = [];
  let dispatches = 0;
  for (let i = 0; i < 12; i++) {
    const before = session.statistics();
    const { loss, next } = step(state);
    state = next;
    losses.push(await loss.item());
    const after = session.statistics();
    dispatches = after.dispatches - before.dispatches;
    if (i > 0) expect(after.submits - before.submits).toBe(1);
  }
  expect(losses.at(-1)).toBeLessThan(0.7 * (losses[0] ?? 0));
  return dispatches;
}

describe('two layers: 5 kernels', () => {
  it('with SGD', async () => {
    const step = jit(
      (p: Two, a: Batch, b: Classes) => {
        const { value, gradient } = valueAndGrad(twoLoss)(p, a, b);
        return { loss: value, next: update(p, gradient, (w, g) => w.sub(g.mul(0.5))) };
      },
      { name: 'sgd2', donate: [0] },
    );
    const [a, b] = [x(), oneHot()];
    expect(await train(two(), (p) => step(p, a, b))).toBe(5);
  });

  it('with Adam', async () => {
    const step = jit(
      (p: Two, state: Adam<Two>, a: Batch, b: Classes, rate: Tensor<[]>) => {
        const { value, gradient } = valueAndGrad(twoLoss)(p, a, b);
        const next = updateWithState(p, gradient, state, (w, g, { m, v }) => {
          const [m2, v2] = [m.mul(0.9).add(g.mul(0.1)), v.mul(0.999).add(g.mul(g).mul(0.001))];
          return { parameter: w.sub(m2.div(v2.sqrt().add(1e-8)).mul(rate)), state: { m: m2, v: v2 } };
        });
        return { loss: value, next: { p: next.parameters, state: next.state } };
      },
      { name: 'adam2', donate: [0, 1] },
    );
    const [a, b, rate] = [x(), oneHot(), full([], 0.02)];
    const p = two();
    const start = { p, state: { m: zerosLike(p), v: zerosLike(p) } };
    expect(await train(start, (now) => step(now.p, now.state, a, b, rate))).toBe(5);
  });
});

describe('three layers: 8 kernels', () => {
  it('with SGD', async () => {
    const step = jit(
      (p: Three, a: Batch, b: Classes) => {
        const { value, gradient } = valueAndGrad(threeLoss)(p, a, b);
        return { loss: value, next: update(p, gradient, (w, g) => w.sub(g.mul(0.5))) };
      },
      { name: 'sgd3', donate: [0] },
    );
    const [a, b] = [x(), oneHot()];
    expect(await train(three(), (p) => step(p, a, b))).toBe(8);
  });

  it('with Adam', async () => {
    const step = jit(
      (p: Three, state: Adam<Three>, a: Batch, b: Classes, rate: Tensor<[]>) => {
        const { value, gradient } = valueAndGrad(threeLoss)(p, a, b);
        const next = updateWithState(p, gradient, state, (w, g, { m, v }) => {
          const [m2, v2] = [m.mul(0.9).add(g.mul(0.1)), v.mul(0.999).add(g.mul(g).mul(0.001))];
          return { parameter: w.sub(m2.div(v2.sqrt().add(1e-8)).mul(rate)), state: { m: m2, v: v2 } };
        });
        return { loss: value, next: { p: next.parameters, state: next.state } };
      },
      { name: 'adam3', donate: [0, 1] },
    );
    const [a, b, rate] = [x(), oneHot(), full([], 0.02)];
    const p = three();
    const start = { p, state: { m: zerosLike(p), v: zerosLike(p) } };
    expect(await train(start, (now) => step(now.p, now.state, a, b, rate))).toBe(8);
  });
});
