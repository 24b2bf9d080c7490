/** The last axis of a reduction: -1, as in NumPy. */
import { expect, it } from 'vitest';
import { ShapeError } from '../types/shapeError.ts';
import { tensor } from './creation.ts';
import type { LazyTensor } from './lazyTensor.ts';

const x = tensor(
  [
    [1, 2, 6],
    [4, 8, 3],
  ],
  ['n', 'in'],
);
const untyped = x as never as LazyTensor;
const scalar = tensor(3) as never as LazyTensor;

it.each([
  ['sum', [9, 15]],
  ['mean', [3, 5]],
  ['max', [6, 8]],
  ['min', [1, 3]],
] as const)('%s', async (name, expected) => {
  expect(await x[name](-1).array()).toEqual(expected);
  const kept = x[name](-1, { keepdims: true });
  expect(await kept.array()).toEqual(expected.map((element) => [element]));
});

it.each<[() => unknown, string]>([
  [() => untyped.sum(-2), "sum: no axis -2 in [n=2, in=3] (its axes are 'n', 'in')"],
  [() => untyped.sum([-1]), "sum: no axis -1 in [n=2, in=3] (its axes are 'n', 'in')"],
  [() => scalar.min(-1), 'min: no axis -1 in [] (its axes are none)'],
  [() => untyped.argmax(-2), "argmax: no axis -2 in [n=2, in=3] (its axes are 'n', 'in')"],
])('refused: %s', (call, sentence) => {
  expect(call).toThrow(new ShapeError(sentence));
});
