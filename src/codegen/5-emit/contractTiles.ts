/**
 * The tile shapes of contract kernels, and which one to take: a small cost model, by sizes.
 *
 * Source of the constants: measured on SwiftShader with bench/kernels, where a load is four loads with a branch each and costs what
 * 17 to 20 multiply-adds cost. Symbolic sizes count as `typical`.
 */
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { literalOf, type Product } from '../3-fuse/product.ts';

/** Each quad of lanes computes 4 `rows` x 4 `columns` elements. */
export interface QuadTile {
  readonly rows: number;
  readonly columns: number;
}

/** Each invocation computes `rows` x `columns` elements; a workgroup is `high` x `wide` invocations. */
export interface DirectTile {
  readonly rows: number;
  readonly columns: number;
  readonly high: number;
  readonly wide: number;
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

const directTiles: readonly DirectTile[] = [
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
].map(([rows = 1, columns = 1, high = 8, wide = 8]) => ({ rows, columns, high, wide }));

/** What a symbolic axis is taken to be. */
const typical = 128;

function estimate({ literal, symbols }: Product): number {
  return literal * typical ** symbols.length;
}

function tiles(kernel: ContractKernel, height: number, width: number): number {
  return estimate(kernel.batch) * Math.ceil(estimate(kernel.m) / height) * Math.ceil(estimate(kernel.n) / width);
}

/** The cheapest first. */
function ranked<T>(candidates: readonly T[], costOf: (candidate: T) => number): readonly T[] {
  return candidates
    .map((candidate) => ({ candidate, cost: costOf(candidate) }))
    .sort((a, b) => a.cost - b.cost)
    .map(({ candidate }) => candidate);
}

/** In multiply-adds of four lanes. */
const costs = { load: 20, vectorLoad: 17, swap: 0.5, store: 22, instruction: 6, tile: 400 } as const;
/** From how many multiply-adds on as many accumulators a lane repay what they cost to compile. */
const compiled = [
  [2 ** 26, 256],
  [2 ** 21, 128],
  [2 ** 17, 64],
  [0, 16],
] as const;

/** With a row epilogue, a tile has all columns. */
const holdsRows = ({ rowEpilogue, n }: ContractKernel, width: number): boolean => rowEpilogue === undefined || estimate(n) <= width;

export function rankQuadTiles(kernel: ContractKernel): readonly QuadTile[] {
  const products = tiles(kernel, 1, 1) * estimate(kernel.k);
  const [, most] = compiled.find(([from]) => products >= from) ?? compiled[3];
  const possible = quadTiles.filter(({ columns }) => holdsRows(kernel, 4 * columns));
  const fitting = possible.filter(({ rows, columns }) => 4 * rows * columns <= most);
  const candidates = fitting.length > 0 ? fitting : possible;
  return ranked(candidates, ({ rows, columns }) => {
    const count = tiles(kernel, 4 * rows, 4 * columns);
    const load = (lanes: number): number => (lanes % 4 === 0 ? costs.vectorLoad : costs.load);
    const step = 4 * rows * columns + load(rows) * rows + load(columns) * columns + costs.swap * 3 * rows;
    const finish = 4 * rows * columns * (costs.store + kernel.epilogue.length * costs.instruction);
    return inBatches(count) * (estimate(kernel.k) * step + finish + costs.tile);
  });
}

/** A dispatch of the software device is 16 batches of workgroups; two run at a time. */
function inBatches(count: number): number {
  return count <= 16 ? Math.ceil(count / 2) : 8 * Math.ceil(count / 16);
}

export type GpuTile = SharedTile | DirectTile;

/** Invocations that keep a device busy: those of a mid-range GPU. */
const deviceInvocations = 16_384;
/** In multiply-adds of one invocation: an element from workgroup memory, from the device's, and what a tile costs besides. */
const gpuCosts = { shared: 2, load: 8, tile: 256 } as const;
/** What every device has. */
const promisedBytes = 16_384;

/** The cheapest tile by waves of invocations; without workgroup memory for small products only. */
export function rankGpuTiles(kernel: ContractKernel): readonly GpuTile[] {
  const depth = estimate(kernel.k);
  // what does not fill the last wave costs as if it did; what is only padding takes power from what is not
  const waves = (count: number, lanes: number): number => {
    const load = (count * lanes) / deviceInvocations;
    return Math.ceil(load) + load / 2;
  };
  const shared = sharedTiles
    .filter((tile) => holdsRows(kernel, tile.width) && workgroupBytes(kernel, tile) <= promisedBytes)
    .map((tile) => {
      const { height, width, rows, columns } = tile;
      const lanes = (height / rows) * (width / columns);
      const step = rows * columns + gpuCosts.shared * (rows + columns) + (gpuCosts.load * (height + width)) / lanes;
      const blocks = Math.ceil(depth / tile.depth) * tile.depth;
      return { tile, cost: waves(tiles(kernel, height, width), lanes) * (blocks * step + gpuCosts.tile) };
    });
  const direct = directTiles
    .filter(({ columns, wide }) => holdsRows(kernel, columns * wide))
    .map((tile) => {
      const { rows, columns, high, wide } = tile;
      const step = rows * columns + gpuCosts.load * (rows + columns);
      return { tile, cost: waves(tiles(kernel, rows * high, columns * wide), high * wide) * (depth * step + gpuCosts.tile) };
    });
  return ranked<{ readonly tile: GpuTile; readonly cost: number }>([...shared, ...direct], ({ cost }) => cost).map(({ tile }) => tile);
}

export function isExact(size: Product, tile: number): boolean {
  const literal = literalOf(size);
  return literal !== undefined && literal % tile === 0;
}
