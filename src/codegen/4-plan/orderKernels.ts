/**
 * The order of kernels: by depth, so that kernels that need nothing of each other stand together and the device needs a
 * barrier only between depths.
 *
 * Invariant: topological, `waits` included; equal graphs give equal orders.
 */
import type { FusedGraph, FusedKernel } from '../3-fuse/kernel.ts';
import { predecessorsOf } from '../3-fuse/predecessors.ts';
import { get } from '../at.ts';
import { CompileError } from '../compileError.ts';

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
  // those that wait for what stands above them on the stack
  const open = new Set<FusedKernel>();
  // a stack of its own: chains may be any length
  const stack = [...kernels].reverse();
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const needed = [...get(before, top), ...(waits.get(top) ?? [])];
    const missing = depths.has(top) ? [] : needed.filter((kernel) => !depths.has(kernel));
    if (missing.length > 0) {
      if (missing.some((kernel) => kernel === top || open.has(kernel))) throw new CompileError('internal: kernels wait for each other');
      open.add(top);
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
