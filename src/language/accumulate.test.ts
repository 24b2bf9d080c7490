/** A batch in parts: the gradient of the whole batch, in the memory of a part, in one submit. */
import { describe, expect, it } from 'vitest';
import { defaultSession } from '../runtime/device.ts';
import type { Dim } from '../types/dim.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { accumulate } from './accumulate.ts';
import { randn, tensor } from './creation.ts';
import { jit } from './jit.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { grad, valueAndGrad } from './vjp.ts';

interface Weights {
  readonly w1: Tensor<['in=8', 'hidden=64']>;
  readonly w2: Tensor<['hidden=64', 'out=4']>;
}

const loss = <N extends Dim>(p: Weights, x: Tensor<[N, 'in=8']>, y: Tensor<[N, 'out=4']>): Tensor<[]> => {
  const hidden = x.matmul(p.w1).tanh();
  const error = hidden.matmul(p.w2).sub(y);
  return error.mul(error).mean();
};
const weights: Weights = { w1: randn(['in=8', 'hidden=64'], { seed: 1 }), w2: randn(['hidden=64', 'out=4'], { seed: 2 }) };
const batchOf = () => ({ x: randn(['batch=256', 'in=8'], { seed: 3 }), y: randn(['batch=256', 'out=4'], { seed: 4 }) });
const gradients = valueAndGrad(loss<'batch=256'>);

async function numbers({ value, gradient }: ReturnType<typeof gradients>): Promise<number[]> {
  return [await value.item(), ...[...(await gradient.w1.data()), ...(await gradient.w2.data())].map(Number)];
}

function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  for (const [i, value] of got.entries()) expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThan(2e-6 * largest);
}

/** On a device of its own: the numbers, what a warm run asks of the device, and the bytes that it then holds. */
async function measured(f: typeof gradients) {
  (await defaultSession()).close();
  const session = await defaultSession();
  const { x, y } = batchOf();
  await numbers(f(weightsAnew(), x, y));
  const before = session.statistics();
  const got = await numbers(f(weightsAnew(), x, y));
  const { dispatches, submits, pipelinesCreated, bytesAllocated } = session.statistics();
  return {
    got,
    bytes: bytesAllocated,
    dispatches: dispatches - before.dispatches,
    submits: submits - before.submits,
    pipelines: pipelinesCreated - before.pipelinesCreated,
    allPipelines: pipelinesCreated,
  };
}
const weightsAnew = (): Weights => ({ w1: randn(['in=8', 'hidden=64'], { seed: 1 }), w2: randn(['hidden=64', 'out=4'], { seed: 2 }) });

