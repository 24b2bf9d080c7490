/**
 * How the elements of a tile lie on the lanes of a workgroup, for kernels whose lanes load what they multiply straight from memory.
 *  - quadSwap: the four lanes of a quad load 4 rows and 4 columns each, and swap what they loaded to see all rows:
 *    accumulator (i, j, q) of lane l is row i of lane l ^ q and column j of lane l.
 *  - direct: each invocation loads its own rows and columns. Requires nothing. A quad's lanes lie so where `k` is tiny, or there are few
 *    rows or few columns: lanes side by side have the same rows, so each loads one of four steps of these, and swaps.
 *  - direct, in parts: several invocations have the same rows and columns, and each a part of the sums, which then meet: in workgroup
 *    memory in a tree, or, where the workgroup is a quad, by swaps.
 */
import { lineLanes } from '../../program/lineLanes.ts';
import type { KernelVariant } from '../../program/program.ts';
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { crossedSteps, type LaneAxis } from './contractLoads.ts';
import type { Along, Side, Vectors } from './contractVectors.ts';
import { tileLoads } from './tileLoads.ts';
import { type DirectTile, extentOf, type QuadTile, tileName } from './tiles.ts';

export interface TileLayout {
  readonly name: string;
  readonly design: 'quadSwap' | 'direct';
  readonly requires: KernelVariant['requires'];
  readonly enables: readonly string[];
  readonly vectors: Vectors;
  readonly lanes: number;
  readonly height: number;
  readonly width: number;
  /** Elements a lane. */
  readonly accumulators: number;
  /** Steps of `k` in one turn of the loop. */
  readonly unroll: number;
  /** Before the loop. */
  readonly prepare: readonly string[];
  readonly rows: LaneAxis;
  readonly columns: LaneAxis;
  /** The lanes that share a sum: how many, the number of this one, and how their parts meet. */
  readonly parts: { readonly count: number; readonly lane: string; readonly meet: 'swaps' | 'tree' | 'subgroup' } | undefined;
  /** Where accumulator number `e` lies, for an epilogue that is a loop over them; undefined: it is unrolled. */
  readonly looped: Looped | undefined;
}

export interface Looped {
  readonly row: string;
  readonly column: string;
  /** The same for four columns side by side. */
  readonly fours?: { readonly row: string; readonly column: string };
}

const letters = { left: ['i', 'g', 'c'], right: ['j', 'h', 'd'] } as const;

export function quadLayout(tile: QuadTile, kernel: ContractKernel): TileLayout {
  const { rows, columns } = tile;
  const { unroll, vectors } = tileLoads(kernel, tile);
  const inFours = areFours(columns, kernel);
  return {
    name: tileName(tile),
    design: 'quadSwap',
    requires: { features: ['subgroups'], subgroupSize: 4 },
    enables: ['subgroups'],
    vectors,
    lanes: 4,
    height: 4 * rows,
    width: 4 * columns,
    accumulators: 4 * rows * columns,
    unroll,
    prepare: [],
    rows: quadAxis('left', rows, vectors.left),
    columns: laneAxis('right', columns, vectors.right, { lanes: 4, inFours }),
    parts: undefined,
    looped: {
      row: quadLooped(`(e / ${4 * columns}u)`, '(lane ^ (e & 3u))', vectors.left === 'own'),
      column: quadLooped(`(e / 4u % ${columns}u)`, 'lane', inFours),
      ...(inFours && {
        fours: {
          row: quadLooped(`(e / ${columns}u)`, '(lane ^ (e & 3u))', vectors.left === 'own'),
          column: `e / 4u % ${columns / 4}u * 16u + 4u * lane`,
        },
      }),
    },
  };
}

/** Four lanes side by side, or four rows of one lane side by side where those are one vector. */
export const quadAxis = (side: Side, count: number, vector: Along | undefined): LaneAxis => laneAxis(side, count, vector, { lanes: 4 });

/** Columns that lie in fours are stored so. */
const areFours = (columns: number, { n }: ContractKernel): boolean => columns % 4 === 0 && n.literal % 4 === 0;

interface Spread {
  /** So many lanes side by side. */
  readonly lanes: number;
  /** This one's number; of a quad's, `place` is told it. */
  readonly own?: string;
  /** Four of each lane side by side, as where they are loaded as one vector. */
  readonly inFours?: boolean;
}

