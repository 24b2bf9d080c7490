/** The scale follows overflows, and steps that overflow are not taken: on a device, with halves. */
import { expect, it } from 'vitest';
import { choose, jit, parameters, type Tensor, tensor, valueAndGrad } from '../index.ts';
import { type LossScale, lossScaling } from './lossScaling.ts';
import { sgd } from './optimizers.ts';

const scaling = lossScaling({ initial: 2 ** 12, interval: 3 });
const optimizer = sgd({ rate: 0.5 });
const initialise = () => parameters({ w: tensor([1, 2], ['n']) });
type Model = ReturnType<typeof initialise>;
const start = { p: initialise(), state: optimizer.initialise(initialise()), loss: scaling.initialise() };

const step = jit((p: Model, state: typeof start.state, loss: LossScale, x: Tensor<['n=2']>) => {
  const lossOf = (q: Model) => scaling.scaled(q.w.astype('f16').mul(x.astype('f16')).astype('f32').sum(), loss);
  const { gradient: scaled } = valueAndGrad(lossOf)(p);
  const { gradient, finite } = scaling.unscaled(scaled, loss);
  const next = optimizer.update(p, gradient, state);
  return { ...choose(finite, next, { parameters: p, state }), loss: scaling.next(loss, finite), finite };
});

async function train(factors: readonly number[], scale = 2 ** 12): Promise<{ w: number[]; scales: number[]; counts: number[] }> {
  let { p, state, loss } = { ...start, loss: { ...start.loss, scale: tensor(scale) } };
  const [scales, counts]: [number[], number[]] = [[], []];
  for (const factor of factors) {
    ({ parameters: p, state, loss } = step(p, state, loss, tensor([factor, 0.25], ['n'])));
    scales.push(Math.log2(await loss.scale.item()));
    counts.push(await state.step.item());
  }
  return { w: await p.w.array(), scales, counts };
}

it('grows after steady steps, and takes each step at its true size', async () => {
  expect(await train([0.5, 0.5, 0.5, 0.5])).toEqual({ w: [0, 1.5], scales: [12, 12, 13, 13], counts: [1, 2, 3, 4] });
});

it('skips the steps that overflow, halves the scale, and goes on', async () => {
  // the cotangent of the sum is the scale, and from 2¹⁶ on that is no half
  expect(await train([0.5, 0.5, 0.5], 2 ** 17)).toEqual({ w: [0.75, 1.875], scales: [16, 15, 15], counts: [0, 0, 1] });
});

it('skips steps with NaN', async () => {
  expect(await train([Number.NaN, 0.5])).toEqual({ w: [0.75, 1.875], scales: [11, 11], counts: [0, 1] });
});
