/**
 * The promise of a rule: the sentence that the compiler shows is the one that the run throws, and both compute the same shapes.
 * A rule is asked about drawn cases, as a type and as a value.
 *
 * Invariant: one program for all the cases of a file; the draws are the same in every run.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateTypes } from './evaluateTypes.ts';

export interface Twin {
  /** The type's text and the value's answer, for one drawn case. */
  readonly cases: fc.Arbitrary<readonly [type: string, value: () => unknown]>;
  readonly runs?: number;
}

export interface DrawnTwin {
  readonly rule: string;
  readonly cases: readonly (readonly [type: string, value: () => unknown])[];
}

/** One test a rule: the compiler's answer to every case is the run's. `imports` are seen from this folder. */
export function testAgreement(imports: string, drawn: readonly DrawnTwin[]): void {
  const answers = evaluateTypes(
    imports,
    drawn.flatMap(({ cases }) => cases.map(([type]) => type)),
  );
  describe('the compiler and the run agree', () => {
    let at = 0;
    for (const { rule, cases } of drawn) {
      const expected = answers.slice(at, at + cases.length);
      at += cases.length;
      it(`${rule}, ${cases.length} cases`, () => {
        const byCompiler = Object.fromEntries(cases.map(([type], index) => [type, expected[index]]));
        const byRun = Object.fromEntries(cases.map(([type, value]) => [type, value()]));
        expect(byRun).toEqual(byCompiler);
      });
    }
  });
}

/** Of the rules called `…Problem`, some cases have to be refused and some not. */
function testRefusals(drawn: readonly DrawnTwin[]): void {
  describe('the drawn cases', () => {
    it.each(drawn.filter(({ rule }) => rule.endsWith('Problem')))('$rule: some are refused, some are not', ({ cases }) => {
      const refused = cases.filter(([, value]) => value() !== undefined).length;
      expect(refused).toBeGreaterThan(cases.length / 10);
      expect(refused).toBeLessThan((cases.length * 99) / 100);
    });
  });
}

/** Draws the cases of each rule and tests them. */
export function testTwins(imports: string, twins: Readonly<Record<string, Twin>>, seed = 20): void {
  const drawn = Object.entries(twins).map(([rule, { cases, runs = 120 }]) => ({ rule, cases: fc.sample(cases, { seed, numRuns: runs }) }));
  testAgreement(imports, drawn);
  if (drawn.some(({ rule }) => rule.endsWith('Problem'))) testRefusals(drawn);
}
