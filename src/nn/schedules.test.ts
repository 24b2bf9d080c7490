/** Schedules against PyTorch and optax, of numbers and, on a device, of tensors. */
import { expect, it } from 'vitest';
import { jit, type Tensor, tensor } from '../index.ts';
import { constant, cosineDecay, exponentialDecay, oneCycle, type Schedule, stepwise, warmupCosine } from './schedules.ts';
import { expectClose, references } from './testing/checkLayer.ts';

const schedules: Readonly<Record<string, Schedule>> = {
  stepwise: stepwise({ rate: 0.1, every: 4, factor: 0.5 }),
  exponentialDecay: exponentialDecay({ rate: 0.1, factor: 0.9 }),
  cosineDecay: cosineDecay({ rate: 0.1, steps: 19, end: 0.01 }),
  warmupCosine: warmupCosine({ rate: 0.1, warmup: 5, steps: 18, end: 0.01 }),
  oneCycle: oneCycle({ rate: 0.1, steps: 20 }),
};

it.each(Object.entries(schedules))('%s', async (name, schedule) => {
  const expected = references.schedules[name] ?? [];
  expect(expected.length).toBe(20);
  expectClose(
    expected.map((_, step) => schedule(step)),
    expected,
    8,
  );
  const compiled = jit((step: Tensor<[]>) => schedule(step));
  const rates = await Promise.all(expected.map((_, step) => compiled(tensor(step)).item()));
  expectClose(rates, expected, 6);
});

it('constant, and the ends', async () => {
  expect(constant(0.3)(7)).toBe(0.3);
  expect(await constant(0.5)(tensor(7)).item()).toBe(0.5);
  for (const after of [20, 1000]) {
    expect(schedules.cosineDecay?.(after)).toBeCloseTo(0.01, 12);
    expect(schedules.warmupCosine?.(after)).toBeCloseTo(0.01, 12);
    expect(schedules.oneCycle?.(after)).toBeCloseTo(0.1 / 25 / 1e4, 12);
  }
});
