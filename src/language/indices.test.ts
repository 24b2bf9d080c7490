/** Indices along an axis and one-hot rows like another tensor: values, open sizes, and what is refused. */
import { expect, it } from 'vitest';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { tensor, zeros } from './creation.ts';
import { indices, oneHotLike } from './indices.ts';
import { jit } from './jit.ts';

it('gives the index of each element along an axis', async () => {
  const x = zeros(['query=2', 'key=3']);
  expect(await indices(x, 'query').array()).toEqual([
    [0, 0, 0],
    [1, 1, 1],
  ]);
  expect(await indices(x, 1).array()).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);
});

it('gives one-hot rows as long as the last axis, of sizes known later, too', async () => {
  const f = jit((labels: Tensor<['n'], 'i32'>, scores: Tensor<['n', 'class']>) => oneHotLike(labels, scores));
  const labels = tensor(Int32Array.of(2, 0, 7), ['n']);
  expect(await f(labels, tensor(new Float32Array(9), ['n', 'class'] as const, { n: 3, class: 3 })).array()).toEqual([
    [0, 0, 1],
    [1, 0, 0],
    [0, 0, 0],
  ]);
});

it.each<[() => unknown, string]>([
  [() => indices(zeros(['n=2']), 'm' as never), "indices: no axis 'm' in [n=2] (its axes are 'n')"],
  [() => indices(3 as never, 0 as never), 'indices: takes tensors (make one, with tensor(…))'],
  [
    () => oneHotLike(zeros(['n=2'], 'i32'), zeros(['n=3', 'class=4']) as never),
    'oneHotLike: the leading axes differ: [n=2] like [n=3, class=4] (the second tensor has one axis more, the last)',
  ],
  [
    () => oneHotLike(zeros(['n=2']) as never, zeros(['n=2', 'class=4'])),
    'oneHot: takes i32 or u32, not f32[n=2] (make the tensor i32 or u32)',
  ],
])('refused: %s', (call, sentence) => {
  expect(call).toThrow(new ShapeError(sentence));
});
