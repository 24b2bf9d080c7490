/**
 * What a contract's tile costs, in figures that are known before anything runs: for `explain`, for the cost model's tests, and for
 * tests that a noisy clock cannot disturb.
 *
 * Invariant: of one variant of one kernel; nothing here is in a program.
 */
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { literalOf, type Product } from '../3-fuse/product.ts';
import { workgroupBytes } from './contractTiles.ts';
import type { Side } from './contractVectors.ts';
import { tileLoads } from './tileLoads.ts';
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
  /** For each step of `k`. */
  readonly barriers: number;
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
  const [rows, columns] = isShared ? [tile.rows, tile.columns] : [height, width];
  const reuse = isShared || !('high' in tile) ? { left: width, right: height } : directReuse(kernel, tile);
  const [m, n, k] = [kernel.m, kernel.n, kernel.k].map((size) => known(size, symbols));
  const padded = (size: number, by: number): number => size / (Math.ceil(size / by) * by);
  return {
    height,
    width,
    lanes,
    accumulators,
    // parts of sums meet there, but a quad's
    workgroupBytes: isShared ? workgroupBytes(kernel, tile) : deep > 1 && lanes > 4 ? 4 * accumulators * lanes : 0,
    loads: 1 / reuse.left + 1 / reuse.right,
    workgroupLoads: isShared ? 1 / rows + 1 / columns : 0,
    reuse,
    barriers: isShared ? 2 / depth : 0,
    useful: m === undefined || n === undefined || k === undefined ? undefined : padded(m, height) * padded(n, width) * padded(k, depth),
  };
}

/** Of steps that a quad shares each lane loads a quarter. */
function directReuse(kernel: ContractKernel, tile: DirectTile): TileFigures['reuse'] {
  const shared = extentOf(tile).lanes === 4 ? tileLoads(kernel, tile).shared : undefined;
  const times = (side: Side): number => (side === shared ? 4 : 1);
  return { left: tile.columns * times('left'), right: tile.rows * times('right') };
}

function known(size: Product, symbols: Readonly<Record<string, number>>): number | undefined {
  const sizes = size.symbols.map((symbol) => symbols[symbol]);
  if (sizes.some((one) => one === undefined)) return literalOf(size);
  return sizes.reduce<number>((product, one) => product * (one ?? 1), size.literal);
}
