/** Everything that is measured, in one form: named rows of numbers. */
import { join } from 'node:path';
import { benchOf, type Call, shown } from './call.ts';
import { byRank, chains, ranks } from './chains.ts';
import { layers } from './layers.ts';
import { type Bench, chainCosts, costs } from './measure.ts';
import { operations } from './operations.ts';

/** Rows of numbers: fresh and repeated shapes of a call; a chain at each length; a call at each rank, null where it has none. */
export interface Survey {
  readonly calls: Readonly<Record<string, readonly number[]>>;
  readonly chains: Readonly<Record<string, readonly number[]>>;
  readonly ranks: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface Measured extends Survey {
  /** What the first calls cost beyond what later ones do, whatever was measured before them. */
  readonly once: Readonly<Record<string, number>>;
}

export interface Row {
  readonly operation: string;
  readonly call: Call;
  readonly key: string;
}

/** The calls of the table, in its order. */
export const rows: readonly Row[] = Object.entries({ ...operations, ...layers }).flatMap(([operation, calls]) =>
  calls.map((call) => {
    const { call: text, given } = shown(call);
    return { operation, call, key: given === '' ? text : `${text} of ${given}` };
  }),
);

/** The keys of the common operations' calls. */
export const commonKeys = rows.filter(({ call }) => call.common).map(({ key }) => key);

/** The committed numbers. */
export const baselinePath = join(import.meta.dirname, 'baseline.json');
/** The published table. */
export const tablePath = join(import.meta.dirname, '../../docs/type-cost.md');

export function survey(): Measured {
  const ranked = Object.entries(byRank).flatMap(([name, callOf]) =>
    ranks.flatMap((rank) => {
      const call = callOf(rank);
      return call === undefined ? [] : [{ key: `${name} ${rank}`, call }];
    }),
  );
  const benches: Record<string, Bench> = {};
  for (const [at, { key, call }] of rows.entries()) {
    benches[`fresh ${key}`] = benchOf(call, `f${at}`, 'fresh');
    benches[`repeated ${key}`] = benchOf(call, `r${at}`, 'repeated');
  }
  for (const [at, { key, call }] of ranked.entries()) benches[key] = benchOf(call, `q${at}`, 'fresh');
  const measured = costs(benches);
  return {
    calls: Object.fromEntries(
      rows.map(({ key }) => [key, ['fresh', 'repeated'].map((shapes) => measured[`${shapes} ${key}`]?.each ?? Number.NaN)]),
    ),
    chains: chainCosts(chains),
    ranks: Object.fromEntries(Object.keys(byRank).map((name) => [name, ranks.map((rank) => measured[`${name} ${rank}`]?.each ?? null)])),
    once: Object.fromEntries(rows.map(({ key }) => [key, measured[`fresh ${key}`]?.once ?? Number.NaN])),
  };
}
