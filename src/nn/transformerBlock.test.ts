/** The transformer block against PyTorch and by hand; on a device, as it trains. */
import { expect, it } from 'vitest';
import { divides, foldIn, jit, type Key, key, parameters, randomNormal, type Tensor, valueAndGrad } from '../index.ts';
import { gelu } from './activations.ts';
import { multiHeadAttention } from './attention.ts';
import { transformerBlockParameters } from './layerParameters.ts';
import { meanSquaredError } from './losses.ts';
import { adam } from './optimizers.ts';
import { rotaryTables } from './rotary.ts';
import { attentionBackward } from './testing/attentionBackward.ts';
import { checkLayer } from './testing/checkLayer.ts';
import { type TransformerBlock, transformerBlock } from './transformerBlock.ts';

type X = Tensor<['b=2', 't=4', 'c=6']>;
type C = Tensor<['c=6']>;
type W = Tensor<['c=6', 'head=2', 'e=4']>;
type Out = Tensor<['head=2', 'e=4', 'c=6']>;
type First = Tensor<['c=6', 'f=8']>;
type Last = Tensor<['f=8', 'c=6']>;
type F = Tensor<['f=8']>;
type Hidden = Tensor<['b=2', 't=4', 'f=8']>;

const mean = (x: X) => x.mean('c', { keepdims: true });
function norm(x: X, gamma: C, beta: C) {
  const centred = x.sub(mean(x));
  const root = mean(centred.mul(centred)).add(1e-5).sqrt();
  const n = centred.div(root);
  const backward = (dy: X) => {
    const g = dy.mul(gamma);
    return [
      g
        .sub(mean(g))
        .sub(n.mul(mean(g.mul(n))))
        .div(root),
      dy.mul(n).sum([0, 1]),
      dy.sum([0, 1]),
    ] as const;
  };
  return { y: n.mul(gamma).add(beta), backward };
}
const slopeOfGelu = (x: Hidden): Hidden =>
  x
    .mul(Math.SQRT1_2)
    .erf()
    .add(1)
    .div(2)
    .add(x.mul(x.mul(x).div(-2).exp()).div(Math.sqrt(2 * Math.PI)));
const rows = <D extends 'c=6' | 'f=8'>(x: Tensor<['b=2', 't=4', D]>): Tensor<['row=8', D]> => x.merge([0, 1], 'row');

const block = (
  g1: C,
  b1: C,
  q: W,
  k: W,
  v: W,
  out: Out,
  g2: C,
  b2: C,
  w1: First,
  c1: F,
  w2: Last,
  c2: C,
): TransformerBlock<'c=6', 'head=2', 'e=4', 'f=8'> => ({
  attentionNorm: { gamma: g1, beta: b1 },
  attention: { q, k, v, out },
  perceptronNorm: { gamma: g2, beta: b2 },
  first: { w: w1, b: c1 },
  last: { w: w2, b: c2 },
});
type Parts = Parameters<typeof block>;

it('transformerBlock', () =>
  checkLayer({
    name: 'transformerBlock',
    shapes: [
      ['b=2', 't=4', 'c=6'],
      ['c=6'],
      ['c=6'],
      ['c=6', 'head=2', 'e=4'],
      ['c=6', 'head=2', 'e=4'],
      ['c=6', 'head=2', 'e=4'],
      ['head=2', 'e=4', 'c=6'],
      ['c=6'],
      ['c=6'],
      ['c=6', 'f=8'],
      ['f=8'],
      ['f=8', 'c=6'],
      ['c=6'],
    ],
    result: ['b=2', 't=4', 'c=6'],
    f: (x: X, ...parts: Parts) => transformerBlock(x, block(...parts), { causal: true }),
    byHand: (dy: X, x: X, ...parts: Parts) => {
      const [g1, b1, q, k, v, out, g2, b2, w1, c1, w2] = parts;
      const first = norm(x, g1, b1);
      const attended = x.add(multiHeadAttention(first.y, { q, k, v, out }, { causal: true }));
      const second = norm(attended, g2, b2);
      const sums = second.y.matmul(w1).add(c1);

      const dSums = dy.matmul(w2.T).mul(slopeOfGelu(sums));
      const [dNormal, dg2, db2] = second.backward(dSums.matmul(w1.T));
      const dAttended = dy.add(dNormal);
      const [dIn, ...dWeights] = attentionBackward(dAttended, first.y, [q, k, v, out], true);
      const [dFirst, dg1, db1] = first.backward(dIn);
      return [
        dAttended.add(dFirst),
        dg1,
        db1,
        ...dWeights,
        dg2,
        db2,
        rows(second.y).T.matmul(rows(dSums)),
        dSums.sum([0, 1]),
        rows(gelu(sums)).T.matmul(rows(dy)),
        dy.sum([0, 1]),
      ];
    },
  }));

it('learns, on a device: a step with rotary positions and dropout is one compiled function', async () => {
  let p = parameters(transformerBlockParameters(key(1), { model: 'c=8', head: 'head=2', headDim: 'e=4', hidden: 'f=16' }));
  const optimizer = adam({ rate: 0.02 });
  let state = optimizer.initialise(p);
  const rotary = rotaryTables('t=4', divides(2, 'e=4'));
  const [x, target] = [randomNormal(key(2), ['b=2', 't=4', 'c=8']), randomNormal(key(3), ['b=2', 't=4', 'c=8'])];
  const step = jit((q: typeof p, s: typeof state, k: Key, tables: typeof rotary) => {
    const loss = (r: typeof p) =>
      meanSquaredError(transformerBlock(x, r, { causal: true, rotary: tables, dropout: { rate: 0.1, key: k } }), target);
    const { value, gradient } = valueAndGrad(loss)(q);
    return { loss: value, ...optimizer.update(q, gradient, s) };
  });
  const losses: number[] = [];
  for (let at = 0; at < 8; at++) {
    const next = step(p, state, foldIn(key(4), at), rotary);
    ({ parameters: p, state } = next);
    losses.push(await next.loss.item());
  }
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.8);
});
