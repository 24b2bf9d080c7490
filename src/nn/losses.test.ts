/** Losses against PyTorch and by hand. */
import { expect, it } from 'vitest';
import { jit, oneHotLike, type Tensor, tensor } from '../index.ts';
import { binaryCrossEntropy, huber, meanSquaredError, softmaxCrossEntropy } from './losses.ts';
import { checkLayer } from './testing/checkLayer.ts';

type Logits = Tensor<['n=2', 't=3', 'class=5']>;
type Labels = Tensor<['n=2', 't=3'], 'i32'>;
type Rows = Tensor<['n=3', 'class=5']>;
type Pair = Tensor<['n=3', 'c=4']>;
type Scalar = Tensor<[]>;

const probabilities = (z: Logits): Logits => {
  const powers = z.exp();
  return powers.div(powers.sum('class', { keepdims: true }));
};
const rowProbabilities = (z: Rows): Rows => z.exp().div(z.exp().sum('class', { keepdims: true }));

it('softmaxCrossEntropy of labels', () =>
  checkLayer({
    name: 'softmaxCrossEntropy',
    shapes: [['n=2', 't=3', 'class=5']],
    fixed: [[['n=2', 't=3'], 'i32']],
    result: [],
    f: (z: Logits, labels: Labels) => softmaxCrossEntropy(z, labels),
    byHand: (dy: Scalar, z: Logits, labels: Labels) => [probabilities(z).sub(oneHotLike(labels, z)).div(6).mul(dy)],
  }));

it('softmaxCrossEntropy of labels, smoothed', () =>
  checkLayer({
    name: 'softmaxCrossEntropySmooth',
    shapes: [['n=2', 't=3', 'class=5']],
    fixed: [[['n=2', 't=3'], 'i32']],
    result: [],
    f: (z: Logits, labels: Labels) => softmaxCrossEntropy(z, labels, { labelSmoothing: 0.2 }),
    byHand: (dy: Scalar, z: Logits, labels: Labels) => [
      probabilities(z)
        .sub(
          oneHotLike(labels, z)
            .mul(0.8)
            .add(0.2 / 5),
        )
        .div(6)
        .mul(dy),
    ],
  }));

it('softmaxCrossEntropy of weights', () =>
  checkLayer({
    name: 'softmaxCrossEntropyWeights',
    shapes: [['n=3', 'class=5']],
    fixed: [[['n=3', 'class=5'], 'f32']],
    result: [],
    f: (z: Rows, t: Rows) => softmaxCrossEntropy(z, rowProbabilities(t)),
    byHand: (dy: Scalar, z: Rows, t: Rows) => [rowProbabilities(z).sub(rowProbabilities(t)).div(3).mul(dy)],
  }));

it('binaryCrossEntropy', () =>
  checkLayer({
    name: 'binaryCrossEntropy',
    shapes: [['n=3', 'c=4']],
    fixed: [[['n=3', 'c=4'], 'f32']],
    result: [],
    f: (z: Pair, t: Pair) => binaryCrossEntropy(z, t),
    byHand: (dy: Scalar, z: Pair, t: Pair) => [z.sigmoid().sub(t).div(12).mul(dy)],
  }));

it('meanSquaredError', () =>
  checkLayer({
    name: 'meanSquaredError',
    shapes: [
      ['n=3', 'c=4'],
      ['n=3', 'c=4'],
    ],
    result: [],
    f: (p: Pair, t: Pair) => meanSquaredError(p, t),
    byHand: (dy: Scalar, p: Pair, t: Pair) => [p.sub(t).div(6).mul(dy), t.sub(p).div(6).mul(dy)],
  }));

it('huber', () =>
  checkLayer({
    name: 'huber',
    shapes: [
      ['n=3', 'c=4'],
      ['n=3', 'c=4'],
    ],
    result: [],
    f: (p: Pair, t: Pair) => huber(p, t, { delta: 0.7 }),
    byHand: (dy: Scalar, p: Pair, t: Pair) => {
      const slope = p.sub(t).minimum(0.7).maximum(-0.7).div(12).mul(dy);
      return [slope, slope.neg()];
    },
  }));

it('neither logits of a thousand nor a certain answer overflow, on a device', async () => {
  const logits = tensor(
    [
      [1000, -1000, 0],
      [0, 0, 1000],
    ],
    ['n', 'class'],
  );
  const labels = tensor([0, 1], ['n'], 'i32');
  const both = jit((z: typeof logits, l: typeof labels) => [softmaxCrossEntropy(z, l), binaryCrossEntropy(z, z.sigmoid())] as const);
  const [entropy, binary] = both(logits, labels);
  expect(await Promise.all([entropy.item(), binary.item()])).toEqual([500, expect.closeTo((3 * Math.log(2)) / 6, 6)]);
});
