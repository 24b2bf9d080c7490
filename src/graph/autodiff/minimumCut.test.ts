import { describe, expect, it } from 'vitest';
import { type CutNode, minimumCut } from './minimumCut.ts';

const node = (weight: number, from: readonly number[] = [], more: Partial<CutNode> = {}): CutNode => ({
  weight,
  from,
  isSource: false,
  isSink: false,
  ...more,
});
const source = { isSource: true };
const sink = { isSink: true };

describe('minimumCut', () => {
  it('takes the narrowest place', () => {
    expect([...minimumCut([node(4, [], source), node(1, [0]), node(3, [1], sink)])]).toEqual([1]);
  });

  it('takes what two sinks come from, where that weighs less than both', () => {
    expect([...minimumCut([node(4, [], source), node(3, [0], sink), node(3, [0], sink)])]).toEqual([0]);
    expect([...minimumCut([node(4, [], source), node(1, [0], sink), node(2, [0], sink)])]).toEqual([1, 2]);
  });

  it('stays near the sinks where weights are equal', () => {
    expect([...minimumCut([node(2, [], source), node(2, [0]), node(2, [1], sink)])]).toEqual([2]);
  });

  it('leaves what may not be taken, and what no source leads to', () => {
    const never = Number.POSITIVE_INFINITY;
    expect([...minimumCut([node(9, [], source), node(never, [0], sink), node(1, [], sink)])]).toEqual([0]);
    expect([...minimumCut([])]).toEqual([]);
  });

  it('weighs as the cheapest of all sets, on every small graph of a kind', () => {
    const weights = [3, 1, 2, 2, 1, 3];
    for (let code = 0; code < 2 ** 10; code++) {
      // The code's bits choose among ten edges; the first two nodes are sources, the last two sinks.
      const pairs = [0, 1, 2, 3].flatMap((a) => [2, 3, 4, 5].flatMap((b) => (a < b ? [[a, b] as const] : []))).slice(0, 10);
      const chosen = pairs.filter((_, bit) => (code >> bit) & 1);
      const nodes = weights.map((weight, at) =>
        node(
          weight,
          chosen.flatMap(([a, b]) => (b === at ? [a] : [])),
          { isSource: at < 2, isSink: at > 3 },
        ),
      );
      const separates = (cut: ReadonlySet<number>): boolean => {
        const reached = new Set(nodes.flatMap(({ isSource }, at) => (isSource && !cut.has(at) ? [at] : [])));
        for (const at of reached) for (const [a, b] of chosen) if (a === at && !cut.has(b)) reached.add(b);
        return [...reached].every((at) => !nodes[at]?.isSink);
      };
      const weightOf = (cut: ReadonlySet<number>): number => [...cut].reduce((sum, at) => sum + (weights[at] ?? 0), 0);
      const subsets = Array.from({ length: 64 }, (_, set) => new Set(weights.flatMap((_, at) => ((set >> at) & 1 ? [at] : []))));
      const least = Math.min(...subsets.filter(separates).map(weightOf));
      const found = minimumCut(nodes);
      expect(separates(found)).toBe(true);
      expect(weightOf(found)).toBe(least);
    }
  });
});
