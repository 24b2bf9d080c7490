/** What a scatter kernel costs: each update is added once; its index is read by every row that looks for its own. */
import type { VariantFigures } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import { multiplySizes } from '../../types/size.ts';
import type { ScatterKernel } from '../3-fuse/kernel.ts';
import { literalOf, type Product, toSize } from '../3-fuse/product.ts';
import { bytesOf, each, flopsOf, loadsOf, sumSizes } from './kernelWork.ts';

/** `columns` an invocation, `blocks` of them a row. `assumed`: what a symbolic count is taken for by a bisection. */
export function scatterFigures(kernel: ScatterKernel, columns: number, blocks: Product, assumed: number): VariantFigures {
  const { batch, m, n, k, index, update, sorted, epilogue } = kernel;
  const size = (...products: readonly Product[]): Size => multiplySizes(...products.map(toSize));
  const updates = size(batch, k, n);
  const bisection = Math.ceil(Math.log2((literalOf(k) ?? assumed) + 1));
  // of sorted ones each row reads its own, and the one after them
  const reads = sorted
    ? sumSizes([size(batch, k, blocks), multiplySizes(bisection + 1, size(batch, m, blocks))])
    : size(batch, m, blocks, k);
  const flops = sumSizes([multiplySizes(1 + flopsOf(update.body), updates), each(flopsOf(epilogue), size(batch, m, n))]);
  const counted = literalOf(m) ?? assumed;
  return {
    per: 'element',
    accumulators: columns,
    workgroupBytes: 0,
    loads:
      loadsOf(update.body) +
      (loadsOf(index.body) * (sorted ? 1 + ((bisection + 1) * counted) / (literalOf(k) ?? assumed) : counted)) / columns,
    workgroupLoads: 0,
    barriers: 0,
    flops: { useful: flops, issued: flops, others: 0 },
    bytes: {
      moved: sumSizes([
        each(bytesOf(index.body, 'load'), reads),
        each(bytesOf(update.body, 'load'), updates),
        each(bytesOf(epilogue, 'load', 'store'), size(batch, m, n)),
      ]),
    },
  };
}