function laneAxis(side: Side, count: number, vector: Along | undefined, { lanes, own, inFours = false }: Spread): LaneAxis {
  const [i, g, c] = letters[side];
  if (vector !== 'own' && !inFours) return plainAxis(side, count, vector, (lane) => `${lanes}u * {${i}}u + ${own ?? lane}`);
  const vectorPlace = (lane: string): string => `${4 * lanes}u * {${g}}u + 4u * ${own ?? lane}`;
  const [fours, loops, name] = [`${g}=${count / 4}`, `${g}=${count / 4} ${c}=4`, `{${g}}{${c}}`];
  const place = (lane: string): string => `${vectorPlace(lane)} + {${c}}u`;
  const loaded =
    vector === 'own'
      ? { vectorLoops: fours, vectorName: `{${g}}`, vectorPlace }
      : { vectorLoops: loops, vectorName: name, vectorPlace: place };
  return { side, vector, loops, name, place, ...loaded, fours: { loops: fours, name: (u) => `{${g}}${u}`, place: vectorPlace } };
}

export function plainAxis(side: Side, count: number, vector: Along | undefined, place: LaneAxis['place']): LaneAxis {
  const [i] = letters[side];
  const [loops, name] = [`${i}=${count}`, `{${i}}`];
  return { side, vector, loops, name, vectorLoops: loops, vectorName: name, place, vectorPlace: place };
}

export function quadLooped(i: string, lane: string, inFours: boolean): string {
  return inFours ? `${i} / 4u * 16u + (${i} & 3u) + 4u * ${lane}` : `${i} * 4u + ${lane}`;
}

/** `isQuad`: where a load is four loads with a branch each, and turns of a loop cost. */
export function directLayout(tile: DirectTile, kernel: ContractKernel, isQuad = false): TileLayout {
  const { rows, columns, high, wide, deep } = tile;
  const isPlain = deep === 1 && !isQuad;
  const { unroll, vectors, shared } = tileLoads(kernel, tile, isQuad);
  const stepsOf = (side: Side): Pick<LaneAxis, 'steps'> => (shared === undefined ? {} : { steps: side === shared ? 'shared' : 'crossed' });
  return {
    name: tileName(tile),
    design: 'direct',
    requires: {},
    enables: [],
    vectors,
    ...extentOf(tile),
    accumulators: rows * columns,
    unroll,
    prepare: [
      `let x = ${wide === 1 ? '0u' : `lane % ${wide}u`};`,
      `let y = ${high === 1 ? '0u' : `lane / ${wide}u % ${high}u`};`,
      ...(shared === undefined ? [] : [crossedSteps]),
    ],
    rows: { ...laneAxis('left', rows, vectors.left, { lanes: high, own: 'y' }), ...stepsOf('left') },
    columns: {
      ...laneAxis('right', columns, vectors.right, { lanes: wide, own: 'x', inFours: !isPlain && areFours(columns, kernel) }),
      ...stepsOf('right'),
    },
    parts: deep === 1 ? undefined : { count: deep, lane: high * wide === 1 ? 'lane' : `(lane / ${high * wide}u)`, meet: 'tree' },
    looped: undefined,
  };
}

/** A subgroup of eight lanes, along rows or columns, or sharing sums: what does not depend on the lane is one load for all. */
export function lineLayout(tile: DirectTile, kernel: ContractKernel): TileLayout {
  const layout = directLayout(tile, kernel);
  const { columns, high, wide } = tile;
  const place = (e: string, lanes: number, lane: string): string => (lanes === 1 ? e : `${e} * ${lanes}u + ${lane}`);
  return {
    ...layout,
    requires: { ...(layout.parts && { features: ['subgroups'] }), subgroupSize: lineLanes },
    enables: layout.parts ? ['subgroups'] : [],
    looped: { row: place(`(e / ${columns}u)`, high, 'y'), column: place(`(e % ${columns}u)`, wide, 'x') },
    ...(layout.parts && { parts: { ...layout.parts, meet: 'subgroup' } }),
  };
}

/** A quad whose lanes share sums, or else swap nothing: with few steps of `k`, to store what lies side by side is all. */
export function quadDirectLayout(tile: DirectTile, kernel: ContractKernel): TileLayout {
  const layout = directLayout(tile, kernel, true);
  return {
    ...layout,
    requires: { features: ['subgroups'], subgroupSize: 4 },
    enables: ['subgroups'],
    ...(layout.parts && { parts: { ...layout.parts, meet: 'swaps' } }),
  };
}
