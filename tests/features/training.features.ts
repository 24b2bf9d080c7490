/** Training in mixed precision, with loss scaling, on halves of the device's own: it follows the same training in f32. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { choose, init, jit, parameters, randn, type Tensor, valueAndGrad } from '../../src/index.ts';
import { type LossScale, lossScaling } from '../../src/nn/lossScaling.ts';
import { sgd } from '../../src/nn/optimizers.ts';
import type { Session } from '../../src/runtime/session.ts';
import { sessionWith } from './capable.ts';

let session: Session;
beforeAll(async () => {
  session = await sessionWith('shader-f16');
  const { description, features } = await init({ experimental: true, onMessage: () => {} });
  expect(description).toBe(session.info.description);
  expect(features).toContain('shader-f16');
});
afterAll(() => session?.close());

const start = () => parameters({ w: randn(['in=24', 'h=32'], { seed: 1 }).mul(0.2), v: randn(['h=32', 'out=16'], { seed: 2 }).mul(0.2) });
type Model = ReturnType<typeof start>;
type Batch = Tensor<['n=40', 'in=24']>;
type Target = Tensor<['n=40', 'out=16']>;

const scaling = lossScaling({ initial: 2 ** 24, interval: 8 });
const optimizer = sgd({ rate: 0.5 });

const inHalves = (p: Model, x: Batch, y: Target) => {
  const hidden = x.astype('f16').matmul(p.w.astype('f16')).relu();
  const wide = hidden.matmul(p.v.astype('f16')).astype('f32').sub(y);
  return wide.mul(wide).mean();
};
const inSingles = (p: Model, x: Batch, y: Target) => {
  const wide = x.matmul(p.w).relu().matmul(p.v).sub(y);
  return wide.mul(wide).mean();
};

const mixed = jit((p: Model, state: ReturnType<typeof optimizer.initialise>, loss: LossScale, x: Batch, y: Target) => {
  const scaled = valueAndGrad((q: Model) => scaling.scaled(inHalves(q, x, y), loss))(p);
  const { gradient, finite } = scaling.unscaled(scaled.gradient, loss);
  const next = optimizer.update(p, gradient, state);
  return {
    ...choose(finite, next, { parameters: p, state }),
    loss: scaling.next(loss, finite),
    value: scaled.value.div(loss.scale),
    finite,
  };
});
const plain = jit((p: Model, state: ReturnType<typeof optimizer.initialise>, x: Batch, y: Target) => {
  const { value, gradient } = valueAndGrad((q: Model) => inSingles(q, x, y))(p);
  return { ...optimizer.update(p, gradient, state), value };
});

it('skips what overflows, then falls as in f32', async () => {
  const x = randn(['n=40', 'in=24'], { seed: 3 });
  const y = randn(['n=40', 'out=16'], { seed: 4 });
  let [half, single] = [start(), start()];
  let [state, other] = [optimizer.initialise(half), optimizer.initialise(single)];
  let loss: LossScale = scaling.initialise();
  const [values, expected]: [number[], number[]] = [[], []];
  let skipped = 0;
  while (values.length < 20) {
    const step = mixed(half, state, loss, x, y);
    ({ parameters: half, state, loss } = step);
    if ((await step.finite.data())[0] === 0) {
      skipped += 1;
      expect(skipped).toBeLessThan(20);
      continue;
    }
    values.push(await step.value.item());
    const due = plain(single, other, x, y);
    ({ parameters: single, state: other } = due);
    expected.push(await due.value.item());
  }
  expect(skipped).toBeGreaterThan(0);
  expect(await loss.scale.item()).toBeLessThan(2 ** 24);
  for (const [i, value] of values.entries())
    expect(Math.abs(value - (expected[i] ?? Number.NaN)), `step ${i}`).toBeLessThan(2e-3 * (expected[0] ?? 0));
  expect(values.at(-1)).toBeLessThan(0.8 * (values[0] ?? 0));
});
