/** Embeddings, convolutions with biases, pools, low rank, residuals, dropout and the block, against PyTorch and by hand. */
import { describe, expect, it } from 'vitest';
import { foldIn, grad, jit, type Key, key, ones, type Tensor, tensor } from '../index.ts';
import { channelBias1d, channelBias2d, globalMeanPool2d } from './channels.ts';
import { dropout } from './dropout.ts';
import { embedding } from './embedding.ts';
import { checkLayer } from './testing/checkLayer.ts';
import { lowRank, residual } from './wrappers.ts';

it('embedding', () => {
  type Ids = Tensor<['n=2', 't=3'], 'i32'>;
  checkLayer({
    name: 'embedding',
    shapes: [['word=5', 'c=3']],
    fixed: [[['n=2', 't=3'], 'i32']],
    result: ['n=2', 't=3', 'c=3'],
    f: (table: Tensor<['word=5', 'c=3']>, ids: Ids) => embedding(ids, { table }),
    byHand: (dy: Tensor<['n=2', 't=3', 'c=3']>, _: unknown, ids: Ids) => [
      ids
        .oneHot('word=5')
        .merge([0, 1])
        .T.matmul(dy.merge([0, 1])),
    ],
  });
});

describe('convolutions with a bias', () => {
  it('conv1d', () => {
    type X = Tensor<['n=2', 'c=3', 't=7']>;
    type W = Tensor<['o=4', 'c=3', 3]>;
    // Where a window begins at 2t - 1, an element of w meets x at 2t - 1 + its place.
    const windows = (x: X) => x.pad(2, 1, 1);
    checkLayer({
      name: 'conv1d',
      shapes: [['n=2', 'c=3', 't=7'], ['o=4', 'c=3', 3], ['o=4']],
      result: ['n=2', 'o=4', 't=4'],
      f: (x: X, w: W, b: Tensor<['o=4']>) => channelBias1d(x.conv1d(w, { stride: 2, padding: 1 }), b),
      byHand: (dy: Tensor<['n=2', 'o=4', 't=4']>, x: X, w: W) => {
        const rows = dy.permute('n', 't', 'o').merge([0, 1], 'row');
        const parts = ([0, 1, 2] as const).map((at) => {
          const met = windows(x)
            .slice(2, at as 0, (at + 7) as 7, 2)
            .permute('n', 't', 'c')
            .merge([0, 1], 'row');
          const wAt = w.slice(2, at as 0, (at + 1) as 1).sum(2);
          const spread = rows.matmul(wAt).reshape(['n=2', 't=4', 'c=3']).permute('n', 'c', 't');
          return { dw: rows.T.matmul(met), spread, at };
        });
        const dx = parts.map(({ spread, at }) => {
          // one zero between the elements, then moved to where the window's element stood
          const between = spread.reshape(['n=2', 'c=3', 't=4', 'gap=1']).pad(3, 0, 1).merge([2, 3], 't');
          return between.pad(2, at as 0, (2 - at) as 2).slice(2, 1, 8);
        });
        const dw = parts.map((part) => part.dw.reshape(['o=4', 'c=3', 1]).pad(2, part.at as 0, (2 - part.at) as 2));
        return [dx.reduce((sum, next) => sum.add(next)), dw.reduce((sum, next) => sum.add(next)), dy.sum(['n', 't'])];
      },
    });
  });

  it('conv2d', () => {
    type X = Tensor<['n=2', 'c=3', 'h=4', 'w=5']>;
    type W = Tensor<['o=4', 'c=3', 3, 3]>;
    type Y = Tensor<['n=2', 'o=4', 'h=4', 'w=5']>;
    checkLayer({
      name: 'conv2d',
      shapes: [['n=2', 'c=3', 'h=4', 'w=5'], ['o=4', 'c=3', 3, 3], ['o=4']],
      result: ['n=2', 'o=4', 'h=4', 'w=5'],
      f: (x: X, w: W, b: Tensor<['o=4']>) => channelBias2d(x.conv2d(w, { padding: 1 }), b),
      byHand: (dy: Y, x: X, w: W) => {
        const padded = x.pad(2, 1, 1).pad(3, 1, 1);
        const around = dy.pad(2, 1, 1).pad(3, 1, 1);
        const offsets = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => [i, j] as const));
        const parts = offsets.map(([i, j]) => {
          const wAt = w
            .slice(2, i as 0, (i + 1) as 1)
            .slice(3, j as 0, (j + 1) as 1)
            .sum([2, 3]);
          const met = padded.slice(2, i as 0, (i + 4) as 4).slice(3, j as 0, (j + 5) as 5);
          // dx at a place gathers dy from where the flipped kernel looks.
          const looked = around.slice(2, (2 - i) as 0, (6 - i) as 4).slice(3, (2 - j) as 0, (7 - j) as 5);
          const dx = looked.permute('n', 'h', 'w', 'o').matmul(wAt).permute('n', 'c', 'h', 'w');
          const rows = (t: typeof met) => t.permute('n', 'h', 'w', 'c').merge([0, 1, 2], 'row');
          const dw = dy.permute('n', 'h', 'w', 'o').merge([0, 1, 2], 'row').T.matmul(rows(met));
          return {
            dx,
            dw: dw
              .reshape(['o=4', 'c=3', 1, 1])
              .pad(2, i as 0, (2 - i) as 2)
              .pad(3, j as 0, (2 - j) as 2),
          };
        });
        return [
          parts.map(({ dx }) => dx).reduce((sum, next) => sum.add(next)),
          parts.map(({ dw }) => dw).reduce((sum, next) => sum.add(next)),
          dy.sum(['n', 'h', 'w']),
        ];
      },
    });
  });
});

