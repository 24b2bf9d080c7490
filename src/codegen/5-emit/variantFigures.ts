/**
 * A variant together with what it costs: it is said where the variant is emitted, so that it cannot be another's.
 *
 * Invariant: every variant has its figures; the type of what emitters return says so.
 */
import type { KernelVariant, VariantFigures } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import { ceilDivideSizes, multiplySizes } from '../../types/size.ts';
import { type ContractKernel, tileTensor } from '../3-fuse/kernel.ts';
import { type Product, toSize } from '../3-fuse/product.ts';
import { typically } from '../4-plan/traffic.ts';
import { bytesOf, each, flopsOf, loopWork, sumSizes, type Work } from './kernelWork.ts';
import { readInTree } from './loopFigures.ts';
import { tileFigures } from './tileFigures.ts';
import type { GpuTile, QuadTile } from './tiles.ts';

export type MeasuredVariant = KernelVariant & { readonly figures: VariantFigures };

export function withFigures(kernel: ContractKernel, tile: QuadTile | GpuTile, variant: KernelVariant): MeasuredVariant {
  const { height, width, lanes, accumulators, workgroupBytes, loads, workgroupLoads, barriers, reuse } = tileFigures(kernel, tile);
  const depth = 'depth' in tile ? tile.depth : 1;
  const { batch, m, n, k } = kernel;
  const steps = multiplySizes(toSize(batch), padded(k, depth));
  const across = (size: Product, tileSize: number, times: number): Size => multiplySizes(ceilDivideSizes(toSize(size), tileSize), times);
  // a left element serves so many columns of its tile, a right one so many rows
  const left = multiplySizes(steps, padded(m, height), across(n, width, width / reuse.left));
  const right = multiplySizes(steps, padded(n, width), across(m, height, height / reuse.right));
  const beside = besides(kernel, lanes);
  const multiplyAdds = multiplySizes(steps, padded(m, height), padded(n, width));
  const figures: VariantFigures = {
    per: 'multiply-add',
    accumulators,
    workgroupBytes,
    loads,
    workgroupLoads: workgroupLoads + typically(readBesides(kernel, lanes)) / typically(multiplyAdds),
    barriers,
    flops: {
      useful: multiplySizes(2, ...[batch, m, n, k].map(toSize)),
      issued: multiplySizes(2, multiplyAdds),
      others: sumSizes([each(flopsOf(kernel.left.body), left), each(flopsOf(kernel.right.body), right), beside.flops]),
    },
    bytes: {
      moved: sumSizes([each(bytesOf(kernel.left.body, 'load'), left), each(bytesOf(kernel.right.body, 'load'), right), beside.bytes]),
    },
  };
  return { ...variant, figures };
}

const padded = (size: Product, by: number): Size => multiplySizes(ceilDivideSizes(toSize(size), by), by);

/** Of the workgroup's memory: what a row epilogue reads of the tile, and what lanes that do something aside read of each other. */
function readBesides({ rowEpilogue, aside, m, n }: ContractKernel, lanes: number): Size {
  const sums = (aside?.steps ?? []).flatMap((step) => (step.kind === 'loop' ? step.accumulators : [])).length;
  const steps = rowEpilogue?.steps ?? [];
  const reads = steps.map(({ kind, body }) =>
    each(body.filter((one) => one.kind === 'load' && one.tensor === tileTensor).length, toSize(m), kind === 'loop' ? toSize(n) : 1),
  );
  return sumSizes([...reads, lanes === 4 ? 0 : sums * readInTree(lanes, 1)]);
}

/** Epilogue, sums that ride along, rows and what is done aside by `lanes` lanes. */
export function besides(kernel: ContractKernel, lanes: number): Work {
  const { batch, m, n, k, epilogue, rides, rowEpilogue, aside } = kernel;
  const elements = multiplySizes(...[batch, m, n].map(toSize));
  const loops = [rowEpilogue === undefined ? [] : loopWork(rowEpilogue), aside === undefined ? [] : loopWork(aside, lanes)].flat();
  return {
    flops: sumSizes([
      each(flopsOf(epilogue), elements),
      ...rides.map(({ side, body }) =>
        sumSizes([
          multiplySizes(...[batch, side === 'left' ? m : n, k].map(toSize)),
          each(flopsOf(body), ...[batch, side === 'left' ? m : n].map(toSize)),
        ]),
      ),
      ...loops.map(({ flops }) => flops),
    ]),
    bytes: sumSizes([
      each(bytesOf(epilogue, 'load', 'store'), elements),
      ...rides.map(({ side, body }) => each(bytesOf(body, 'load', 'store'), ...[batch, side === 'left' ? m : n].map(toSize))),
      ...loops.map(({ bytes }) => bytes),
    ]),
  };
}
