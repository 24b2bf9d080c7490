/**
 * Which tile a contract kernel takes: a small cost model, by sizes.
 *
 * Source of the constants: measured on SwiftShader with bench/kernels, where a load is four loads with a branch each and costs what
 * 17 to 20 multiply-adds cost. Symbolic sizes count as `typical`.
 */

import { wavesOf } from '../../program/waves.ts';
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { literalOf, type Product } from '../3-fuse/product.ts';
import { liesAlongK, type Side } from './contractVectors.ts';
import { type TileLoads, tileLoads } from './tileLoads.ts';
import {
  type DirectTile,
  directTiles,
  type Extent,
  extentOf,
  type GpuTile,
  type QuadTile,
  quadDirects,
  quadSplits,
  quadTiles,
  sharedTiles,
} from './tiles.ts';

/** Workgroup memory: the blocks of both factors, parts of sums, the rows that a row epilogue reads, and what an aside adds up. */
export function workgroupBytes(kernel: ContractKernel, tile: QuadTile | GpuTile): number {
  const { rowEpilogue, n, aside } = kernel;
  const { height, width, lanes } = extentOf(tile);
  const sums = (aside?.steps ?? []).flatMap((step) => (step.kind === 'loop' ? step.accumulators : [])).length;
  const blocks = 'depth' in tile ? (height + width) * tile.depth : 0;
  const rows = rowEpilogue === undefined ? 0 : height * estimate(n);
  // a quad's lanes swap
  return 4 * (blocks + partsOf(kernel, tile) * lanes + rows + (lanes === 4 ? 0 : sums * lanes));
}

/** How many sums a lane has parts of that meet in workgroup memory, those that ride along with them. */
export function partsOf({ rides }: ContractKernel, tile: QuadTile | GpuTile): number {
  if (!('deep' in tile) || tile.deep === 1 || extentOf(tile).lanes === 4) return 0;
  const riding = rides.reduce((all, { side }) => all + (side === 'left' ? tile.rows : tile.columns), 0);
  return tile.rows * tile.columns + riding;
}

/** What a symbolic axis is taken to be. */
const typical = 128;

export function estimate({ literal, symbols }: Product): number {
  return literal * typical ** symbols.length;
}

export function tiles(kernel: ContractKernel, { height, width }: Pick<Extent, 'height' | 'width'>): number {
  return estimate(kernel.batch) * Math.ceil(estimate(kernel.m) / height) * Math.ceil(estimate(kernel.n) / width);
}

/** The cheapest first. */
export function ranked<T>(candidates: readonly T[], costOf: (candidate: T) => number): readonly T[] {
  return candidates
    .map((candidate) => ({ candidate, cost: costOf(candidate) }))
    .sort((a, b) => a.cost - b.cost)
    .map(({ candidate }) => candidate);
}

/** In multiply-adds of four lanes. A quad that swaps stores to four rows at once, one that does not to a row. */
const costs = { load: 21, vectorLoad: 17, swap: 0.5, store: 24, storeInRow: 5, meet: 4, instruction: 6, looped: 40, tile: 400 } as const;
/** Of a row or a column, a turn whose loads cost so much is more code than a processor keeps decoded: so much longer it takes. */
const longTurn = { from: 560, times: 1.25 } as const;
/** From how many multiply-adds on as many accumulators a lane repay what they cost to compile. */
const compiled = [
  [2 ** 26, 256],
  [2 ** 21, 128],
  [2 ** 17, 64],
  [0, 16],
] as const;

/** Direct tiles write out the epilogue of each element: longer ones take longer to compile than the tiles save. */
const mostUnrolled = 8;

/** With a row epilogue, a tile has all columns. */
export const holdsRows = ({ rowEpilogue, n }: ContractKernel, width: number): boolean => rowEpilogue === undefined || estimate(n) <= width;

/** Rows of a tile are where a row epilogue reads them: sums in parts do not lie there. */
export const holdsSplit = ({ rowEpilogue }: ContractKernel): boolean => rowEpilogue === undefined;

export function rankQuadTiles(kernel: ContractKernel): readonly (QuadTile | DirectTile)[] {
  const products = tiles(kernel, { height: 1, width: 1 }) * estimate(kernel.k);
  const [, most] = compiled.find(([from]) => products >= from) ?? compiled[3];
  const possible = quadTiles.filter(({ columns }) => holdsRows(kernel, 4 * columns));
  const fitting = possible.filter(({ rows, columns }) => 4 * rows * columns <= most);
  const direct = kernel.epilogue.length > mostUnrolled ? [] : quadDirects.filter(({ rows, columns }) => rows * columns <= most);
  const candidates = [...(fitting.length > 0 ? fitting : possible), ...(holdsSplit(kernel) ? [...quadSplits, ...direct] : [])];
  return ranked(candidates, (tile) => {
    const { step, fixed } = quadCost(kernel, tile);
    return inBatches(tiles(kernel, extentOf(tile))) * (estimate(kernel.k) * step + fixed);
  });
}

/** What a workgroup takes, in multiply-adds: for each step of `k`, and besides. And how many run side by side. */
export interface TileCost {
  readonly step: number;
  readonly fixed: number;
  readonly parallel: number;
}