describe('pools', () => {
  type X = Tensor<['n=2', 'c=3', 'h=4', 'w=4']>;
  type Y = Tensor<['n=2', 'c=3', 'h=2', 'w=2']>;
  const blocks = (x: X) => x.reshape(['n=2', 'c=3', 'h=2', 'i=2', 'w=2', 'j=2']).permute('n', 'c', 'h', 'w', 'i', 'j');
  const spread = (y: Y) => blocks(ones(['n=2', 'c=3', 'h=4', 'w=4'])).mul(y.reshape(['n=2', 'c=3', 'h=2', 'w=2', 1, 1]));
  const back = (b: ReturnType<typeof blocks>): X => b.permute('n', 'c', 'h', 'i', 'w', 'j').reshape(['n=2', 'c=3', 'h=4', 'w=4']);
  const shapes = [['n=2', 'c=3', 'h=4', 'w=4']] as const;
  const result = ['n=2', 'c=3', 'h=2', 'w=2'] as const;

  it('maxPool2d', () =>
    checkLayer({
      name: 'maxPool2d',
      shapes,
      result,
      f: (x: X) => x.maxPool2d(2),
      byHand: (dy: Y, x: X) => [
        back(
          spread(dy).mul(
            blocks(x)
              .eq(spread(blocks(x).max(['i', 'j'])))
              .astype('f32'),
          ),
        ),
      ],
    }));
  it('meanPool2d', () =>
    checkLayer({ name: 'meanPool2d', shapes, result, f: (x: X) => x.meanPool2d(2), byHand: (dy: Y) => [back(spread(dy)).div(4)] }));
  it('globalMeanPool2d', async () => {
    expect(await globalMeanPool2d(tensor([[[[1, 2]], [[3, 5]]]], ['n', 'c', 'h', 'w'])).array()).toEqual([[1.5, 4]]);
  });
});

it('lowRank', () => {
  type X = Tensor<['n=3', 'in=6']>;
  type W = Tensor<['in=6', 'out=5']>;
  type U = Tensor<['in=6', 'rank=2']>;
  type V = Tensor<['rank=2', 'out=5']>;
  checkLayer({
    name: 'lowRank',
    shapes: [
      ['n=3', 'in=6'],
      ['in=6', 'out=5'],
      ['in=6', 'rank=2'],
      ['rank=2', 'out=5'],
    ],
    result: ['n=3', 'out=5'],
    f: (x: X, w: W, u: U, v: V) => lowRank(x, { w, u, v }, { scale: 0.5 }),
    byHand: (dy: Tensor<['n=3', 'out=5']>, x: X, w: W, u: U, v: V) => {
      const dRank = dy.matmul(v.T).mul(0.5);
      return [dy.matmul(w.T).add(dRank.matmul(u.T)), x.T.matmul(dy), x.T.matmul(dRank), x.matmul(u).T.matmul(dy).mul(0.5)];
    },
  });
});

it('residual', async () => {
  const x = tensor([1, 2], ['n']);
  expect(await residual(x, (y) => y.mul(3)).array()).toEqual([4, 8]);
  expect(await grad((y: typeof x) => residual(y, (z) => z.mul(z)).sum())(x).array()).toEqual([3, 5]);
});

describe('dropout', () => {
  const x = ones(['n=64', 'c=64']);

  it('leaves out about as many as it says, keeps the mean, and masks the gradient alike', async () => {
    const step = jit((k: Key) => {
      const dy = grad((y: typeof x) => dropout(y, 0.25, k).sum())(x);
      return [dropout(x, 0.25, k), dy] as const;
    });
    const [y, dx] = step(key(3));
    const [kept, slopes] = await Promise.all([y.data(), dx.data()]);
    expect(slopes).toEqual(kept);
    expect(new Set(kept)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    expect(kept.filter((element) => element === 0).length / kept.length).toBeCloseTo(0.25, 1);
    const [other] = step(foldIn(key(3), 1));
    expect(await other.data()).not.toEqual(kept);
  });

  it('does nothing without a key, and refuses rates', () => {
    expect(dropout(x, 0.5, undefined)).toBe(x);
    for (const rate of [-0.1, 1, Number.NaN]) {
      expect(() => dropout(x, rate, key(1))).toThrow(`dropout: the rate is ${rate} (give a number from 0 up to, but not including, 1)`);
    }
  });
});
