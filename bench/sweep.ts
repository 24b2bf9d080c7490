/**
 * Products of sizes that nobody has tried: seeded, so that a seed's sizes are the same everywhere, and what is found there can be found
 * again. Sizes are even on a logarithmic scale, so rows, columns and thin products are as frequent as large ones.
 */
import { uniform } from '../src/graph/testing/uniform.ts';
import type { RowResult } from './measure.ts';
import type { Row } from './rows.ts';

const largest = 700;
const kinds = ['matmulNN', 'matmulTN', 'matmulNT'] as const;

export function sweepRows(count: number, seed: number): readonly Row[] {
  const exponents = uniform(3 * count, seed, 0, Math.log(largest + 1));
  const size = (index: number): number => Math.max(1, Math.floor(Math.exp(exponents[index] ?? 0)));
  return Array.from({ length: count }, (_, i) => {
    const [kind, m, n, k] = [kinds[i % kinds.length] ?? 'matmulNN', size(3 * i), size(3 * i + 1), size(3 * i + 2)];
    return { name: `${kind.slice(-2)} ${m}x${n}x${k}`, group: 'sweep', kind, sizes: { m, n, k } };
  });
}

/** Where the first peer gains least over each of the others, by the clock and by processor time, the least first. */
export function leastGains(results: readonly RowResult[], [own = '', ...others]: readonly string[], count: number): readonly string[] {
  return others.flatMap((other) => {
    const gains = results.flatMap(({ row, peers }) => {
      const [ours, theirs] = [peers[own], peers[other]];
      if (ours === undefined || theirs === undefined || 'problem' in ours || 'problem' in theirs) return [];
      return [{ row, wall: theirs.best / ours.best, processor: theirs.processor / ours.processor }];
    });
    const least = gains.sort((a, b) => a.wall - b.wall).slice(0, count);
    return [
      `least against ${other}: ${least.map(({ row, wall, processor }) => `${row} ${wall.toFixed(1)} (${processor.toFixed(1)})`).join(', ')}`,
      `slower than ${other}: ${gains.filter(({ wall }) => wall < 1).length} of ${gains.length}`,
    ];
  });
}
