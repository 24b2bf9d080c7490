/** What the example shows holds: the gradient explodes, and each cure keeps it small enough to learn. */
import { expect, it } from 'vitest';
import { type Cure, cures, train } from './model.ts';

const steps = 10;
const named = (name: string): Cure => {
  const cure = cures.find((one) => one.name.startsWith(name));
  if (cure === undefined) throw new Error(`there is no cure '${name}'`);
  return cure;
};

it('large weights make a gradient of many digits, and the loss is gone after a few steps', async () => {
  const { norm, last } = await train(named('weights'), steps);
  expect(norm).toBeGreaterThan(1e6);
  expect(Number.isFinite(last) && last < 10).toBe(false);
});

it('clipping keeps the steps small: the loss falls where it was lost', async () => {
  const { norm, first, last } = await train(named('the same'), steps);
  expect(norm).toBeGreaterThan(1e6);
  expect(last).toBeLessThan(first);
});

it.each(['He', 'orthogonal', 'residuals'])('%s: the gradient is small from the start, and the loss falls', async (name) => {
  const { norm, first, last } = await train(named(name), steps);
  expect(norm).toBeLessThan(100);
  expect(last).toBeLessThan(first);
});
