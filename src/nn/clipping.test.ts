/** Clipped gradients against PyTorch; small gradients stay what they are. */
import { describe, expect, it } from 'vitest';
import { grad, parameters, tensor, update, zeros } from '../index.ts';
import { clipByGlobalNorm, clipByValue, globalNorm } from './clipping.ts';
import { expectClose, references } from './testing/checkLayer.ts';

const { gradients, byGlobalNorm, byValue } = references.optimizers.clipped;
const p = parameters({ a: zeros(['n=2', 'm=3']), b: zeros(['k=4']) });
const [first, second] = [
  tensor(Float32Array.from(gradients[0] ?? []), ['n=2', 'm=3']),
  tensor(Float32Array.from(gradients[1] ?? []), ['k=4']),
];
const gradient = grad((q: typeof p) => q.a.mul(first).sum().add(q.b.mul(second).sum()))(p);

describe.each([
  ['clipByGlobalNorm', clipByGlobalNorm(gradient, 0.5), byGlobalNorm],
  ['clipByValue', clipByValue(gradient, 0.3), byValue],
] as const)('%s', (_, clipped, expected) => {
  it('is what PyTorch gives, and an update takes it', async () => {
    expectClose(await clipped.a.data(), expected[0], 5);
    expectClose(await clipped.b.data(), expected[1], 5);
    const next = update(p, clipped, (w, g) => w.sub(g));
    expectClose(await next.b.neg().data(), expected[1], 5);
  });
});

it('leaves small gradients as they are, to the bit, and gives the norm', async () => {
  const [norm, kept, cut] = await Promise.all([
    globalNorm(gradient).item(),
    clipByGlobalNorm(gradient, 100).a.data(),
    clipByValue(gradient, 1).a.data(),
  ]);
  expect(norm).toBeCloseTo(Math.hypot(...gradients.flat()), 5);
  expect(kept).toEqual(Float32Array.from(gradients[0] ?? []));
  expect(cut).toEqual(kept);
});
