/** The methods that go element by element: arithmetic, functions, comparisons, logic, conversions. */
import { constant, stopGradient } from '../../graph/build.ts';
import type { DType } from '../../types/dtype.ts';
import { comparison, convert, extremum, logical, negation } from '../comparison.ts';
import { clip, elementwise, floatingMap, floatingMapNames, negate, numericMap, numericMapNames, pairwiseNames } from '../operations.ts';
import { type Call, each } from './method.ts';

export const elementwiseMethods = {
  ...each(pairwiseNames, (name) => (call: Call, other: unknown) => elementwise(name, call.value, call.tensorOrNumber(other), call.at)),
  ...each(
    floatingMapNames,
    (name) =>
      ({ value, at }: Call) =>
        floatingMap(name, value, at),
  ),
  ...each(
    numericMapNames,
    (name) =>
      ({ value, at }: Call) =>
        numericMap(name, value, at),
  ),
  neg: ({ value, at }: Call) => negate(value, at),
  clip: ({ value, at }: Call, low: number, high: number) => clip(value, low, high, at),
  stopGradient: ({ value, at }: Call) => stopGradient(value, at),

  ...each(
    ['eq', 'ne', 'lt', 'le', 'gt', 'ge'],
    (name) => (call: Call, other: unknown) => comparison(name, call.value, call.tensorOrNumber(other), call.at),
  ),
  ...each(
    ['maximum', 'minimum'],
    (name) => (call: Call, other: unknown) => extremum(name, call.value, call.tensorOrNumber(other), call.at),
  ),
  ...each(
    ['and', 'or'],
    (name) => (call: Call, other: unknown) =>
      logical(name, call.value, typeof other === 'boolean' ? constant(Number(other), [], 'bool') : call.tensorOrNumber(other), call.at),
  ),
  not: ({ value, at }: Call) => negation(value, at),
  astype: ({ value, at }: Call, dtype: DType) => convert(value, dtype, at),
};
