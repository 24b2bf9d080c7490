/**
 * Which outputs are written into the memory of donated inputs: an updated parameter into the old one's. What else reads the
 * input must run before, so kernels get to wait for others: a parameter's update for the product that still reads it.
 *
 * Invariant: waiting makes no cycle; an input's memory goes to one output.
 */
import type { FusedGraph, FusedKernel, TensorNumber } from '../3-fuse/kernel.ts';
import { predecessorsOf } from '../3-fuse/predecessors.ts';
import { equalProducts, productOf } from '../3-fuse/product.ts';
import { at, get } from '../at.ts';
import { writesInPlace } from './inPlace.ts';
import type { Waits } from './orderKernels.ts';

export interface InPlace {
  /** From output to the input whose memory it takes. */
  readonly replaced: ReadonlyMap<TensorNumber, TensorNumber>;
  readonly waits: Waits;
}

/**
 * `donated`: positions among the graph's inputs. `pairs`: of a step's outputs, the input that is the same carry, whose memory is for this
 * output alone; also if its kernel does not read it.
 */
export function updateInPlace(graph: FusedGraph, donated: readonly number[], pairs?: ReadonlyMap<number, number>): InPlace {
  const before = predecessorsOf(graph.kernels);
  const waits = new Map<FusedKernel, readonly FusedKernel[]>();
  const replaced = new Map<TensorNumber, TensorNumber>();
  const free = new Set(donated.map((position) => at(graph.inputs, position)));

  const comesBefore = (first: FusedKernel, kernel: FusedKernel): boolean => {
    const seen = new Set<FusedKernel>();
    const stack = [kernel];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (next === first) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      stack.push(...get(before, next), ...(waits.get(next) ?? []));
    }
    return false;
  };

  for (const [position, output] of graph.outputs.entries()) {
    const own = pairs?.get(position);
    const kernel = graph.kernels.find(({ stores }) => stores.includes(output));
    if (kernel === undefined) continue;
    const found = [...free].find((input) => {
      if (pairs !== undefined && (own === undefined || input !== at(graph.inputs, own))) return false;
      if ((pairs === undefined && !kernel.loads.includes(input)) || !isAlike(graph, input, output) || !writesInPlace(kernel, input, output))
        return false;
      return graph.kernels.every((other) => other === kernel || !other.loads.includes(input) || !comesBefore(kernel, other));
    });
    if (found === undefined) continue;
    free.delete(found);
    replaced.set(output, found);
    const readers = graph.kernels.filter((other) => other !== kernel && other.loads.includes(found));
    waits.set(kernel, [...(waits.get(kernel) ?? []), ...readers]);
  }
  return { replaced, waits };
}

/** The same number and type of elements. */
export function isAlike({ tensors }: FusedGraph, one: TensorNumber, other: TensorNumber): boolean {
  const [left, right] = [at(tensors, one), at(tensors, other)];
  return left.dtype === right.dtype && equalProducts(productOf(left.shape), productOf(right.shape));
}
