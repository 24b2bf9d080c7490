/**
 * Holds what was measured against what is committed, and the common operations against their ceiling.
 *
 * Invariant: what is published is what is measured, within 5 %; what is free stays free; costs are linear.
 */
import type { Measured, Survey } from './survey.ts';

export const ceiling = 30;
export const tolerance = 0.05;
export const mostOnce = 10_000;

type Table = Readonly<Record<string, readonly (number | null)[]>>;

const renew = 'npm run type-cost -- --update';

/** What is dearer or cheaper than published, new or gone, one sentence each. */
export function differences(measured: Table, published: Table): readonly string[] {
  return [
    ...Object.entries(measured).flatMap(([name, costs]) => {
      const before = published[name];
      if (before === undefined) return [`${name}: measured, but not published (${renew})`];
      return costs.flatMap((cost, at) => {
        const old = before[at] ?? 0;
        if (Math.abs((cost ?? 0) - old) <= old * tolerance) return [];
        return [`${name}: ${cost} instantiations, published as ${old} (within ${tolerance * 100} %; ${renew})`];
      });
    }),
    ...Object.keys(published)
      .filter((name) => measured[name] === undefined)
      .map((name) => `${name}: published, but not measured (${renew})`),
  ];
}

/** Which common operations cost more than they may. */
export function tooDear(measured: Survey['calls'], common: readonly string[]): readonly string[] {
  return common.flatMap((name) => {
    const [fresh = Number.NaN] = measured[name] ?? [];
    return fresh <= ceiling ? [] : [`${name}: ${fresh} instantiations, at most ${ceiling} for a common operation`];
  });
}

/** Which chains cost more an operation at their end than at their start. */
export function superlinearChains(chains: Survey['chains']): readonly string[] {
  return Object.entries(chains).flatMap(([name, costs]) => {
    const [start = Number.NaN, end = Number.NaN] = [costs[0], costs.at(-1)];
    return end <= start * 1.02 + 0.1 ? [] : [`${name}: ${start} instantiations an operation at first, ${end} in the end`];
  });
}

/**
 * Which operations grow faster than linearly with the rank: from the last rank but two on, an axis more costs more than the dearest
 * axis before. The lowest ranks have cases of their own.
 */
export function superlinearRanks(ranks: Survey['ranks']): readonly string[] {
  return Object.entries(ranks).flatMap(([name, costs]) => {
    const known = costs.filter((cost) => cost !== null);
    const steps = known.slice(1).map((cost, at) => cost - (known[at] as number));
    const average = steps.slice(0, -2).reduce((sum, step) => sum + Math.max(step, 0), 0) / (steps.length - 2);
    const dearest = Math.max(...steps.slice(-2));
    return dearest <= average * 1.5 + 5 ? [] : [`${name}: an axis more costs ${dearest} instantiations, ${average} before`];
  });
}

/**
 * What costs much for being there at all: a signature that has TypeScript compare all members of tensors costs 100,000 with its
 * first call, and nothing later.
 */
export function dearOnce(once: Measured['once']): readonly string[] {
  return Object.entries(once).flatMap(([name, cost]) =>
    cost <= mostOnce ? [] : [`${name}: ${cost} instantiations once, at most ${mostOnce} for being there`],
  );
}

/** Everything that is wrong. */
export function complaints(measured: Measured, published: Survey, common: readonly string[]): readonly string[] {
  return [
    ...tooDear(measured.calls, common),
    ...differences(measured.calls, published.calls),
    ...differences(measured.chains, published.chains),
    ...differences(measured.ranks, published.ranks),
    ...dearOnce(measured.once),
    ...superlinearChains(measured.chains),
    ...superlinearRanks(measured.ranks),
  ];
}
