/** What the kernels are measured on: products in the orientations of training, odd sizes, long sums, whole steps. */

import { addBias, matmul, mlpTrainStep } from '../../src/codegen/testing/mlp.ts';
import { vjp } from '../../src/graph/autodiff/vjp.ts';
import * as b from '../../src/graph/build.ts';
import { makeGraph } from '../../src/graph/graph.ts';
import type { Graph } from '../../src/graph/value.ts';
import { convolve } from '../../src/language/convolution.ts';

export type Orientation = 'NN' | 'TN' | 'NT';

function product(orientation: Orientation, m: number, n: number, k: number): Graph {
  const left = b.input('a', orientation === 'TN' ? [k, m] : [m, k], 'f32');
  const right = b.input('b', orientation === 'NT' ? [n, k] : [k, n], 'f32');
  const y = b.contract(left, right, { left: [orientation === 'TN' ? 0 : 1], right: [orientation === 'NT' ? 1 : 0] });
  return makeGraph(orientation, [left, right], [y]);
}

function batched(count: number, m: number, n: number, k: number): Graph {
  const [left, right] = [b.input('a', [count, m, k], 'f32'), b.input('b', [count, k, n], 'f32')];
  return makeGraph('batched', [left, right], [b.contract(left, right, { left: [2], right: [1], leftBatch: [0], rightBatch: [0] })]);
}

function linear(batch: number, inputs: number, outputs: number, backward: boolean): Graph {
  const [x, w, bias] = [b.input('x', [batch, inputs], 'f32'), b.input('w', [inputs, outputs], 'f32'), b.input('bias', [outputs], 'f32')];
  const y = addBias(matmul(x, w), bias);
  if (!backward) return makeGraph('linear', [x, w, bias], [y]);
  const dy = b.input('dy', [batch, outputs], 'f32');
  const gradients = vjp([y], [x, w, bias], [dy]).flatMap((gradient) => gradient ?? []);
  return makeGraph('linear', [x, w, bias, dy], [y, ...gradients]);
}

function convolution(backward: boolean): Graph {
  const [x, w] = [b.input('x', [8, 16, 28, 28], 'f32'), b.input('w', [32, 16, 3, 3], 'f32')];
  const y = convolve('conv2d', x, w, { padding: 'same' });
  if (!backward) return makeGraph('convolution', [x, w], [y]);
  const dy = b.input('dy', y.shape, 'f32');
  return makeGraph(
    'convolution',
    [x, w, dy],
    vjp([y], [x, w], [dy]).flatMap((gradient) => gradient ?? []),
  );
}

const mlp = (momentum: boolean): Graph => mlpTrainStep({ batch: 128, inputs: 784, hidden: 256, classes: 10 }, momentum);

const square = (size: number) =>
  (['NN', 'TN', 'NT'] as const).map((orientation) => [`${orientation} ${size}`, () => product(orientation, size, size, size)] as const);

export const rows: readonly (readonly [name: string, graph: () => Graph])[] = [
  ...square(256),
  ...square(512),
  ...square(127),
  ...square(513),
  ['NN 1000x10x1000', () => product('NN', 1000, 10, 1000)],
  ['NN 1x1000x1000', () => product('NN', 1, 1000, 1000)],
  ['TN 784x128, k=4096', () => product('TN', 784, 128, 4096)],
  ['TN 64x10, k=4096', () => product('TN', 64, 10, 4096)],
  ['batched 64 of 16x16x16', () => batched(64, 16, 16, 16)],
  ['linear 256x512x512', () => linear(256, 512, 512, false)],
  ['linear 256x512x512, backward', () => linear(256, 512, 512, true)],
  ['perceptron step', () => mlp(false)],
  ['perceptron step, momentum', () => mlp(true)],
  ['convolution 8x16x28x28, 32 of 3x3', () => convolution(false)],
  ['convolution, backward', () => convolution(true)],
];
