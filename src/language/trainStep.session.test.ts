/** A whole train step, compiled: what it asks of the device once it is warm, and where its memory goes. */
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultSession } from '../runtime/device.ts';
import type { Session } from '../runtime/session.ts';
import type { SessionStatistics } from '../runtime/statistics.ts';
import type { Parameter } from '../types/tensor/parameter.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import type { State } from '../types/transform.ts';
import { full, randn, tensor } from './creation.ts';
import { jit } from './jit.ts';
import { parameters, updateWithState, zerosLike } from './parameters.ts';
import { valueAndGrad } from './vjp.ts';

type Weights = {
  w1: Parameter<'w1', ['in=8', 'hidden=16']>;
  b1: Parameter<'b1', ['hidden=16']>;
  w2: Parameter<'w2', ['hidden=16', 'out=4']>;
};
type Moments = { m: State<Weights>; v: State<Weights> };
type Batch = Tensor<['batch=32', 'in=8']>;
type Targets = Tensor<['batch=32', 'out=4']>;

const loss = (p: Weights, x: Batch, y: Targets): Tensor<[]> => {
  const error = x.matmul(p.w1).add(p.b1).tanh().matmul(p.w2).sub(y);
  return error.mul(error).mean();
};
const initial = (): Weights =>
  parameters({
    w1: randn(['in=8', 'hidden=16'], { seed: 1 }),
    b1: randn(['hidden=16'], { seed: 2 }),
    w2: randn(['hidden=16', 'out=4'], { seed: 3 }),
  });

const trainStep = (p: Weights, state: Moments, x: Batch, y: Targets, rate: Tensor<[]>) => {
  const { value, gradient } = valueAndGrad(loss)(p, x, y);
  const next = updateWithState(p, gradient, state, (w, g, { m, v }) => {
    const [m2, v2] = [m.mul(0.9).add(g.mul(0.1)), v.mul(0.99).add(g.mul(g).mul(0.01))];
    return { parameter: w.sub(m2.div(v2.sqrt().add(1e-6)).mul(rate)), state: { m: m2, v: v2 } };
  });
  return { loss: value, p: next.parameters, state: next.state };
};

const randomBatch = (seed: number) => ({ x: randn(['batch=32', 'in=8'], { seed }), y: randn(['batch=32', 'out=4'], { seed: seed + 1 }) });

let session: Session;
beforeAll(async () => {
  session = await defaultSession();
});

/** What was counted since. */
function since(before: SessionStatistics): Record<string, number> {
  const after = session.statistics();
  return Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - before[name as keyof SessionStatistics]]));
}

describe('a train step that is given its parameters, its state and its batch', () => {
  const step = jit(trainStep, { name: 'step', donate: [0, 1, 2, 3, 4] });
  const start = () => {
    const p = initial();
    return { p, state: { m: zerosLike(p), v: zerosLike(p) } };
  };

  it('creates nothing in the steady state, and is one encoder, one pass and one submit', async () => {
    let { p, state } = start();
    const run = async (i: number) => {
      const { x, y } = randomBatch(i);
      const result = step(p, state, x, y, full([], 0.01 / (i + 1)));
      ({ p, state } = result);
      const value = await result.loss.item();
      result.loss.dispose();
      return value;
    };
    for (let i = 0; i < 3; i++) await run(i);
    const steps = 20;
    const before = session.statistics();
    for (let i = 3; i < 3 + steps; i++) expect(await run(i)).toBeGreaterThan(0);
    const { dispatches, ...counts } = since(before);
    expect(counts).toEqual({
      encodersCreated: steps,
      submits: steps,
      computePasses: steps,
      buffersCreated: 0,
      bindGroupsCreated: 0,
      pipelinesCreated: 0,
      bytesAllocated: 0,
    });
    expect((dispatches ?? 0) / steps).toBeLessThanOrEqual(7);
  });

  it('is submitted together with the others of its tick', async () => {
    let { p, state } = start();
    const losses: Tensor<[]>[] = [];
    const before = session.statistics();
    for (let i = 0; i < 10; i++) {
      const { x, y } = randomBatch(i);
      const result = step(p, state, x, y, tensor(0.01));
      ({ p, state } = result);
      losses.push(result.loss);
    }
    const values = await Promise.all(losses.map((one) => one.item()));
    expect(values).toHaveLength(10);
    expect(since(before)).toMatchObject({ encodersCreated: 1, submits: 1, computePasses: 1 });
  });

  it('gives the same numbers whether it may write over its arguments or not', async () => {
    const plain = jit(trainStep, { name: 'plain' });
    const run = async (train: typeof step) => {
      let { p, state } = start();
      for (let i = 0; i < 3; i++) {
        const { x, y } = randomBatch(i);
        ({ p, state } = train(p, state, x, y, tensor(0.01)));
      }
      return [await p.w1.array(), await p.b1.array(), await p.w2.array(), await state.v.w1.array()];
    };
    expect(await run(step)).toEqual(await run(plain));
  });
});

describe('what changes from step to step', () => {
  it('is a program for each value as a number, and says so; as a tensor it is one', async () => {
    const messages: string[] = [];
    const scale = jit((t: Tensor<['n=3']>, by: number | Tensor<[]>) => (typeof by === 'number' ? t.mul(by) : t.mul(by)), {
      name: 'scale',
      onMessage: (message) => messages.push(message),
    });
    const t = tensor([1, 2, 3], ['n']);
    for (let i = 0; i < 10; i++) await scale(t, i).data();
    expect(messages).toEqual([
      "jit: scale is compiled for 8 values of its plain arguments: '[1]' is 7, not 6 (pass what changes as a tensor: tensor(value))",
    ]);
    await scale(t, tensor(1)).data();
    const before = session.statistics();
    expect(await scale(t, tensor(5)).array()).toEqual([5, 10, 15]);
    expect(await scale(t, full([], 7)).array()).toEqual([7, 14, 21]);
    expect(since(before)).toMatchObject({ pipelinesCreated: 0 });
  });
});
