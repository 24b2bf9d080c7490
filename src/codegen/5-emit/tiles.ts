/**
 * The tile shapes of contract kernels, and their names. Which one a product takes, the cost model says: contractTiles.ts.
 */

import { lineLanes } from '../../program/lineLanes.ts';

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

export type GpuTile = SharedTile | DirectTile;

export const quadTiles: readonly QuadTile[] = [
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

export const directTiles = tilesOf([
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
export const quadSplits = tilesOf([
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
export const quadDirects = tilesOf([
  [8, 8, 1, 4],
  [4, 16, 1, 4],
  [8, 8, 2, 2],
  [4, 8, 1, 4],
  [8, 4, 1, 4],
  [4, 4, 1, 4],
  [4, 4, 2, 2],
  [1, 8, 1, 4],
  [1, 4, 1, 4],
  [2, 8, 1, 4],
  [2, 4, 1, 4],
  [8, 1, 4, 1],
  [4, 1, 4, 1],
  [8, 2, 4, 1],
  [4, 2, 4, 1],
]);

/**
 * Subgroups of eight lanes. Lanes lie along one axis; what all of them multiply by is one load for them all. Or they share sums.
 */
export const lineTiles = tilesOf(
  [
    [16, 2],
    [8, 2],
    [16, 1],
    [8, 1],
    [4, 2],
    [4, 1],
    [2, 4],
    [2, 2],
    [1, 4],
    [1, 2],
    [1, 1],
  ].flatMap(([many = 1, few = 1]) => [
    [many, few, 1, lineLanes],
    [few, many, lineLanes, 1],
  ]),
);

export const lineSplits = tilesOf(
  [
    [4, 4],
    [2, 4],
    [4, 2],
    [1, 8],
    [8, 1],
    [1, 4],
    [4, 1],
    [2, 2],
    [1, 1],
  ].map(([rows = 1, columns = 1]) => [rows, columns, 1, 1, lineLanes]),
);

export const isLine = ({ high, wide, deep }: DirectTile): boolean => high * wide * deep === lineLanes;

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

/** `quadSwap 32x16`. No two tiles have one name: stored choices name them so. */
export function tileName(tile: QuadTile | GpuTile): string {
  const { height, width, lanes } = extentOf(tile);
  return `${designOf(tile, lanes)} ${height}x${width}${'deep' in tile && tile.deep === 1 && lanes === 16 ? ', few lanes' : ''}`;
}

function designOf(tile: QuadTile | GpuTile, lanes: number): string {
  if ('depth' in tile) return 'shared';
  if (!('deep' in tile)) return 'quadSwap';
  if (lanes === lineLanes) return tile.deep > 1 ? 'lineSplit' : tile.wide > 1 ? 'lineAcross' : 'lineDown';
  if (lanes === 4) return tile.deep === 1 ? 'quadDirect' : 'quadSplit';
  return tile.deep === 1 ? 'direct' : 'split';
}

export const tileNames: readonly string[] = [
  ...quadTiles,
  ...quadSplits,
  ...quadDirects,
  ...lineTiles,
  ...lineSplits,
  ...sharedTiles,
  ...directTiles,
].map(tileName);
