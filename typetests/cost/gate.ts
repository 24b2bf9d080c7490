/**
 * Holds measured costs against the committed ones.
 *
 * Invariant: a cost may fall freely and rise by 5 %; what is measured and what is committed are the same benches.
 */
export type Costs = Readonly<Record<string, number>>;

export const tolerance = 0.05;

/** What is too dear, new or gone, one sentence each. */
export function exceeded(measured: Costs, baseline: Costs): readonly string[] {
  return [
    ...Object.entries(measured).flatMap(([name, cost]) => {
      const allowed = baseline[name];
      if (allowed === undefined) return [`${name}: ${cost} instantiations, and no baseline (npm run type-cost -- --update)`];
      // A cost of zero may not rise at all: repeated shapes are free.
      return cost > allowed * (1 + tolerance) ? [`${name}: ${cost} instantiations, ${allowed} before (at most 5 % more)`] : [];
    }),
    ...Object.keys(baseline)
      .filter((name) => measured[name] === undefined)
      .map((name) => `${name}: in the baseline, but not measured (npm run type-cost -- --update)`),
  ];
}
