/** Initialisers on a device: the variances that their sources ask for, orthonormal rows, and one key, one tensor. */
import { expect, it } from 'vitest';
import { key, ones, type Tensor } from '../index.ts';
import { heNormal, heUniform, orthogonal, xavierNormal, xavierUniform } from './initialisers.ts';
import { attentionParameters, gruParameters, linearParameters, lstmParameters, rnnParameters } from './layerParameters.ts';
import { expectClose } from './testing/checkLayer.ts';

const k = key(7);
const variance = (data: ArrayLike<number>): number => Array.from(data).reduce((sum, x) => sum + x * x, 0) / data.length;

it.each([
  ['xavierUniform', xavierUniform(k, ['in=100', 'out=60']), 2 / 160, Math.sqrt(6 / 160)],
  ['xavierNormal', xavierNormal(k, ['in=100', 'out=60']), 2 / 160, undefined],
  ['heUniform', heUniform(k, ['in=100', 'out=60']), 2 / 100, Math.sqrt(6 / 100)],
  ['heNormal, with a gain', heNormal(k, ['in=100', 'out=60'], { gain: 2 }), (4 * 2) / 100, undefined],
  ['heNormal of two input axes', heNormal(k, ['head=10', 'e=10', 'out=60'], { inputs: 2 }), 2 / 100, undefined],
  ['heNormal of a convolution', heNormal(k, ['o=60', 'c=20', 5, 1], { inputs: 'convolution' }), 2 / 100, undefined],
  ['heNormal like a tensor', heNormal(k, ones(['in=100', 'out=60'])), 2 / 100, undefined],
] as const)('%s', async (_, tensor, expected, bound) => {
  const data = await tensor.data();
  expect(data.length).toBe(6000);
  expect(variance(data) / expected).toBeGreaterThan(0.92);
  expect(variance(data) / expected).toBeLessThan(1.08);
  if (bound !== undefined) expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(bound);
});

it('orthogonal: the fewer of rows and columns are orthonormal, square and wide', async () => {
  const [square, wide] = [orthogonal(k, ['in=16', 'out=16']), orthogonal(k, ['in=3', 'out=7'], { gain: 2 })];
  const grams = await Promise.all([
    square.T.matmul(square.rename({ out: 'other' })).data(),
    wide.matmul(wide.rename({ in: 'other' }).T).data(),
  ]);
  const identity = (size: number, scale: number) => Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? scale : 0));
  expectClose(grams[0], identity(16, 1), 4);
  expectClose(grams[1], identity(3, 4), 4);
  expect(() => orthogonal(k, ['in=3'] as never)).toThrow('orthogonal: takes rank 2, not rank 1 (give two axes)');
});

it('the same key draws the same, another one other weights; no two tensors of a layer are alike', async () => {
  const sizes = { in: 'in=4', out: 'out=4' } as const;
  const [once, again, other] = await Promise.all(
    [linearParameters(k, sizes), linearParameters(k, sizes), linearParameters(key(8), sizes)].map(({ w }) => w.data()),
  );
  expect(once).toEqual(again);
  expect(once).not.toEqual(other);
  const attention = attentionParameters(k, { in: 'in=4', head: 'head=2', headDim: 'e=2' });
  const drawn = await Promise.all(
    [attention.q, attention.k, attention.v, attention.out].map(
      (tensor: Tensor<['in=4', 'head=2', 'e=2']> | Tensor<['head=2', 'e=2', 'in=4']>) => tensor.data(),
    ),
  );
  expect(new Set(drawn.map((data) => data.join())).size).toBe(4);
});

it('recurrent layers name the old state apart', () => {
  const sizes = { in: 'in=3', hidden: 'hidden=4' } as const;
  expect(rnnParameters(k, sizes).h.shape).toEqual(['recurrent=4', 'hidden=4']);
  expect(gruParameters(k, sizes).h.shape).toEqual(['recurrent=4', 'gate=3', 'hidden=4']);
  expect(lstmParameters(k, { in: 3, hidden: 4 }).h.shape).toEqual(['recurrent=4', 'gate=4', 4]);
});
