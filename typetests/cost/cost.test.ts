/** What the types cost is a number that is committed: it does not rise unseen, chains cost as much at the end as at the start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benches, chains } from './benches.ts';
import { type Costs, exceeded } from './gate.ts';
import { type Bench, chainCosts, cost } from './measure.ts';

const baseline = JSON.parse(readFileSync(join(import.meta.dirname, 'baseline.json'), 'utf8')) as Costs;

describe('instantiations an operation', () => {
  it.each(Object.entries(benches))('%s', (name, bench) => {
    expect(exceeded({ [name]: cost(bench) }, { [name]: baseline[name] ?? 0 })).toEqual([]);
  });
});

describe('chains of 50, 100 and 200 layers', () => {
  it.each(Object.entries(chains))('%s', (name, bench) => {
    const costs = chainCosts(name, bench);
    expect(exceeded(costs, Object.fromEntries(Object.entries(baseline).filter(([key]) => key in costs)))).toEqual([]);
    const [short, , long] = Object.values(costs);
    expect(long, 'the cost is linear').toBeLessThanOrEqual((short ?? 0) * 1.02 + 0.1);
  });
});

describe('the gate', () => {
  const dear: Bench = {
    given: (i) => `declare const a${i}: Tensor<['n${i}=3', 'm${i}=4']>; declare const b${i}: Tensor<['m${i}=4', 'k${i}=5']>;`,
    line: (i) => `export const y${i} = a${i}.matmul(b${i}).add(ones(['k${i}=5']));`,
  };

  it('bites where an operation costs more than it did', () => {
    const name = 'matmul, fresh operands';
    expect(exceeded({ [name]: cost(dear, 20) }, { [name]: baseline[name] ?? 0 })).toHaveLength(1);
    expect(exceeded({ [name]: 106 }, { [name]: 100 })).toEqual([`${name}: 106 instantiations, 100 before (at most 5 % more)`]);
    expect(exceeded({ [name]: 105 }, { [name]: 100 })).toEqual([]);
  });

  it('bites where repeated shapes begin to cost, and where benches and baseline differ', () => {
    expect(exceeded({ a: 0.1 }, { a: 0 })).toHaveLength(1);
    expect(exceeded({ a: 1 }, {})).toHaveLength(1);
    expect(exceeded({}, { a: 1 })).toHaveLength(1);
  });

  it('refuses to measure a program with errors', () => {
    expect(() => cost({ line: (i) => `export const y${i}: string = ${i};` }, 2)).toThrow('not assignable');
  });
});
