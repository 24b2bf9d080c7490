/** The generated module against its source: same values, same gradients, and up to date. */
import { grad, jit, ones, tensor, vjp } from 'adjoint';
import { build } from 'adjoint/compiler';
import { expect, test } from 'vitest';
import { expected, given } from '../../tests/fixtures/workedExample.ts';
import * as compiled from './linear.adjoint.ts';
import * as source from './linear.ts';

const w = tensor(given.W, ['in', 'out']);
const b = tensor(given.b, ['out']);

test.each([
  ['source, generic', source.linear],
  ['compiled, generic', compiled.linear],
  ['compiled, fixed sizes', compiled.linear3x2],
] as const)('the worked example: %s', async (_, linear) => {
  const X = tensor(given.X, ['n', 'in']);
  const { y, backward } = vjp(linear)(X, { w, b });
  const [dX, p] = backward(ones(['n=3', 'out=2']));
  expect({ Y: await y.array(), dX: await dX.array(), dW: await p.w.array(), db: await p.b.array() }).toEqual(expected);
  expect([y.shape, dX.shape, p.w.shape, p.b.shape]).toEqual([['n=3', 'out=2'], ['n=3', 'in=2'], ['in=2', 'out=2'], ['out=2']]);
});

test.each([
  ['linearOfBatch', source.linearOfBatch, compiled.linearOfBatch],
  ['denseRelu', source.denseRelu, compiled.denseRelu],
] as const)('%s equals its source at several batch sizes', async (_, plain, generated) => {
  for (const rows of [1, 3, 67]) {
    const elements = Float32Array.from({ length: rows * 2 }, (_, index) => Math.sin(index));
    const X = tensor(elements, ['batch', 'in=2']);
    const run = async (f: typeof plain): Promise<readonly unknown[]> => {
      const { y, backward } = vjp(f)(X, { w, b });
      const [dX, p] = backward(y.mul(y));
      return [y, dX, p.w, p.b].reduce<Promise<unknown[]>>(
        async (all, tensor) => [...(await all), [...(await tensor.data())]],
        Promise.resolve([]),
      );
    };
    const [got, want] = [await run(generated), await run(plain)];
    for (const [index, values] of (got as number[][]).entries()) {
      const wanted = (want as number[][])[index] ?? [];
      expect(values.length).toBe(wanted.length);
      for (const [at, value] of values.entries()) expect(value).toBeCloseTo(wanted[at] ?? Number.NaN, 3);
    }
  }
});

test('the generated module is up to date', async () => {
  const result = await build(['linear.ts'], { cwd: import.meta.dirname, check: true });
  expect(result).toMatchObject({ ok: true, files: [{ status: 'unchanged' }] });
});

test('a compiled layer inside a function that is traced is refused, where its gradient would silently be zero', () => {
  const refusal = 'linear: a compiled layer cannot be traced by jit, vjp or grad';
  const loss = (p: { w: typeof w; b: typeof b }) => compiled.linear(ones(['n=3', 'in=2']), p).sum();
  expect(() => grad(loss)({ w, b })).toThrow(refusal);
  expect(() => jit(loss)({ w, b })).toThrow(refusal);
});
