import type { FusedKernel, TensorNumber } from './kernel.ts';

/** The kernels whose results each kernel reads or awaits. */
export function predecessorsOf(kernels: readonly FusedKernel[]): ReadonlyMap<FusedKernel, readonly FusedKernel[]> {
  const storedBy = new Map<TensorNumber, FusedKernel>(
    kernels.flatMap((kernel) => kernel.stores.map((tensor) => [tensor, kernel] as const)),
  );
  return new Map(kernels.map((kernel) => [kernel, [...kernel.loads, ...kernel.awaits].flatMap((tensor) => storedBy.get(tensor) ?? [])]));
}