describe('accumulate', () => {
  it('gives the gradient of the whole batch, in less memory, by one program and one submit of the parts', async () => {
    const whole = await measured(jit(gradients));
    const [four, sixteen] = [await measured(accumulate(gradients, 4)), await measured(accumulate(gradients, 16))];
    expectClose(four.got, whole.got);
    expectClose(sixteen.got, whole.got);
    // an activation of the whole batch is 64 KiB, and there are two of them or more
    expect(whole.bytes - four.bytes).toBeGreaterThan(64 * 1024);
    expect(four.bytes - sixteen.bytes).toBeGreaterThan(16 * 1024);
    const [perPart, cut] = [whole.dispatches, 2];
    expect(four.dispatches).toBe(4 * (perPart + cut));
    expect(sixteen.dispatches).toBe(16 * (perPart + cut));
    expect(sixteen.allPipelines).toBe(four.allPipelines);
    expect([four.pipelines, sixteen.pipelines]).toEqual([0, 0]);
    expect(four.submits).toBeLessThanOrEqual(whole.submits);
  });

  it('is a loop within a program, with the memory of one part, and the same bits each time', async () => {
    const [whole, four, sixteen] = [
      await measured(jit(gradients)),
      await measured(jit((...args: Parameters<typeof gradients>) => accumulate(gradients, 4)(...args))),
      await measured(jit((...args: Parameters<typeof gradients>) => accumulate(gradients, 16)(...args))),
    ];
    expectClose(four.got, whole.got);
    expectClose(sixteen.got, whole.got);
    expect(whole.bytes - four.bytes).toBeGreaterThan(64 * 1024);
    expect(four.bytes - sixteen.bytes).toBeGreaterThan(16 * 1024);
    // a part's kernels and the turn, and once what sums start with
    expect(sixteen.dispatches - four.dispatches).toBe(12 * (whole.dispatches + 1));
    expect(sixteen.submits).toBe(whole.submits);
    const again = await measured(jit((...args: Parameters<typeof gradients>) => accumulate(gradients, 16)(...args)));
    expect(again.got).toEqual(sixteen.got);
  });

  it('takes a batch whose size is known at run time, any nesting, and scalars', async () => {
    const scaled = (p: { w: Tensor<['in=2']> }, { x }: { x: Tensor<['batch', 'in=2']> }, by: Tensor<[]>) => x.mul(p.w).mul(by).sum(0);
    const sums = accumulate(scaled, 3, { combine: 'sum' });
    const x = tensor(
      Float32Array.from({ length: 12 }, (_, i) => i),
      ['batch', 'in=2'],
    );
    expect(await sums({ w: tensor([1, 2], ['in']) }, { x }, tensor(10)).array()).toEqual([300, 720]);
    expect(await accumulate(scaled, 2)({ w: tensor([1, 2], ['in']) }, { x }, tensor(10)).array()).toEqual([150, 360]);
  });

  it('is part of what is traced, and differentiated', () => {
    const shapes = [
      ['in=8', 'hidden=64'],
      ['hidden=64', 'out=4'],
      ['batch=16', 'in=8'],
      ['batch=16', 'out=4'],
    ];
    const data = shapes.map((shape, k) => {
      const size = shape.reduce((product, dim) => product * Number(dim.split('=')[1]), 1);
      return Float64Array.from({ length: size }, (_, i) => Math.sin(0.7 * i + k));
    });
    type Args = [Weights['w1'], Weights['w2'], Tensor<['batch=16', 'in=8']>, Tensor<['batch=16', 'out=4']>];
    const run = (mean: typeof loss<'batch=16'>) =>
      inF64(
        ((w1, w2, x, y) => [mean({ w1, w2 }, x, y), grad(mean)({ w1, w2 }, x, y)]) as (...args: Args) => unknown,
        shapes,
      )(data).flatMap((one) => [...one]);
    const [whole, parts] = [run(loss), run(accumulate(loss<'batch=16'>, 4))];
    expect(parts.map((value) => value.toFixed(10))).toEqual(whole.map((value) => value.toFixed(10)));
  });

  it.each([
    ['accumulate: 0 parts (parts are whole numbers from 1)', () => accumulate(gradients, 0)],
    [
      'accumulate: axis 0 is no multiple of 3: [batch=256, in=8] with 256 (give a batch that splits, or another number of parts)',
      () => accumulate(gradients, 3)(weights, batchOf().x, batchOf().y),
    ],
    [
      'accumulate: the result is no sum over the batch: f32[batch=128, in=8] (return sums or means in f32)',
      () => accumulate((_: Weights, x: Tensor<['batch=256', 'in=8']>) => x.exp(), 2)(weights, batchOf().x),
    ],
    [
      "accumulate: axis 0 has no size while it is traced: [batch, in=2] (give it one, such as 'batch=64', or call accumulate on data)",
      () =>
        jit((x: Tensor<['batch', 'in=2']>) => accumulate((_: null, y: typeof x) => y.sum(), 2)(null, x))(
          tensor(new Float32Array(8), ['batch', 'in=2']),
        ),
    ],
  ])('%s', (message, call) => {
    expect(call).toThrow(message);
  });
});
