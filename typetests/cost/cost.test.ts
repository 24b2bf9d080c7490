/** What the types cost is published and held to: common operations under their ceiling, all others where they are, all linear. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { benchOf, call } from './call.ts';
import { complaints, dearOnce, differences, superlinearChains, superlinearRanks, tooDear } from './gate.ts';
import { costs } from './measure.ts';
import { baselinePath, commonKeys, rows, type Survey, survey, tablePath } from './survey.ts';
import { renderTable } from './table.ts';

const published = JSON.parse(readFileSync(baselinePath, 'utf8')) as Survey;

it('costs what is published, and no more than the ceiling for the common operations', () => {
  expect(complaints(survey(), published, commonKeys)).toEqual([]);
}, 600_000);

it('publishes the table of these numbers', () => {
  expect(renderTable(published)).toBe(readFileSync(tablePath, 'utf8'));
});

it('has a common case of each common operation', () => {
  const common = new Set(rows.filter((row) => row.call.common).map(({ operation }) => operation));
  expect([...common].sort()).toEqual(['T', 'add', 'matmul', 'relu', 'sum']);
});

describe('the gate bites', () => {
  // A product of which each call has to write out its shapes, too: it costs more than any common operation may.
  const dear = "a.ones(['n$=4', 'm$=6']).matmul(a.ones(['m$=6', 'k$=5']))";

  it('where a common operation costs more than the ceiling, measured', () => {
    const measured = costs({ dear: benchOf(call(dear, {}), 'dear', 'fresh') });
    const found = tooDear({ dear: [measured.dear?.each ?? 0] }, ['dear']);
    expect(found).toEqual([`dear: ${measured.dear?.each} instantiations, at most 30 for a common operation`]);
    expect(tooDear({ dear: [30] }, ['dear'])).toEqual([]);
    expect(tooDear({ dear: [31] }, ['dear'])).toHaveLength(1);
    expect(tooDear({}, ['dear'])).toHaveLength(1);
  });

  it('where a price rises or falls by more than 5 %, where what was free begins to cost', () => {
    expect(differences({ a: [106, 0] }, { a: [100, 0] })).toEqual([
      'a: 106 instantiations, published as 100 (within 5 %; npm run type-cost -- --update)',
    ]);
    expect(differences({ a: [94] }, { a: [100] })).toHaveLength(1);
    expect(differences({ a: [105, 0] }, { a: [100, 0] })).toEqual([]);
    expect(differences({ a: [100, 0.1] }, { a: [100, 0] })).toHaveLength(1);
  });

  it('where a price is not published, or no longer measured', () => {
    expect(differences({ a: [1] }, {})).toHaveLength(1);
    expect(differences({}, { a: [1] })).toHaveLength(1);
  });

  it('where the cost grows faster than the program or the rank', () => {
    expect(superlinearChains({ a: [10, 11, 13, 17] })).toHaveLength(1);
    expect(superlinearChains({ a: [10.5, 10.2, 10, 10] })).toEqual([]);
    expect(superlinearRanks({ a: [null, 4, 9, 16, 25, 60] })).toHaveLength(1);
    expect(superlinearRanks({ a: [10, 20, 30, 40, 50, 60] })).toEqual([]);
  });

  it('where a call costs much for being there at all', () => {
    // The same long text in all calls is read with the first.
    const all = `a.expr('${Array(40).fill('x').join(' + ')}', { x: a.ones(['n=4']) })`;
    const { once = 0 } = costs({ all: benchOf(call(all, {}), 'all', 'fresh') }).all ?? {};
    expect(dearOnce({ all: once })).toHaveLength(1);
    expect(dearOnce({ all: 10_000 })).toEqual([]);
  });

  it('refuses to measure a program with errors', () => {
    expect(() => costs({ wrong: benchOf(call("x$.matmul('no')", { x: 'n$=4 m$=6' }), 'w', 'fresh') })).toThrow('matmul');
  });
});