export function quadCost(kernel: ContractKernel, tile: QuadTile | DirectTile): TileCost {
  const { rows, columns } = tile;
  const loads = tileLoads(kernel, tile);
  const load = loadCost(loads, 'left', rows) + loadCost(loads, 'right', columns);
  const epilogue = kernel.epilogue.length * costs.instruction;
  if ('deep' in tile) {
    const store = tile.deep === 1 ? costs.storeInRow : costs.store + costs.meet;
    const step = rows * columns + load;
    const isLong = Math.min(rows, columns) === 1 && loads.unroll < estimate(kernel.k) && loads.unroll * load > longTurn.from;
    return {
      step: (step * (isLong ? longTurn.times : 1)) / tile.deep,
      fixed: rows * columns * (store + epilogue) + costs.tile,
      parallel: 2,
    };
  }
  const step = 4 * rows * columns + load + costs.swap * 3 * rows;
  const looped = isLooped(4 * rows * columns, kernel.epilogue.length) ? costs.looped : 0;
  return { step, fixed: 4 * rows * columns * (costs.store + epilogue + looped) + costs.tile, parallel: 2 };
}

/** Of one step of `k`, what a lane loads of a factor; of steps that a quad shares, a quarter, and the swaps. */
function loadCost({ vectors, shared }: TileLoads, side: Side, count: number): number {
  const cost = count * (vectors[side] === undefined ? costs.load : costs.vectorLoad);
  return side === shared ? cost / 4 + costs.swap * 0.75 * count : cost;
}

/**
 * With more instructions than this, all accumulators' epilogues together, the epilogue is a loop: measured, it compiles in three
 * quarters of the time, and where sums are long it runs as fast.
 */
const unrolledInstructions = 48;

export const isLooped = (accumulators: number, instructions: number): boolean => accumulators * instructions > unrolledInstructions;

/** A dispatch of the software device is 16 batches of workgroups; two run at a time. */
function inBatches(count: number): number {
  return count <= 16 ? Math.ceil(count / 2) : 8 * Math.ceil(count / 16);
}

/** Invocations that keep a device busy: those of a mid-range GPU. */
const deviceInvocations = 16_384;
/** In multiply-adds of one invocation: an element from workgroup memory, from the device's, and what a tile costs besides. */
const gpuCosts = { shared: 2, load: 8, tile: 256, meet: 32 } as const;
/** What every device has. */
const promisedBytes = 16_384;

/** By waves of invocations. */
export function rankGpuTiles(kernel: ContractKernel): readonly GpuTile[] {
  const shared = sharedTiles.filter((tile) => holdsRows(kernel, tile.width) && workgroupBytes(kernel, tile) <= promisedBytes);
  const direct = directTiles.filter(({ columns, wide, deep }) => (deep === 1 ? holdsRows(kernel, columns * wide) : holdsSplit(kernel)));
  return ranked<GpuTile>([...shared, ...direct], (tile) => {
    const { step, fixed, parallel } = gpuCost(kernel, tile);
    const depth = estimate(kernel.k);
    const steps = 'depth' in tile ? Math.ceil(depth / tile.depth) * tile.depth : depth;
    return wavesOf(tiles(kernel, extentOf(tile)), parallel) * (steps * step + fixed);
  });
}

/** What lanes side by side load far apart takes as many transactions. */
const scattered = 4;

export function gpuCost(kernel: ContractKernel, tile: GpuTile): TileCost {
  const { rows, columns } = tile;
  if ('high' in tile) {
    const { high, wide, deep } = tile;
    const parallel = deviceInvocations / (high * wide * deep);
    // as many loads for each step as before where sums are whole: their lanes walk along `k` in step
    if (deep === 1) return { step: rows * columns + gpuCosts.load * (rows + columns), fixed: gpuCosts.tile, parallel };
    const load = (side: Side, count: number, across: number): number => {
      const isTogether = liesAlongK(kernel[side]) ? high * wide === 1 : across > 1;
      return gpuCosts.load * count * (isTogether ? 1 : scattered);
    };
    const step = (rows * columns + load('left', rows, high) + load('right', columns, wide)) / deep;
    return { step, fixed: gpuCosts.tile + rows * columns * gpuCosts.meet * Math.log2(deep), parallel };
  }
  const { height, width } = tile;
  const lanes = (height / rows) * (width / columns);
  const step = rows * columns + gpuCosts.shared * (rows + columns) + (gpuCosts.load * (height + width)) / lanes;
  return { step, fixed: gpuCosts.tile, parallel: deviceInvocations / lanes };
}

/** A size whose symbols are all `by`. */
export function sized({ literal, symbols }: Product, by: number): Product {
  return { literal: literal * by ** symbols.length, symbols: [] };
}

/** Small and large: a kernel with symbolic sizes has the tiles that are best at these. */
export const symbolSizes: readonly number[] = [2, 512];

/** The kernel, its symbolic sizes given; the kernel itself if it has none. */
export function sizedKernels(kernel: ContractKernel): readonly ContractKernel[] {
  const sizes = [kernel.batch, kernel.m, kernel.n];
  if (sizes.every(({ symbols }) => symbols.length === 0)) return [kernel];
  return symbolSizes.map((by) => sizedKernel(kernel, by));
}

/** Its symbolic sizes given, but that of `k`. */
export function sizedKernel(kernel: ContractKernel, by: number): ContractKernel {
  return { ...kernel, batch: sized(kernel.batch, by), m: sized(kernel.m, by), n: sized(kernel.n, by) };
}

export function isExact(size: Product, tile: number): boolean {
  const literal = literalOf(size);
  return literal !== undefined && literal % tile === 0;
}
