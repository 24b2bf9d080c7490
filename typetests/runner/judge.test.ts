/** The judge bites: a mistake that is accepted, an error where there is no mistake, and words that changed are all complaints. */
import { expect, it } from 'vitest';
import { type Diagnostic, parse } from './compilers.ts';
import { judge, mistakesOf, snapshotOf } from './judge.ts';

const text = `/** Two mistakes. */
import { x } from 'x';

declare const y: number;

// the first
x.matmul(
  y,
);
// the second
x.add(y);
`;
const first: Diagnostic = { line: 8, text: 'TS2345: Argument of type "a" | "b".' };
const second: Diagnostic = { line: 11, text: 'TS2345: No.\n  Not at all.' };
const all = (diagnostics: readonly Diagnostic[]) => ({ '5.9': diagnostics, '6.0': diagnostics, '7.0': diagnostics });
const snapshot = snapshotOf(text, [first, second]);

it('reads the mistakes', () => {
  expect(mistakesOf(text)).toEqual([
    { what: 'the first', first: 7, last: 9 },
    { what: 'the second', first: 11, last: 11 },
  ]);
});

it('is content with the mistakes and nothing else', () => {
  expect(judge(text, all([first, second]), snapshot)).toEqual([]);
});

it('complains of a mistake that one compiler accepts', () => {
  expect(judge(text, { ...all([first, second]), '5.9': [first] }, snapshot)).toEqual(['TypeScript 5.9 accepts line 11: the second']);
});

it('complains of an error where there is no mistake', () => {
  const other = { line: 4, text: 'TS1005: What?' };
  expect(judge(text, { ...all([first, second]), '6.0': [first, second, other] }, snapshot)).toEqual([
    'TypeScript 6.0 refuses line 4, which is no mistake: TS1005: What?',
  ]);
});

it("complains of words that are not the snapshot's, and of a file without one", () => {
  expect(judge(text, all([first, second]), snapshot.replace('Not at all', 'Not'))).toEqual([
    'the words differ from the snapshot (UPDATE_SNAPSHOTS=1 renews it)',
  ]);
  expect(judge(text, all([first, second]), undefined)).toHaveLength(1);
});

it('complains of a file without mistakes', () => {
  expect(judge('export {};\n', all([]), '\n')).toEqual(['the file has no mistakes']);
});

it('does not care in which order a compiler prints a union', () => {
  expect(snapshotOf(text, [{ ...first, text: 'TS2345: Argument of type "b" | "a".' }, second])).toBe(snapshot);
});

it('does not care which of many methods a compiler names', () => {
  const named = (method: string) =>
    snapshotOf(text, [
      { ...first, text: `TS2345: No.\n  The types returned by '${method}().shape' are incompatible between these types.` },
      second,
    ]);
  expect(named('exp')).toBe(named('tanh'));
});

it('reads what a compiler prints, and refuses what is no diagnostic', () => {
  expect(parse('a/b.ts(3,4): error TS2345: No.\n  Not at all.\na/b.ts(5,1): error TS1: x\n')).toEqual(
    new Map([
      [
        'a/b.ts',
        [
          { line: 3, text: 'TS2345: No.\n  Not at all.' },
          { line: 5, text: 'TS1: x' },
        ],
      ],
    ]),
  );
  expect(() => parse('error TS18003: No inputs were found.\n')).toThrow('No inputs');
});
