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
import type { FusedGraph, FusedKernel, TensorNumber } from '../3-fuse/kernel.ts';
import { productOf, times, toSize } from '../3-fuse/product.ts';
import { at } from '../at.ts';
import { costOf, isPointwise } from '../pointwise.ts';
import type { Ordered } from './orderKernels.ts';
import type { BufferAssignment } from './planBuffers.ts';
import { trafficOf, typically } from './traffic.ts';

const sum = (sizes: readonly Size[]): Size => sizes.reduce(addSizes, 0);
/** Half a word of an odd number of halves is not counted. */
export const bytesOf = (buffers: readonly Pick<BufferPlan, 'elements' | 'dtype'>[]): Size =>
  sum(buffers.map(({ elements, dtype }) => multiplySizes(elements, bytesPerElement[dtype])));

export function countStatistics(
  graph: Graph,
  fused: FusedGraph,
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
    compulsoryBytes: sum([
      ...[...new Set(fused.inputs)].map((input) => largest(order.map(({ kernel }) => bytesRead(fused, kernel, input)))),
      bytesOf(graph.outputs.map(({ shape, dtype }) => ({ elements: toSize(productOf(shape)), dtype }))),
    ]),
    temporaryBytes: bytesOf(buffers.filter(({ role }) => role === 'temporary')),
    temporaryBytesUnshared: bytesOf(unshared),
    peakBytes: bytesOf(buffers),
  };
}

/** What a kernel has to read of a tensor; a loop of one that it cuts rows from, all of its steps. */
function bytesRead(fused: FusedGraph, kernel: FusedKernel, tensor: TensorNumber): Size {
  const { body } = kernel;
  if (!kernel.loads.includes(tensor)) return 0;
  if (body.kind !== 'repeat') return trafficOf(fused, kernel).loads.get(tensor) ?? 0;
  const { shape, dtype } = at(fused.tensors, tensor);
  const whole = multiplySizes(toSize(productOf(shape)), bytesPerElement[dtype]);
  const read = body.step.program.kernels.flatMap(({ bindings, traffic }) =>
    bindings.map(({ buffer }, i) => (body.tensors[buffer] === tensor ? at(traffic, i).loads : 0)),
  );
  // a carry is copied to where the steps find it
  const start = body.carries.some(({ from, at }) => from === tensor && at !== tensor) ? whole : 0;
  const most = largest([...read, start]);
  const all = multiplySizes(body.count, most);
  return most === 0 || typically(all) > typically(whole) ? largest([most, ...(most === 0 ? [] : [whole])]) : all;
}

const largest = (sizes: readonly Size[]): Size => sizes.reduce((most, one) => (typically(one) > typically(most) ? one : most), 0);

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
