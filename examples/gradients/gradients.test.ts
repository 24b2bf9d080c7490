/** Every backward pass written here is the gradient of its forward pass: compared with the language's own gradient, in f64. */
import { type AnyTensor, type Dim, type Tensor, vjp } from 'adjoint';
import { expect, it } from 'vitest';
import { uniform } from '../../src/graph/testing/uniform.ts';
import { inF64 } from '../../src/language/testing/evaluateLanguage.ts';
import { attention } from './attention.ts';
import { crossEntropy } from './crossEntropy.ts';
import { layerNorm } from './layerNorm.ts';
import { linear } from './linear.ts';
import { linearTransposed } from './linearTransposed.ts';
import { lowRank } from './lowRank.ts';
import { perceptron } from './perceptron.ts';
import { softmax } from './softmax.ts';

type Matrix<Rows extends Dim = 'batch', Columns extends Dim = 'in=4'> = Tensor<[Rows, Columns]>;
type Flat = (...tensors: never[]) => AnyTensor;

interface Case {
  readonly name: string;
  readonly byHand: Flat;
  readonly plain: Flat;
  readonly shapes: readonly (readonly Dim[])[];
  readonly result: readonly Dim[];
}

const plainSoftmax = <N extends Dim, C extends Dim>(x: Matrix<N, C>): Matrix<N, C> => {
  const powers = x.exp();
  return powers.div(powers.sum(1, { keepdims: true }));
};

const cases: readonly Case[] = [
  {
    name: 'linear',
    byHand: (x: Matrix, w: Matrix<'in=4', 'out=5'>, b: Tensor<['out=5']>) => linear(x, w, b),
    plain: (x: Matrix, w: Matrix<'in=4', 'out=5'>, b: Tensor<['out=5']>) => x.matmul(w).add(b),
    shapes: [['batch', 'in=4'], ['in=4', 'out=5'], ['out=5']],
    result: ['batch', 'out=5'],
  },
  {
    name: 'linear, weights transposed',
    byHand: linearTransposed,
    plain: (x: Matrix, w: Matrix<'out=4', 'in=4'>) => x.matmul(w.T),
    shapes: [
      ['batch', 'in=4'],
      ['out=4', 'in=4'],
    ],
    result: ['batch', 'out=4'],
  },
  {
    name: 'low rank',
    byHand: lowRank,
    plain: (x: Matrix<'batch', 'in=6'>, u: Matrix<'in=6', 'rank=2'>, v: Matrix<'rank=2', 'out=6'>) => x.matmul(u).matmul(v),
    shapes: [
      ['batch', 'in=6'],
      ['in=6', 'rank=2'],
      ['rank=2', 'out=6'],
    ],
    result: ['batch', 'out=6'],
  },
  { name: 'softmax', byHand: softmax, plain: plainSoftmax, shapes: [['batch', 'in=4']], result: ['batch', 'in=4'] },
  {
    name: 'cross-entropy',
    // The gradient holds for distributions: both sides make one of what they are given.
    byHand: (scores: Matrix<'batch', 'class=5'>, weights: Matrix<'batch', 'class=5'>) => crossEntropy(scores, plainSoftmax(weights)),
    plain: (scores: Matrix<'batch', 'class=5'>, weights: Matrix<'batch', 'class=5'>) =>
      plainSoftmax(scores).log().mul(plainSoftmax(weights)).sum('class', { keepdims: true }).neg(),
    shapes: [
      ['batch', 'class=5'],
      ['batch', 'class=5'],
    ],
    result: ['batch', 'class=1'],
  },
  {
    name: 'layer norm',
    byHand: (x: Matrix, gamma: Tensor<['in=4']>, beta: Tensor<['in=4']>) => layerNorm(x, gamma, beta),
    plain: (x: Matrix, gamma: Tensor<['in=4']>, beta: Tensor<['in=4']>) => {
      const centred = x.sub(x.mean('in', { keepdims: true }));
      const variance = centred.mul(centred).mean('in', { keepdims: true });
      return centred.div(variance.add(1e-5).sqrt()).mul(gamma).add(beta);
    },
    shapes: [['batch', 'in=4'], ['in=4'], ['in=4']],
    result: ['batch', 'in=4'],
  },
  {
    name: 'attention',
    byHand: attention,
    plain: (q: Tensor<['batch', 'query=3', 'd=4']>, k: Tensor<['batch', 'key=3', 'd=4']>, v: Tensor<['batch', 'key=3', 'e=4']>) => {
      const powers = q.matmul(k.mT).div(2).exp();
      return powers.div(powers.sum('key', { keepdims: true })).matmul(v);
    },
    shapes: [
      ['batch', 'query=3', 'd=4'],
      ['batch', 'key=3', 'd=4'],
      ['batch', 'key=3', 'e=4'],
    ],
    result: ['batch', 'query=3', 'e=4'],
  },
  {
    name: 'perceptron',
    byHand: (x: Matrix, w1: Matrix<'in=4', 'h=3'>, b1: Tensor<['h=3']>, w2: Matrix<'h=3', 'out=2'>, b2: Tensor<['out=2']>) =>
      perceptron(x, { w1, b1, w2, b2 }),
    plain: (x: Matrix, w1: Matrix<'in=4', 'h=3'>, b1: Tensor<['h=3']>, w2: Matrix<'h=3', 'out=2'>, b2: Tensor<['out=2']>) =>
      x.matmul(w1).add(b1).tanh().matmul(w2).add(b2),
    shapes: [['batch', 'in=4'], ['in=4', 'h=3'], ['h=3'], ['h=3', 'out=2'], ['out=2']],
    result: ['batch', 'out=2'],
  },
];

const batch = 3;
const elements = (shape: readonly Dim[]): number =>
  shape.reduce<number>((n, dim) => n * (dim === 'batch' ? batch : Number(`${dim}`.replace(/.*=/, ''))), 1);

/** The result and the gradients of all arguments, for arguments and a cotangent drawn from `seed`. */
function pullback(f: Flat, { shapes, result }: Case, seed: number): readonly Float64Array[] {
  const run = inF64(
    (...tensors: never[]) => {
      const { y, backward } = vjp(f as (...given: never[]) => Tensor<[]>)(...(tensors.slice(0, -1) as never[]));
      return [y, ...(backward(tensors.at(-1) as never) as unknown[])];
    },
    [...shapes, result],
  );
  return run(
    [...shapes, result].map((shape, index) => uniform(elements(shape), seed + index)),
    { batch },
  );
}

it.each(cases)('$name', (given) => {
  for (const seed of [1, 100]) {
    const [byHand, own] = [pullback(given.byHand, given, seed), pullback(given.plain, given, seed)];
    expect(byHand.length).toBe(given.shapes.length + 1);
    for (const [index, values] of byHand.entries()) {
      const expected = own[index] ?? [];
      expect(values.length).toBe(expected.length);
      for (const [at, value] of values.entries()) expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 9);
    }
  }
});
