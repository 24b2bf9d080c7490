/**
 * The tiles that stored choices name, in the place of those of the cost model. Where sizes are symbolic, choices are of a few sizes,
 * and at run time the model's cost decides among their tiles: so costs are scaled until they order the tiles as was measured. At the
 * model's own sizes, its tiles stand where no choice does.
 *
 * Invariant: only tiles that are ranked are taken; whatever else a choice names counts as no choice.
 */
import { type Choices, keyAt, sizesOf } from '../../program/choices.ts';
import { wavesOf } from '../../program/waves.ts';
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { isSymbolicKey } from './choiceKey.ts';
import { sized, sizedKernel, symbolSizes, type TileCost } from './contractTiles.ts';
import { extentOf, type GpuTile, type QuadTile, tileName } from './tiles.ts';

export interface ChosenTile<T> {
  readonly tile: T;
  readonly cost: TileCost;
  /** Of the choices that name it. */
  readonly keys: readonly string[];
}

/** Fastest from one size to another. */
interface Measured<T> extends ChosenTile<T> {
  readonly from: number;
  readonly to: number;
}

/** So much dearer at least is what was slower: less is lost where costs become whole numbers. */
const margin = 1.02;

/** None: the cost model has to choose. */
export function tunedTiles<T extends QuadTile | GpuTile>(
  kernel: ContractKernel,
  key: string,
  choices: Choices | undefined,
  rank: (kernel: ContractKernel) => readonly T[],
  costOf: (tile: T) => TileCost,
): readonly ChosenTile<T>[] {
  if (choices === undefined) return [];
  const legal = rank(kernel);
  const named = (one: string): T | undefined => legal.find((tile) => tileName(tile) === choices.tiles.get(one));
  if (!isSymbolicKey(key)) {
    const tile = named(key);
    return tile === undefined ? [] : [{ tile, cost: costOf(tile), keys: [key] }];
  }
  const measured: Measured<T>[] = [];
  for (const size of [...new Set([...sizesOf(key, choices), ...symbolSizes])].sort((a, b) => a - b)) {
    const at = keyAt(key, size);
    const chosen = named(at);
    const tile = chosen ?? rank(sizedKernel(kernel, size))[0];
    if (tile === undefined || (chosen === undefined && !symbolSizes.includes(size))) continue;
    const last = measured.at(-1);
    if (last?.tile === tile) measured.pop();
    const keys = [...(last?.tile === tile ? last.keys : []), ...(chosen === undefined ? [] : [at])];
    measured.push({ tile, cost: costOf(tile), keys, from: last?.tile === tile ? last.from : size, to: size });
  }
  return measured.some(({ keys }) => keys.length > 0) ? scaled(kernel, measured) : [];
}

/** Costs that make each tile the cheapest where it was fastest. Where no scale does, the tile of the larger sizes stands alone. */
function scaled<T extends QuadTile | GpuTile>(kernel: ContractKernel, measured: readonly Measured<T>[]): readonly ChosenTile<T>[] {
  const [largest] = measured.slice(-1);
  let kept: readonly Measured<T>[] = [];
  for (const next of measured) {
    const before = kept.at(-1);
    const ratio = (size: number): number => (before === undefined ? 1 : costAt(kernel, before, size) / costAt(kernel, next, size));
    const [least, most] = before === undefined ? [1, 1] : [ratio(before.to), ratio(next.from)];
    if (before !== undefined && least * margin ** 2 > most) kept = [];
    const scale = least * margin < 1 && most > margin ? 1 : Math.sqrt(least * most);
    kept = [...kept, kept.length === 0 ? next : { ...next, cost: times(next.cost, scale) }];
  }
  const isRight =
    new Set(kept.map(({ tile }) => tile)).size === kept.length &&
    kept.every((one) =>
      kept.every((other) => [one.from, one.to].every((size) => costAt(kernel, one, size) <= costAt(kernel, other, size))),
    );
  return isRight || largest === undefined ? kept : [largest];
}

function times({ step, fixed, parallel }: TileCost, by: number): TileCost {
  return { step: step * by, fixed: fixed * by, parallel };
}

/** What the runtime computes of it where all symbols are `size`. */
function costAt<T extends QuadTile | GpuTile>(kernel: ContractKernel, { tile, cost }: ChosenTile<T>, size: number): number {
  const [batch, m, n, k] = [kernel.batch, kernel.m, kernel.n, kernel.k].map((one) => sized(one, size).literal);
  const { height, width } = extentOf(tile);
  const workgroups = (batch ?? 1) * Math.ceil((m ?? 1) / height) * Math.ceil((n ?? 1) / width);
  return wavesOf(workgroups, cost.parallel) * ((k ?? 1) * cost.step + cost.fixed);
}
