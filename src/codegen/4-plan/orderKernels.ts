/**
 * The order of kernels: by depth, so that kernels that need nothing of each other stand together and the device needs a
 * barrier only between depths.
 *
 * Invariant: topological, `waits` included; equal graphs give equal orders.
 */
import type { FusedGraph, FusedKernel, TensorNumber } from '../3-fuse/kernel.ts';
import { get } from '../at.ts';

/** Kernels that run after others although they read nothing of theirs: they write what those read. */
export type Waits = ReadonlyMap<FusedKernel, readonly FusedKernel[]>;

export interface Ordered {
  readonly kernel: FusedKernel;
  /** As many barriers stand before it. */
  readonly depth: number;
}

export function orderKernels({ kernels }: Pick<FusedGraph, 'kernels'>, waits: Waits = new Map()): readonly Ordered[] {
  const before = predecessorsOf(kernels);
  const depths = new Map<FusedKernel, number>();
  // a stack of its own: chains may be any length
  const stack = [...kernels].reverse();
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const needed = [...get(before, top), ...(waits.get(top) ?? [])];
    const missing = depths.has(top) ? [] : needed.filter((kernel) => !depths.has(kernel));
    if (missing.length > 0) {
      stack.push(...missing);
      continue;
    }
    stack.pop();
    if (!depths.has(top))
      depths.set(
        top,
        needed.reduce((deepest, kernel) => Math.max(deepest, get(depths, kernel) + 1), 0),
      );
  }
  return kernels
    .map((kernel, i) => ({ kernel, i, depth: get(depths, kernel) }))
    .sort((a, b) => a.depth - b.depth || a.i - b.i)
    .map(({ kernel, depth }) => ({ kernel, depth }));
}

/** The kernels whose results each kernel reads or awaits. */
export function predecessorsOf(kernels: readonly FusedKernel[]): ReadonlyMap<FusedKernel, readonly FusedKernel[]> {
  const storedBy = new Map<TensorNumber, FusedKernel>(
    kernels.flatMap((kernel) => kernel.stores.map((tensor) => [tensor, kernel] as const)),
  );
  return new Map(kernels.map((kernel) => [kernel, [...kernel.loads, ...kernel.awaits].flatMap((tensor) => storedBy.get(tensor) ?? [])]));
}
