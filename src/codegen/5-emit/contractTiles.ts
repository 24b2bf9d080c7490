/**
 * The tile shapes of contract kernels, and which one to take: a small cost model, by sizes.
 *
 * Source of the constants: measured on SwiftShader with bench/kernels, where a load is four loads with a branch each and costs what
 * 17 to 20 multiply-adds cost. Symbolic sizes count as `typical`.
 */

import { wavesOf } from '../../program/waves.ts';
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { literalOf, type Product } from '../3-fuse/product.ts';
import { liesAlongK, type Side } from './contractVectors.ts';

/** Each quad of lanes computes 4 `rows` x 4 `columns` elements. */
export interface QuadTile {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Each invocation computes `rows` x `columns` elements; a workgroup is `high` x `wide` invocations. With `deep` of them for each
 * element they share its sum, for products with a row or a column, or little more.
 */
export interface DirectTile {
  readonly rows: number;
  readonly columns: number;
  readonly high: number;
  readonly wide: number;
  readonly deep: number;
}

/** A workgroup computes `height` x `width` elements from blocks `depth` deep, each invocation `rows` x `columns` of them. */
export interface SharedTile {
  readonly height: number;
  readonly width: number;
  readonly depth: number;
  readonly rows: number;
  readonly columns: number;
}

export const sharedTiles: readonly SharedTile[] = [
  [128, 128, 16, 8, 8],
  [128, 64, 16, 8, 4],
  [64, 128, 16, 4, 8],
  [64, 64, 16, 4, 4],
  [32, 32, 16, 4, 4],
  [16, 128, 16, 4, 4],
  [128, 16, 16, 4, 4],
].map(([height = 0, width = 0, depth = 0, rows = 0, columns = 0]) => ({ height, width, depth, rows, columns }));

/** Workgroup memory: the blocks of both factors, the rows that a row epilogue reads, and what an aside adds up. */
export function workgroupBytes({ rowEpilogue, n, aside }: ContractKernel, { height, width, depth, rows, columns }: SharedTile): number {
  const sums = (aside?.steps ?? []).flatMap((step) => (step.kind === 'loop' ? step.accumulators : [])).length;
  const lanes = (height / rows) * (width / columns);
  return 4 * ((height + width) * depth + (rowEpilogue === undefined ? 0 : height * estimate(n)) + sums * lanes);
}

const quadTiles: readonly QuadTile[] = [
  [8, 8],
  [8, 4],
  [4, 8],
  [4, 4],
  [8, 2],
  [2, 8],
  [4, 2],
  [2, 4],
  [8, 1],
  [1, 8],
  [2, 2],
  [4, 1],
  [1, 4],
  [2, 1],
  [1, 2],
  [1, 1],
].map(([rows = 1, columns = 1]) => ({ rows, columns }));

/** Elements of a lane, lanes of a workgroup along rows and columns, and lanes that share a sum. */
const tilesOf = (
  shapes: readonly (readonly [rows: number, columns: number, high: number, wide: number, deep?: number])[],
): readonly DirectTile[] => shapes.map(([rows, columns, high, wide, deep = 1]) => ({ rows, columns, high, wide, deep }));

const directTiles = tilesOf([
  [8, 8, 8, 8],
  [4, 8, 8, 8],
  [4, 4, 8, 8],
  [4, 2, 8, 8],
  [2, 2, 8, 8],
  [1, 4, 8, 8],
  [4, 1, 8, 8],
  [1, 1, 8, 8],
  [4, 4, 4, 4],
  [1, 1, 4, 4],
  [1, 4, 1, 16, 16],
  [4, 1, 16, 1, 16],
  [4, 4, 1, 16, 16],
  [4, 4, 16, 1, 16],
  [1, 4, 1, 1, 64],
  [4, 1, 1, 1, 64],
  [4, 4, 1, 1, 64],
  [1, 1, 1, 1, 256],
]);

/** A quad shares sums. */
const quadSplits = tilesOf([
  [2, 8, 1, 1, 4],
  [8, 2, 1, 1, 4],
  [1, 8, 1, 1, 4],
  [8, 1, 1, 1, 4],
  [1, 4, 1, 1, 4],
  [4, 1, 1, 1, 4],
  [2, 4, 1, 1, 4],
  [4, 2, 1, 1, 4],
  [2, 2, 1, 1, 4],
  [1, 1, 1, 1, 4],
]);

/** Each lane of a quad loads what it multiplies. */
const quadDirects = tilesOf([
  [8, 8, 1, 4],
  [4, 16, 1, 4],
  [8, 8, 2, 2],
  [4, 8, 1, 4],
  [8, 4, 1, 4],
  [4, 4, 1, 4],
  [4, 4, 2, 2],
]);

export interface Extent {
  readonly height: number;
  readonly width: number;
  readonly lanes: number;
}

/** What a workgroup computes. */
export function extentOf(tile: QuadTile | GpuTile): Extent {
  const { rows, columns } = tile;
  if ('depth' in tile) return { height: tile.height, width: tile.width, lanes: (tile.height / rows) * (tile.width / columns) };
  if (!('deep' in tile)) return { height: 4 * rows, width: 4 * columns, lanes: 4 };
  const { high, wide, deep } = tile;
  return { height: rows * high, width: columns * wide, lanes: high * wide * deep };
}

/** What a symbolic axis is taken to be. */
const typical = 128;

function estimate({ literal, symbols }: Product): number {
  return literal * typical ** symbols.length;
}

function tiles(kernel: ContractKernel, { height, width }: Pick<Extent, 'height' | 'width'>): number {
  return estimate(kernel.batch) * Math.ceil(estimate(kernel.m) / height) * Math.ceil(estimate(kernel.n) / width);
}

/** The cheapest first. */
function ranked<T>(candidates: readonly T[], costOf: (candidate: T) => number): readonly T[] {
  return candidates
    .map((candidate) => ({ candidate, cost: costOf(candidate) }))
    .sort((a, b) => a.cost - b.cost)
    .map(({ candidate }) => candidate);
}

/** In multiply-adds of four lanes. A quad that swaps stores to four rows at once, one that does not to a row. */
const costs = { load: 20, vectorLoad: 17, swap: 0.5, store: 22, storeInRow: 5, meet: 4, instruction: 6, tile: 400 } as const;
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
const holdsRows = ({ rowEpilogue, n }: ContractKernel, width: number): boolean => rowEpilogue === undefined || estimate(n) <= width;

/** Rows of a tile are where a row epilogue reads them: sums in parts do not lie there. */
const holdsSplit = ({ rowEpilogue }: ContractKernel): boolean => rowEpilogue === undefined;

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

export function quadCost({ epilogue }: ContractKernel, tile: QuadTile | DirectTile): TileCost {
  const { rows, columns } = tile;
  const load = (lanes: number): number => lanes * (lanes % 4 === 0 ? costs.vectorLoad : costs.load);
  if ('deep' in tile) {
    const store = tile.deep === 1 ? costs.storeInRow : costs.store + costs.meet;
    return {
      step: (rows * columns + load(rows) + load(columns)) / tile.deep,
      fixed: rows * columns * (store + epilogue.length * costs.instruction) + costs.tile,
      parallel: 2,
    };
  }
  return {
    step: 4 * rows * columns + load(rows) + load(columns) + costs.swap * 3 * rows,
    fixed: 4 * rows * columns * (costs.store + epilogue.length * costs.instruction) + costs.tile,
    parallel: 2,
  };
}

/** A dispatch of the software device is 16 batches of workgroups; two run at a time. */
function inBatches(count: number): number {
  return count <= 16 ? Math.ceil(count / 2) : 8 * Math.ceil(count / 16);
}

export type GpuTile = SharedTile | DirectTile;

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

/** `quadSwap 32x16`. No two tiles have one name: stored choices name them so. */
export function tileName(tile: QuadTile | GpuTile): string {
  const { height, width, lanes } = extentOf(tile);
  return `${designOf(tile, lanes)} ${height}x${width}${'deep' in tile && tile.deep === 1 && lanes === 16 ? ', few lanes' : ''}`;
}

function designOf(tile: QuadTile | GpuTile, lanes: number): string {
  if ('depth' in tile) return 'shared';
  if (!('deep' in tile)) return 'quadSwap';
  if (lanes === 4) return tile.deep === 1 ? 'quadDirect' : 'quadSplit';
  return tile.deep === 1 ? 'direct' : 'split';
}

export function isExact(size: Product, tile: number): boolean {
  const literal = literalOf(size);
  return literal !== undefined && literal % tile === 0;
}

export const tileNames: readonly string[] = [...quadTiles, ...quadSplits, ...quadDirects, ...sharedTiles, ...directTiles].map(tileName);
