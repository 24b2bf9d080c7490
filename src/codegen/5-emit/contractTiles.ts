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

function cheapest<T>(candidates: readonly T[], costOf: (candidate: T) => number): T {
  const [first, ...rest] = candidates;
  if (first === undefined) throw new Error('internal: no tile to choose from');
  return rest.reduce((best, next) => (costOf(next) < costOf(best) ? next : best), first);
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

export function chooseQuadTile(kernel: ContractKernel): QuadTile {
  const products = tiles(kernel, 1, 1) * estimate(kernel.k);
  const [, most] = compiled.find(([from]) => products >= from) ?? compiled[3];
  const possible = quadTiles.filter(({ columns }) => holdsRows(kernel, 4 * columns));
  const fitting = possible.filter(({ rows, columns }) => 4 * rows * columns <= most);
  const candidates = fitting.length > 0 ? fitting : possible;
  return cheapest(candidates, ({ rows, columns }) => {
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

/** Fewer workgroups than this leave a large device idle. */
const deviceWorkgroups = 64;

export function chooseDirectTile(kernel: ContractKernel): DirectTile {
  const candidates = directTiles.filter(({ columns, wide }) => holdsRows(kernel, columns * wide));
  return cheapest(candidates, ({ rows, columns, high, wide }) => {
    const count = tiles(kernel, rows * high, columns * wide);
    const one = rows * columns * high * wide * (1 + 1 / rows + 1 / columns);
    return Math.ceil(count / deviceWorkgroups) * deviceWorkgroups * one;
  });
}

export function isExact(size: Product, tile: number): boolean {
  const literal = literalOf(size);
  return literal !== undefined && literal % tile === 0;
}
