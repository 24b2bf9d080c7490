import { expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Dim } from '../../types/dim.ts';
import { fuse } from '../3-fuse/fuse.ts';
import { matmul } from '../testing/mlp.ts';
import { rankGpuTiles, rankQuadTiles } from './contractTiles.ts';
import { rankLineTiles } from './lineTiles.ts';
import { tileFigures } from './tileFigures.ts';

function kernelOf(m: Dim, n: number, k: number) {
  const [x, w] = [b.input('x', [m, k], 'f32'), b.input('w', [k, n], 'f32')];
  const { kernels } = fuse(makeGraph('f', [x, w], [matmul(x, w)]), { storageBuffers: 8 });
  const body = kernels[0]?.body;
  if (body?.kind !== 'contract') throw new Error('a contract is due');
  return body;
}

it('knows what a tile in workgroup memory loads, keeps and waits for', () => {
  const tile = { height: 128, width: 128, depth: 16, rows: 8, columns: 8 };
  expect(tileFigures(kernelOf(1024, 1024, 1024), tile)).toEqual({
    height: 128,
    width: 128,
    lanes: 256,
    accumulators: 64,
    workgroupBytes: 16_384,
    loads: 1 / 64,
    reuse: { left: 128, right: 128 },
    workgroupLoads: 0.25,
    barriers: 128,
    useful: 1,
  });
});

it('knows what is padding', () => {
  const tile = { rows: 8, columns: 4 };
  expect(tileFigures(kernelOf(33, 16, 5), tile)).toMatchObject({ height: 32, width: 16, accumulators: 128, useful: 33 / 64 });
  expect(tileFigures(kernelOf('batch', 16, 5), tile).useful).toBeUndefined();
  expect(tileFigures(kernelOf('batch', 16, 5), tile, { batch: 48 }).useful).toBe(0.75);
});

it('the tiles that are taken for squares waste nothing', () => {
  for (const size of [256, 512, 1024]) {
    const kernel = kernelOf(size, size, size);
    for (const tile of [rankQuadTiles(kernel)[0], rankGpuTiles(kernel)[0]]) {
      if (tile === undefined) throw new Error('a tile is due');
      expect(tileFigures(kernel, tile)).toMatchObject({ useful: 1 });
      expect(tileFigures(kernel, tile).loads).toBeLessThanOrEqual(0.1);
    }
  }
});

it('a row or a column shares its sums, and wastes nothing', () => {
  for (const [m, n] of [
    [1, 1024],
    [1024, 1],
  ] as const) {
    const kernel = kernelOf(m, n, 1024);
    const [quad, gpu] = [rankQuadTiles(kernel)[0], rankGpuTiles(kernel)[0]];
    if (quad === undefined || gpu === undefined || !('deep' in gpu)) throw new Error('a tile that shares sums is due');
    expect(gpu.deep).toBeGreaterThan(1);
    for (const tile of [quad, gpu]) expect(tileFigures(kernel, tile)).toMatchObject({ useful: 1 });
    // the matrix once, and of what every column multiplies a quarter in each lane, or a part of its own
    expect(tileFigures(kernel, quad).loads).toBeLessThanOrEqual(1 + 1 / 4);
  }
  const dot = kernelOf(1, 1, 4096);
  expect(rankGpuTiles(dot)[0]).toMatchObject({ rows: 1, columns: 1, deep: 256 });
});

it('in subgroups of eight, all lanes have one row of a product of many, and dot products share their sums', () => {
  expect(rankLineTiles(kernelOf(512, 512, 512))[0]).toMatchObject({ rows: 16, columns: 2, high: 1, wide: 8 });
  expect(rankLineTiles(kernelOf(8, 512, 2048))[0]).toMatchObject({ rows: 8, columns: 2 });
  expect(rankLineTiles(kernelOf(1, 1, 4096))[0]).toMatchObject({ rows: 1, columns: 1, deep: 8 });
});

it('short sums take tiles whose elements are finished one by one, not in a loop', () => {
  const [small] = rankQuadTiles({ ...kernelOf(16, 16, 16), batch: { literal: 64, symbols: [] } });
  const [long] = rankQuadTiles(kernelOf(512, 512, 512));
  if (small === undefined || long === undefined) throw new Error('a tile is due');
  expect('deep' in small || 4 * small.rows * small.columns <= 48).toBe(true);
  expect(4 * long.rows * long.columns).toBeGreaterThan(48);
});
