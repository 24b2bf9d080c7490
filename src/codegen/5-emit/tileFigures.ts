/**
 * What a contract's tile costs, in figures that are known before anything runs: for `explain`, for the cost model's tests, and for
 * tests that a noisy clock cannot disturb.
 *
 * Invariant: of one variant of one kernel; nothing here is in a program.
 */
import type { Size } from '../../types/dim.ts';
import { addSizes, ceilDivideSizes, multiplySizes } from '../../types/size.ts';
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { literalOf, type Product, toSize } from '../3-fuse/product.ts';
import { estimate, partsOf, workgroupBytes } from './contractTiles.ts';
import type { Side } from './contractVectors.ts';
import { loadsOf } from './kernelWork.ts';
import { readInTree } from './loopFigures.ts';
import { sharedSteps, tileLoads } from './tileLoads.ts';
import { type DirectTile, extentOf, type GpuTile, type QuadTile } from './tiles.ts';

export interface TileFigures {
  readonly height: number;
  readonly width: number;
  readonly lanes: number;
  /** Elements that an invocation keeps. */
  readonly accumulators: number;
  readonly workgroupBytes: number;
  /** Elements loaded for each multiply-add: from the device's memory, and from the workgroup's. */
  readonly loads: number;
  readonly workgroupLoads: number;
  /** Multiply-adds for each element of a factor that is loaded from the device's memory. */
  readonly reuse: { readonly left: number; readonly right: number };
  /** How often a workgroup waits for itself. */
  readonly barriers: Size;
  /** The part of multiply-adds that are not of rows, columns or steps past the end; undefined if a size is not known. */
  readonly useful: number | undefined;
}

/** `symbols`: sizes of symbolic axes, as far as they are known. */
export function tileFigures(kernel: ContractKernel, tile: QuadTile | GpuTile, symbols: Readonly<Record<string, number>> = {}): TileFigures {
  const { height, width, lanes } = extentOf(tile);
  const isShared = 'depth' in tile;
  const depth = isShared ? tile.depth : 1;
  const deep = 'deep' in tile ? tile.deep : 1;
  const accumulators = (height * width * deep) / lanes;
  const parts = partsOf(kernel, tile);
  const [rows, columns] = isShared ? [tile.rows, tile.columns] : [height, width];
  const reuse = isShared || !('high' in tile) ? { left: width, right: height } : directReuse(kernel, tile);
  const [m, n, k] = [kernel.m, kernel.n, kernel.k].map((size) => known(size, symbols));
  const padded = (size: number, by: number): number => size / (Math.ceil(size / by) * by);
  return {
    height,
    width,
    lanes,
    accumulators,
    workgroupBytes: workgroupBytes(kernel, tile),
    loads: loadsOf(kernel.left.body) / reuse.left + loadsOf(kernel.right.body) / reuse.right,
    workgroupLoads: isShared
      ? 1 / rows + 1 / columns
      : (parts * readInTree(lanes, lanes / deep)) / (height * width * (k ?? estimate(kernel.k))),
    reuse,
    barriers: barriersOf(kernel, tile),
    useful: m === undefined || n === undefined || k === undefined ? undefined : padded(m, height) * padded(n, width) * padded(k, depth),
  };
}

/** A block is there, and done with; parts of sums lie there, and have met, by halves; a tile's rows are there. Or what is done aside. */
function barriersOf(kernel: ContractKernel, tile: QuadTile | GpuTile): Size {
  const { lanes } = extentOf(tile);
  const deep = partsOf(kernel, tile) > 0 && 'deep' in tile ? tile.deep : undefined;
  const ofSums =
    'depth' in tile ? multiplySizes(2, ceilDivideSizes(toSize(kernel.k), tile.depth)) : deep === undefined ? 0 : 1 + Math.log2(deep);
  const ofProduct = addSizes(ofSums, kernel.rowEpilogue === undefined ? 0 : 1);
  const loops = (kernel.aside?.steps ?? []).filter((step) => step.kind === 'loop' && step.accumulators.length > 0);
  const ofAside = lanes === 4 ? 0 : loops.length * (1 + Math.log2(lanes));
  return typeof ofProduct === 'number' ? Math.max(ofProduct, ofAside) : ofProduct;
}

/** Of steps that a quad shares each lane loads a quarter; not of those that are left over. */
function directReuse(kernel: ContractKernel, tile: DirectTile): TileFigures['reuse'] {
  const shared = extentOf(tile).lanes === 4 ? tileLoads(kernel, tile).shared : undefined;
  const steps = literalOf(kernel.k) ?? sharedSteps;
  const loaded = Math.floor(steps / sharedSteps) + (steps % sharedSteps);
  const times = (side: Side): number => (side === shared ? steps / loaded : 1);
  return { left: tile.columns * times('left'), right: tile.rows * times('right') };
}

function known(size: Product, symbols: Readonly<Record<string, number>>): number | undefined {
  const sizes = size.symbols.map((symbol) => symbols[symbol]);
  if (sizes.some((one) => one === undefined)) return literalOf(size);
  return sizes.reduce<number>((product, one) => product * (one ?? 1), size.literal);
}
