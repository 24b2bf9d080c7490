/** How the lanes of a tile walk along `k`, and what they load as vectors: what its text is made of, and what it costs. */
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { literalOf } from '../3-fuse/product.ts';
import { type Along, noVectors, type Side, type Vectors, vectorsOf } from './contractVectors.ts';
import { type DirectTile, isLine, type QuadTile } from './tiles.ts';
import { unrollOf, withoutLoop } from './unroll.ts';

export interface TileLoads {
  /** Steps of `k` in one turn of the loop. */
  readonly unroll: number;
  readonly vectors: Vectors;
  /** The factor that is the same for all lanes of a quad, each of which loads one of four steps; undefined: there is none. */
  readonly shared: Side | undefined;
}

/** Steps that a quad shares. */
export const sharedSteps = 4;

/** `isQuad`: where a load is four loads with a branch each, and turns of a loop cost. */
export function tileLoads(kernel: ContractKernel, tile: QuadTile | DirectTile, isQuad = true): TileLoads {
  const { rows, columns } = tile;
  const along = (first: readonly Along[], then: (count: number) => readonly Along[]): Vectors =>
    vectorsOf(kernel, { left: [...first, ...then(rows)], right: [...first, ...then(columns)] });
  const ofFour = (count: number): readonly Along[] => (count % 4 === 0 ? ['own'] : []);
  if (!('deep' in tile)) {
    const unroll = unrollOf(kernel);
    const fours: readonly Along[] = unroll === 4 ? ['k'] : [];
    return { unroll, vectors: along([], (count) => [...ofFour(count), ...fours]), shared: undefined };
  }
  if (isLine(tile)) {
    const unroll = unrollOf(kernel);
    // what lanes have of their own is loaded one by one whatever the width of a load
    const ofAll = (lanes: number, count: number): readonly Along[] =>
      lanes * tile.deep > 1 ? [] : [...ofFour(count), ...(unroll === 4 ? (['k'] as const) : [])];
    return { unroll, vectors: vectorsOf(kernel, { left: ofAll(tile.high, rows), right: ofAll(tile.wide, columns) }), shared: undefined };
  }
  if (tile.deep === 1 && !isQuad) return { unroll: 1, vectors: noVectors, shared: undefined };
  const shared = isQuad ? sharedSide(tile, kernel) : undefined;
  if (shared !== undefined) return { unroll: sharedSteps, vectors: along([], ofFour), shared };
  const unroll = tile.deep > 1 ? Math.min(4, literalOf(kernel.k) ?? 4) : unrollOf(kernel);
  return { unroll, vectors: along(unroll === 4 ? ['k'] : [], ofFour), shared };
}

/** Lanes side by side along one axis have the other's elements in common. Measured, sharing pays where there is a loop. */
function sharedSide({ high, wide, deep }: DirectTile, { k }: ContractKernel): Side | undefined {
  if (deep > 1 || (literalOf(k) ?? Number.POSITIVE_INFINITY) <= withoutLoop) return undefined;
  return high === 1 ? 'left' : wide === 1 ? 'right' : undefined;
}
