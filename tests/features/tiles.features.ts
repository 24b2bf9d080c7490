/** What GPUs run: tiles in workgroup memory and split sums, at sizes that no tile divides, forward and backward. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KernelVariant } from '../../src/program/program.ts';
import type { Session } from '../../src/runtime/session.ts';
import { sessionWith } from './capable.ts';
import { dense, gradientOf, product } from './products.ts';
import { everyVariant } from './variants.ts';

let session: Session;
beforeAll(async () => {
  session = await sessionWith();
});
afterAll(() => session?.close());

const tiles = (...wanted: readonly string[]) => ({
  variants: ({ name }: KernelVariant): boolean => wanted.includes(name),
  tiles: 'all' as const,
});
const shared = ['128x128', '128x64', '64x128', '64x64', '32x32', '16x128', '128x16'].map((tile) => `shared ${tile}`);
const split = ['split 4x4', 'split 1x4', 'split 4x1', 'split 1x1', 'split 1x64', 'split 64x1'];

it('NN in every tile', async () => {
  const { names, error } = await everyVariant(session, product('NN', [1, 67, 131, 37], 'f32'), tiles(...shared, ...split));
  expect(names.toSorted()).toEqual([...shared, ...split].toSorted());
  expect(error).toBeLessThan(1e-5);
});

it('TT in batches', async () => {
  expect((await everyVariant(session, product('TT', [2, 33, 18, 52], 'f32'), tiles('shared 32x32', 'split 4x4'))).error).toBeLessThan(1e-5);
});

it('a dot product, a row and a column split their steps', async () => {
  for (const [sizes, tile] of [
    [[1, 1, 1, 1001], 'split 1x1'],
    [[1, 1, 65, 300], 'split 1x64'],
    [[1, 65, 1, 300], 'split 64x1'],
  ] as const)
    expect((await everyVariant(session, product('NN', sizes, 'f32'), tiles(tile))).error, tile).toBeLessThan(1e-5);
});

it('gradients, with an epilogue', async () => {
  const graph = gradientOf(dense('NN', [1, 45, 70, 33], 'f32'));
  expect((await everyVariant(session, graph, tiles('shared 32x32'))).error).toBeLessThan(1e-5);
});
