/** Runs that are asked for before the device is open. */
import { expect, it } from 'vitest';
import { DeferredTensor, run } from './deferredTensor.ts';
import { defaultSession, openedSession } from './device.ts';
import { addProgram } from './testing/programs.ts';

const vector = (...values: readonly number[]): DeferredTensor =>
  new DeferredTensor({ shape: [values.length], dtype: 'f32' }, [values.length], 'v', { host: Float32Array.from(values) });

it('refuse at once what does not fit; the others have their results', async () => {
  const add = addProgram(['n=2']);
  const [y] = run(add, [vector(1, 2), vector(3, 4)]);
  expect(openedSession()).toBeUndefined();
  expect(() => run(add, [vector(1, 2), vector(3, 4, 5)])).toThrow("add: 'w' has the wrong shape: expected [n=2], got [3]");
  expect(y).toMatchObject({ shape: ['n=2'], sizes: [2], label: 'add: y' });
  expect(await y?.data()).toEqual(Float32Array.of(4, 6));
  (await defaultSession()).close();
});
