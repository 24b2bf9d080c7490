/** Optimizers against PyTorch and optax, step by step on a device; one compilation whatever the rate becomes. */
import { expect, it } from 'vitest';
import { grad, jit, parameters, type Tensor, tensor, zeros } from '../index.ts';
import { adam, adamW, lion, momentum, nesterov, type Optimizer, rmsprop, sgd } from './optimizers.ts';
import { warmupCosine } from './schedules.ts';
import { expectClose, references } from './testing/checkLayer.ts';

const { start, gradients, paths } = references.optimizers;
const vector = (elements: readonly number[]) => tensor(Float32Array.from(elements), ['w=6']);

const optimizers: Readonly<Record<string, Optimizer<string>>> = {
  sgd: sgd({ rate: 0.1, weightDecay: 0.1 }) as Optimizer<string>,
  momentum: momentum({ rate: 0.1, momentum: 0.8, weightDecay: 0.1 }),
  nesterov: nesterov({ rate: 0.1, momentum: 0.8 }),
  rmsprop: rmsprop({ rate: 0.01, decay: 0.9 }),
  adam: adam({ rate: 0.01, weightDecay: 0.1 }),
  adamW: adamW({ rate: 0.01, weightDecay: 0.1 }),
  lion: lion({ rate: 0.01, weightDecay: 0.1 }),
};

it.each(Object.entries(optimizers))('%s goes the stored path', async (name, optimizer) => {
  let p = parameters({ w: vector(start) });
  let state = optimizer.initialise(p);
  // The gradient of <w, slope> is the slope.
  const step = jit(
    (q: typeof p, s: typeof state, slope: Tensor<['w=6']>) => optimizer.update(q, grad((r: typeof p) => r.w.mul(slope).sum())(q), s),
    { donate: [0, 1] },
  );
  expect(paths[name]?.length).toBe(gradients.length);
  for (const [at, slope] of gradients.entries()) {
    ({ parameters: p, state } = step(p, state, vector(slope)));
    expectClose(await p.w.data(), paths[name]?.[at], 5);
  }
  expect(await state.step.item()).toBe(gradients.length);
});

it('a step is compiled once: count and rate are data, and a rate may be given with an update', async () => {
  const schedule = warmupCosine({ rate: 1, warmup: 4, steps: 10 });
  const optimizer = sgd({ rate: schedule });
  let p = parameters({ w: zeros(['w=2']) });
  let state = optimizer.initialise(p);
  let traces = 0;
  const step = jit((q: typeof p, s: typeof state) => {
    traces += 1;
    return optimizer.update(q, grad((r: typeof p) => r.w.sum().neg())(q), s);
  });
  let sum = 0;
  for (let at = 0; at < 12; at++) {
    ({ parameters: p, state } = step(p, state));
    sum += schedule(at);
    expectClose(await p.w.data(), [sum, sum], 5);
  }
  expect(traces).toBe(1);

  const given = jit((q: typeof p, s: typeof state, rate: Tensor<[]>) => {
    traces += 1;
    return optimizer.update(q, grad((r: typeof p) => r.w.sum().neg())(q), s, rate);
  });
  for (const rate of [0.5, 0.25]) {
    ({ parameters: p, state } = given(p, state, tensor(rate)));
    sum += rate;
    expectClose(await p.w.data(), [sum, sum], 5);
  }
  expect(traces).toBe(2);
});
