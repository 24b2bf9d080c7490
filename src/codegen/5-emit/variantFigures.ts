/**
 * A variant of a product together with what it costs: it is said where the variant is emitted, so that it cannot be another's.
 *
 * Invariant: only of products; kernels of other kinds have no tile.
 */
import type { KernelVariant } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import { ceilDivideSizes, multiplySizes } from '../../types/size.ts';
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { type Product, toSize } from '../3-fuse/product.ts';
import type { GpuTile, QuadTile } from './contractTiles.ts';
import { tileFigures } from './tileFigures.ts';

export function withFigures(kernel: ContractKernel, tile: QuadTile | GpuTile, variant: KernelVariant): KernelVariant {
  const { height, width, accumulators, workgroupBytes, loads, workgroupLoads, barriers } = tileFigures(kernel, tile);
  const depth = 'depth' in tile ? tile.depth : 1;
  const padded = (size: Product, by: number): Size => multiplySizes(ceilDivideSizes(toSize(size), by), by);
  const { batch, m, n, k } = kernel;
  const flops = {
    useful: multiplySizes(2, ...[batch, m, n, k].map(toSize)),
    issued: multiplySizes(2, toSize(batch), padded(m, height), padded(n, width), padded(k, depth)),
  };
  return { ...variant, figures: { accumulators, workgroupBytes, loads, workgroupLoads, barriers, flops } };
}
