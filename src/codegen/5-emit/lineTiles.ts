/**
 * Which tile a contract kernel takes where subgroups have eight lanes: a processor whose compiler keeps a lane in each element of a
 * vector (Mesa's lavapipe, with AVX2).
 *
 * Source of the constants, in nanoseconds of a core: loads, multiply-adds and turns were measured there with kernels of one kind of instruction;
 * `store`, `instruction`, `meet`, `tile` and from when accumulators repay their compile time are estimates. What all lanes load from one place is loaded once,
 * four side by side at once; what each loads for itself are eight loads, however they lie, and as many again for each element of a vector.
 */
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { estimate, holdsRows, holdsSplit, ranked, type TileCost, tiles } from './contractTiles.ts';
import type { Side } from './contractVectors.ts';
import { tileLoads } from './tileLoads.ts';
import { type DirectTile, extentOf, lineSplits, lineTiles } from './tiles.ts';

/** For eight lanes; `turn` of the loop, and for each value that lives across turns. */
const costs = {
  multiplyAdd: 0.3,
  scalar: 2,
  ofVector: 0.9,
  gather: 6.3,
  turn: 11,
  carried: 0.6,
  store: 8,
  instruction: 1,
  meet: 10,
  tile: 200,
} as const;
/** From how many multiply-adds on as many accumulators a lane repay what they cost to compile. */
const compiled = [
  [2 ** 23, 32],
  [2 ** 19, 16],
  [0, 8],
] as const;

export function rankLineTiles(kernel: ContractKernel): readonly DirectTile[] {
  const products = tiles(kernel, { height: 1, width: 1 }) * estimate(kernel.k);
  const [, most] = compiled.find(([from]) => products >= from) ?? compiled[2];
  const candidates = [
    ...lineTiles.filter(({ columns, wide }) => holdsRows(kernel, columns * wide)),
    ...(holdsSplit(kernel) ? lineSplits : []),
  ];
  const fitting = candidates.filter(({ rows, columns }) => rows * columns <= most);
  return ranked(fitting.length > 0 ? fitting : candidates, (tile) => {
    const { step, fixed } = lineCost(kernel, tile);
    return tiles(kernel, extentOf(tile)) * (estimate(kernel.k) * step + fixed);
  });
}

export function lineCost(kernel: ContractKernel, tile: DirectTile): TileCost {
  const { rows, columns, high, wide, deep } = tile;
  const { unroll, vectors } = tileLoads(kernel, tile);
  const load = (side: Side, count: number, lanes: number): number =>
    count * (lanes * deep > 1 ? costs.gather : vectors[side] === undefined ? costs.scalar : costs.ofVector);
  const sums = rows * columns;
  const step =
    sums * costs.multiplyAdd + load('left', rows, high) + load('right', columns, wide) + (costs.turn + sums * costs.carried) / unroll;
  const fixed = sums * (costs.store + kernel.epilogue.length * costs.instruction + (deep > 1 ? costs.meet : 0)) + costs.tile;
  return { step: step / deep, fixed, parallel: 2 };
}
