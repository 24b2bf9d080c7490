import { get } from '../at.ts';
import type { FusedKernel, TensorNumber } from './kernel.ts';

/** The kernels whose results each kernel reads or awaits. */
export function predecessorsOf(kernels: readonly FusedKernel[]): ReadonlyMap<FusedKernel, readonly FusedKernel[]> {
  const storedBy = new Map<TensorNumber, FusedKernel>(
    kernels.flatMap((kernel) => kernel.stores.map((tensor) => [tensor, kernel] as const)),
  );
  return new Map(kernels.map((kernel) => [kernel, [...kernel.loads, ...kernel.awaits].flatMap((tensor) => storedBy.get(tensor) ?? [])]));
}

/** All that each kernel needs, directly or not. The kernels need not be in order, but none may need itself. */
export function ancestorsOf(kernels: readonly FusedKernel[]): ReadonlyMap<FusedKernel, ReadonlySet<FusedKernel>> {
  const before = predecessorsOf(kernels);
  const needs = new Map<FusedKernel, ReadonlySet<FusedKernel>>();
  const stack = [...kernels];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const direct = get(before, top);
    const missing = needs.has(top) ? [] : direct.filter((kernel) => !needs.has(kernel));
    if (missing.length > 0) {
      stack.push(...missing);
      continue;
    }
    stack.pop();
    if (!needs.has(top)) needs.set(top, new Set(direct.flatMap((kernel) => [kernel, ...get(needs, kernel)])));
  }
  return needs;
}
