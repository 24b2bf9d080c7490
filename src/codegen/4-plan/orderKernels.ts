/**
 * The order of kernels: by depth, so that kernels that need nothing of each other stand together and the device needs a
 * barrier only between depths.
 *
 * Invariant: topological; equal graphs give equal orders.
 */
import type { FusedGraph, FusedKernel, TensorNumber } from '../3-fuse/kernel.ts';

export function orderKernels({ kernels }: FusedGraph): readonly FusedKernel[] {
  const storedBy = new Map<TensorNumber, FusedKernel>(
    kernels.flatMap((kernel) => kernel.stores.map((tensor) => [tensor, kernel] as const)),
  );
  const depths = new Map<FusedKernel, number>();
  const depthOf = (kernel: FusedKernel): number => {
    const known = depths.get(kernel);
    if (known !== undefined) return known;
    const below = kernel.loads.flatMap((tensor) => storedBy.get(tensor) ?? []);
    const depth = below.reduce((deepest, other) => Math.max(deepest, depthOf(other) + 1), 0);
    depths.set(kernel, depth);
    return depth;
  };
  return kernels
    .map((kernel, i) => ({ kernel, i, depth: depthOf(kernel) }))
    .sort((a, b) => a.depth - b.depth || a.i - b.i)
    .map(({ kernel }) => kernel);
}
