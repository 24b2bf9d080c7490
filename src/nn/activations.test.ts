/** Activations against PyTorch and by hand. */
import { expect, it } from 'vitest';
import { type Tensor, tensor } from '../index.ts';
import { elu, gelu, leakyRelu, mish, silu, softplus } from './activations.ts';
import { checkLayer } from './testing/checkLayer.ts';

type T = Tensor<['n=3', 'c=4']>;
const above = (x: T): T => x.gt(0).astype('f32');
const below = (x: T): T => x.le(0).astype('f32');
const one = (x: T): T => x.mul(0).add(1);
const root = Math.sqrt(2 / Math.PI);

it.each<{ name: string; f: (x: T) => T; byHand: (dy: T, x: T) => readonly T[] }>([
  { name: 'leakyRelu', f: (x) => leakyRelu(x, 0.1), byHand: (dy, x) => [dy.mul(above(x).add(below(x).mul(0.1)))] },
  { name: 'elu', f: (x) => elu(x, 1.5), byHand: (dy, x) => [dy.mul(above(x).add(below(x).mul(x.exp()).mul(1.5)))] },
  { name: 'silu', f: (x) => silu(x), byHand: (dy, x) => [dy.mul(x.sigmoid()).mul(one(x).add(x.mul(one(x).sub(x.sigmoid()))))] },
  { name: 'softplus', f: (x) => softplus(x), byHand: (dy, x) => [dy.mul(x.sigmoid())] },
  {
    name: 'mish',
    f: (x) => mish(x),
    byHand: (dy, x) => {
      const t = x.exp().add(1).log().tanh();
      return [dy.mul(t.add(x.mul(x.sigmoid()).mul(one(x).sub(t.mul(t)))))];
    },
  },
  {
    name: 'gelu',
    f: (x) => gelu(x),
    byHand: (dy, x) => [
      dy.mul(
        x
          .mul(Math.SQRT1_2)
          .erf()
          .add(1)
          .div(2)
          .add(x.mul(x.mul(x).div(-2).exp()).div(Math.sqrt(2 * Math.PI))),
      ),
    ],
  },
  {
    name: 'geluTanh',
    f: (x) => gelu(x, { approximate: 'tanh' }),
    byHand: (dy, x) => {
      const t = x.add(x.mul(x).mul(x).mul(0.044715)).mul(root).tanh();
      const slope = x
        .mul(x)
        .mul(3 * 0.044715)
        .add(1)
        .mul(root);
      return [
        dy.mul(
          t
            .add(1)
            .add(x.mul(one(x).sub(t.mul(t))).mul(slope))
            .div(2),
        ),
      ];
    },
  },
])('$name', ({ name, f, byHand }) => checkLayer({ name, shapes: [['n=3', 'c=4']], result: ['n=3', 'c=4'], f, byHand }));

it('softmax', () => {
  type X = Tensor<['n=2', 't=3', 'c=4']>;
  checkLayer({
    name: 'softmax',
    shapes: [['n=2', 't=3', 'c=4']],
    result: ['n=2', 't=3', 'c=4'],
    f: (x: X) => x.softmax('c'),
    byHand: (dy: X, x: X) => {
      const y = x.exp().div(x.exp().sum('c', { keepdims: true }));
      return [y.mul(dy.sub(dy.mul(y).sum('c', { keepdims: true })))];
    },
  });
});

it('are finite far out, on a device', async () => {
  const x = tensor([-1000, -100, 100, 1000], ['n']);
  const all = await Promise.all([softplus(x), silu(x), mish(x), gelu(x), elu(x), x.softmax('n')].map((y) => y.data()));
  for (const y of all) for (const element of y) expect(Number.isFinite(element)).toBe(true);
  expect([...(all[0] ?? [])]).toEqual([0, 0, 100, 1000]);
});
