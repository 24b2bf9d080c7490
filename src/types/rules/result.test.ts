/** What may be returned is the same for the compiler and the run. */
import { expect, it } from 'vitest';
import { evaluateTypes } from '../testing/evaluateTypes.ts';
import { asyncProblem, scalarProblem } from './result.ts';

const tensor = (shape: readonly (string | number)[], dtype = 'f32') => ({ shape, dtype });
const results: readonly (readonly [type: string, value: unknown])[] = [
  ["{ shape: []; dtype: 'f32' }", tensor([])],
  ["{ shape: ['n=3', 'in=2']; dtype: 'f32' }", tensor(['n=3', 'in=2'])],
  ["{ shape: ['batch']; dtype: 'i32' }", tensor(['batch'], 'i32')],
  ["{ shape: []; dtype: 'i32' }", tensor([], 'i32')],
  ["{ loss: { shape: []; dtype: 'f32' } }", { loss: tensor([]) }],
  ['number', 3],
  ['undefined', undefined],
  ['null', null],
  ["PromiseLike<{ shape: []; dtype: 'f32' }>", Promise.resolve(tensor([]))],
];

it.each(['grad', 'valueAndGrad'])('%s', (operation) => {
  const rules = { scalarProblem, asyncProblem };
  const types = evaluateTypes(
    "import type { asyncProblem, scalarProblem } from '../rules/result.ts';",
    Object.keys(rules).flatMap((rule) => results.map(([type]) => `${rule}<'${operation}', ${type}>`)),
  );
  expect(Object.values(rules).flatMap((rule) => results.map(([, value]) => rule(operation, value)))).toEqual(types);
  expect(types[0]).toBeUndefined();
  expect(types[1]).toBe(`${operation}: the function returns [n=3, in=2], not a scalar (take .sum() or .mean() of it)`);
  expect(types.filter((sentence) => sentence === undefined)).toHaveLength(1 + results.length - 1);
});
