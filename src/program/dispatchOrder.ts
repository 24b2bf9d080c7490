import type { Program } from './program.ts';

/** The program's kernels, by position, as often as they run and in that order. */
export function dispatchOrder({ kernels, repeats = [] }: Pick<Program, 'kernels' | 'repeats'>): readonly number[] {
  let order = kernels.map((_, i) => i);
  for (const { first, last, times } of repeats) {
    const [from, to] = [order.indexOf(first), order.lastIndexOf(last) + 1];
    const part = order.slice(from, to);
    order = [...order.slice(0, from), ...Array.from({ length: times }, () => part).flat(), ...order.slice(to)];
  }
  return order;
}
