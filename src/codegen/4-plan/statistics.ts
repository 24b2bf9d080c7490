/**
 * The figures of a program, as sizes: known exactly before anything runs.
 *
 * Invariant: they speak of the mathematics (the simplified graph), not of what kernels compute again or pad.
 */
import { isPrimitive } from '../../graph/build.ts';
import { reachable } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { type BufferPlan, bytesPerElement, type Statistics } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import { addSizes, multiplySizes } from '../../types/size.ts';
import { isReduction } from '../3-fuse/alignReductions.ts';
import { productOf, times, toSize } from '../3-fuse/product.ts';
import { at } from '../at.ts';
import { costOf, isPointwise } from '../pointwise.ts';
import type { Ordered } from './orderKernels.ts';
import type { BufferAssignment } from './planBuffers.ts';

const sum = (sizes: readonly Size[]): Size => sizes.reduce(addSizes, 0);
/** Half a word of an odd number of halves is not counted. */
export const bytesOf = (buffers: readonly Pick<BufferPlan, 'elements' | 'dtype'>[]): Size =>
  sum(buffers.map(({ elements, dtype }) => multiplySizes(elements, bytesPerElement[dtype])));

export function countStatistics(
  graph: Graph,
  order: readonly Ordered[],
  { buffers, unshared }: BufferAssignment,
  dispatches = order.length,
): Statistics {
  const loops = order.flatMap(({ kernel: { body } }) =>
    body.kind === 'repeat' ? [{ count: body.count, statistics: body.step.program.statistics }] : [],
  );
  return {
    dispatches,
    // one more before each step
    barriers: loops.reduce((all, { count, statistics }) => all + count * (statistics.barriers + 1), order.at(-1)?.depth ?? 0),
    flops: sum([...reachable(graph.outputs).map(flopsOf), ...loops.map(({ count, statistics }) => multiplySizes(count, statistics.flops))]),
    compulsoryBytes: bytesOf(
      [...graph.inputs, ...graph.outputs].map(({ shape, dtype }) => ({ elements: toSize(productOf(shape)), dtype })),
    ),
    temporaryBytes: bytesOf(buffers.filter(({ role }) => role === 'temporary')),
    temporaryBytesUnshared: bytesOf(unshared),
    peakBytes: bytesOf(buffers),
  };
}

/** 2MNK for a contract; one for each element that a pointwise value computes or a reduction reads. */
function flopsOf(value: Value): Size {
  if (isPrimitive(value, 'contract')) {
    const left = at(value.operands, 0);
    const inner = productOf(value.params.left.map((axis) => at(left.shape, axis)));
    return multiplySizes(2, toSize(times(productOf(value.shape), inner)));
  }
  if (isReduction(value) || isPrimitive(value, 'scatterAdd')) return toSize(productOf(at(value.operands, 0).shape));
  return isPointwise(value) && costOf(value) > 0 ? toSize(productOf(value.shape)) : 0;
}
