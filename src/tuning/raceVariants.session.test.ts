/** Races on the software device: who wins, and that a wrong result never does. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../codegen/compile.ts';
import { matmul } from '../codegen/testing/mlp.ts';
import * as b from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Kernel } from '../program/program.ts';
import { openSession, type Session } from '../runtime/session.ts';
import { agreeing } from './agreement.ts';
import type { KernelTask } from './kernelTask.ts';
import { gain, raceVariants, repeatsFor, rivals, tileOf } from './raceVariants.ts';

let session: Session;
beforeAll(async () => {
  session = await openSession({ device: 'software', onMessage: () => {} });
});
afterAll(() => session.close());

function taskOf(size: number, change: (kernel: Kernel) => Kernel = (kernel) => kernel): KernelTask {
  const [x, w] = [b.input('x', [size, size], 'f32'), b.input('w', [size, size], 'f32')];
  const program = compile(makeGraph('product', [x, w], [matmul(x, w)]), { variants: 'all' });
  const [kernel] = program.kernels;
  if (kernel === undefined) throw new Error('no kernel');
  return { program, kernel: change(kernel), symbols: {} };
}

test('a kernel that stores something else is quick, and out; one that does not compile, too', async () => {
  const names = rivals(taskOf(96), session.abilities).map(tileOf);
  const few = names.slice(0, 4);
  const race = await raceVariants(
    session,
    taskOf(96, (kernel) => {
      const variants = kernel.variants.filter((variant) => few.includes(tileOf(variant)));
      return {
        ...kernel,
        variants: variants.map((variant) => {
          if (tileOf(variant) === few[1]) return { ...variant, wgsl: variant.wgsl.replace(/finish\(b, row/, 'finish(b, 1u + row') };
          return tileOf(variant) === few[2] ? { ...variant, wgsl: `${variant.wgsl} nonsense` } : variant;
        }),
      };
    }),
    true,
  );
  if (typeof race === 'string') throw new Error(race);
  expect(race.model.tile).toBe(few[0]);
  expect([few[0], few[3]]).toContain(race.best.tile);
  expect(race.best.milliseconds).toBeLessThanOrEqual(race.model.milliseconds);
  expect(race.excluded.map(({ tile }) => tile).sort()).toEqual([few[1], few[2]].sort());
  expect(race.excluded.find(({ tile }) => tile === few[1])?.why).toBe('its results differ');
});

test('where nothing compiles there is no winner', async () => {
  const broken = (kernel: Kernel): Kernel => ({
    ...kernel,
    variants: kernel.variants.map((one) => ({ ...one, wgsl: 'nonsense' })),
  });
  expect(await raceVariants(session, taskOf(4, broken), true)).toMatch(/^none of its variants runs: /);
});

test('what is short is repeated, and what takes no time is not tuned', () => {
  expect([40, 10, 0.1].map(repeatsFor)).toEqual([1, 2, 200]);
  expect(repeatsFor(0.04)).toBeUndefined();
});

test('a gain counts if both the best times and most pairs say so', () => {
  expect(gain(0.8, [0.7, 0.9, 0.85])).toBe(0.85);
  expect(gain(0.8, [0.7, 1.1, 1.2])).toBe(1);
  expect(gain(0.99, [0.7, 0.8, 0.9])).toBe(1);
});

test('those that most agree on are right; without a majority nobody is', () => {
  const [right, near, wrong] = [[Float32Array.of(1, 2, Number.NaN)], [Float32Array.of(1.0001, 2, Number.NaN)], [Float32Array.of(1, 3, 1)]];
  expect([...agreeing([wrong, right, near])]).toEqual([1, 2]);
  expect([...agreeing([right, wrong])]).toEqual([]);
  expect([...agreeing([right])]).toEqual([0]);
});
