/**
 * From which depth to which each tensor must be kept: inputs from the start, outputs to the end.
 */
import type { FusedGraph, FusedKernel, TensorNumber } from '../3-fuse/kernel.ts';
import { writesInPlace } from './inPlace.ts';
import type { Ordered } from './orderKernels.ts';
import { isAlike } from './updateInPlace.ts';

export interface Lifetime {
  readonly tensor: TensorNumber;
  /** The depth of the kernel that stores it; -1 for inputs. */
  readonly first: number;
  /** The greatest depth of a kernel that reads it; infinite for outputs. */
  readonly last: number;
  readonly storedBy: FusedKernel | undefined;
  /** The kernels that read it at depth `last`. */
  readonly lastReaders: readonly FusedKernel[];
}

export function lifetimesOf(graph: FusedGraph, order: readonly Ordered[]): ReadonlyMap<TensorNumber, Lifetime> {
  const stores = new Map(order.flatMap((one) => one.kernel.stores.map((tensor) => [tensor, one] as const)));
  const readers = new Map<TensorNumber, Ordered[]>();
  for (const one of order) {
    for (const tensor of one.kernel.loads) {
      const known = readers.get(tensor);
      if (known === undefined) readers.set(tensor, [one]);
      else known.push(one);
    }
  }
  const outputs = new Set(graph.outputs);
  const tensors = [...graph.inputs, ...stores.keys()];
  return new Map(
    tensors.map((tensor) => {
      const stored = stores.get(tensor);
      const first = stored?.depth ?? -1;
      const reads = readers.get(tensor) ?? [];
      const last = reads.reduce((latest, { depth }) => Math.max(latest, depth), first);
      const lastReaders = reads.flatMap(({ kernel, depth }) => (depth === last ? [kernel] : []));
      const until = outputs.has(tensor) ? Number.POSITIVE_INFINITY : last;
      return [tensor, { tensor, first, last: until, storedBy: stored?.kernel, lastReaders }];
    }),
  );
}

/** Whether the two may lie in one buffer: one is done with when the other comes. */
export function makesWay(graph: FusedGraph, one: Lifetime, other: Lifetime): boolean {
  return isBefore(graph, one, other) || isBefore(graph, other, one);
}

function isBefore(graph: FusedGraph, early: Lifetime, late: Lifetime): boolean {
  if (early.last < late.first) return true;
  const [kernel, ...others] = early.lastReaders;
  return (
    early.last === late.first &&
    others.length === 0 &&
    kernel !== undefined &&
    kernel === late.storedBy &&
    isAlike(graph, early.tensor, late.tensor) &&
    writesInPlace(kernel, early.tensor, late.tensor)
  );
}
