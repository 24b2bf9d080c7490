/** What is compiled at run time follows the choices that are stored for the open device. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeChoice } from '../cli/storeChoice.ts';
import { matmul } from '../codegen/testing/mlp.ts';
import { input } from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import { defaultSession } from '../runtime/device.ts';
import { storedChoices } from '../tuning/storedChoices.ts';
import { full, ones } from './creation.ts';
import { jit } from './jit.ts';
import { programOf, targetOf } from './realize.ts';

const saved = { ...process.env };
let folder: string;
const tile = 'quadSwap 4x8';
const [x, w] = [input('x', [40, 24], 'f32'), input('w', [24, 56], 'f32')];
const graph = makeGraph('product', [x, w], [matmul(x, w)]);
const tileOf = (tuned: boolean): string | undefined => programOf(graph, [], targetOf(tuned)).kernels[0]?.variants[0]?.name;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'adjoint-choices-'));
  process.env.XDG_CACHE_HOME = folder;
  process.env.ADJOINT_TUNING = 'all';
  expect(targetOf().choices).toBeUndefined(); // no device yet
  const { device } = await defaultSession();
  const { path = '', identity } = storedChoices(device.adapterInfo);
  storeChoice(path, identity, 'f32 NN 1x40x56x24', { tile, milliseconds: 1, model: { tile: 'quadSwap 16x16', milliseconds: 2 } });
});
afterAll(() => {
  process.env = saved;
  rmSync(folder, { recursive: true });
});

it('takes the stored tile once the device is open, and the cost model’s where tuning is off', () => {
  expect(tileOf(true)).toBe(tile);
  expect(tileOf(false)).not.toBe(tile);
});

it('computes the same either way', async () => {
  const f = (a: ReturnType<typeof left>) => a.matmul(full(['in=24', 'out=56'], 0.5));
  const left = () => ones(['n=40', 'in=24']);
  const [tuned, plain] = [jit(f)(left()), jit(f, { tuned: false })(left())];
  expect(await tuned.data()).toEqual(await plain.data());
  expect((await tuned.data())[0]).toBe(12);
});
