/** Batch normalisation against PyTorch and by hand; the running statistics. */
import { expect, it } from 'vitest';
import { grad, jit, ones, type Tensor, tensor, zeros } from '../index.ts';
import { batchNorm, batchNorm2d, batchNorm2dInference, batchNormInference } from './batchNorm.ts';
import { normParameters, statistics } from './layerParameters.ts';
import { checkLayer, expectClose } from './testing/checkLayer.ts';

type X = Tensor<['n=5', 'c=3']>;
type C = Tensor<['c=3']>;
const running = { mean: zeros(['c=3']), variance: ones(['c=3']) };

it('batchNorm', () =>
  checkLayer({
    name: 'batchNorm',
    shapes: [['n=5', 'c=3'], ['c=3'], ['c=3']],
    result: ['n=5', 'c=3'],
    f: (x: X, gamma: C, beta: C) => batchNorm(x, { gamma, beta }, running).y,
    byHand: (dy: X, x: X, gamma: C) => {
      const centred = x.sub(x.mean('n'));
      const deviation = centred.mul(centred).mean('n').add(1e-5).sqrt();
      const [n, g] = [centred.div(deviation), dy.mul(gamma)];
      return [
        g
          .sub(g.mean('n'))
          .sub(n.mul(g.mul(n).mean('n')))
          .div(deviation),
        dy.mul(n).sum('n'),
        dy.sum('n'),
      ];
    },
  }));

it('batchNorm2d', () => {
  type Images = Tensor<['n=2', 'c=3', 'h=2', 'w=2']>;
  const places = ['n', 'h', 'w'] as const;
  checkLayer({
    name: 'batchNorm2d',
    shapes: [['n=2', 'c=3', 'h=2', 'w=2'], ['c=3'], ['c=3']],
    result: ['n=2', 'c=3', 'h=2', 'w=2'],
    f: (x: Images, gamma: C, beta: C) => batchNorm2d(x, { gamma, beta }, running).y,
    byHand: (dyGiven: Images, xGiven: Images, gamma: C) => {
      const [dy, x] = [dyGiven.permute('n', 'h', 'w', 'c'), xGiven.permute('n', 'h', 'w', 'c')];
      const centred = x.sub(x.mean(places));
      const deviation = centred.mul(centred).mean(places).add(1e-5).sqrt();
      const [n, g] = [centred.div(deviation), dy.mul(gamma)];
      const dx = g
        .sub(g.mean(places))
        .sub(n.mul(g.mul(n).mean(places)))
        .div(deviation);
      return [dx.permute('n', 'c', 'h', 'w'), dy.mul(n).sum(places), dy.sum(places)];
    },
  });
});

it('batchNormInference', () =>
  checkLayer({
    name: 'batchNormInference',
    shapes: [['n=5', 'c=3'], ['c=3'], ['c=3']],
    fixed: [
      [['c=3'], 'f32'],
      [['c=3'], 'f32'],
    ],
    result: ['n=5', 'c=3'],
    f: (x: X, gamma: C, beta: C, mean: C, variance: C) => batchNormInference(x, { gamma, beta }, { mean, variance }),
    byHand: (dy: X, x: X, gamma: C, _: C, mean: C, variance: C) => {
      const deviation = variance.add(1e-5).sqrt();
      return [dy.mul(gamma).div(deviation), dy.mul(x.sub(mean).div(deviation)).sum('n'), dy.sum('n')];
    },
  }));

it('running statistics drift to those of the batches, which inference then uses; no gradient goes through them', async () => {
  const p = normParameters('c=2');
  const x = tensor(
    [
      [1, 10],
      [3, 30],
    ],
    ['n', 'c'],
  );
  const step = jit((s: { mean: Tensor<['c=2']>; variance: Tensor<['c=2']> }) => batchNorm(x, p, s, { momentum: 0.5 }).running);
  const once = step(statistics('c=2'));
  expectClose(await once.mean.data(), [1, 10], 6);
  expectClose(await once.variance.data(), [1, 50.5], 5);
  const twice = step(once);
  expectClose(await twice.mean.data(), [1.5, 15], 6);
  const y = batchNormInference(tensor([[1.5, 15]], ['n', 'c']), p, twice);
  expectClose(await y.data(), [0, 0], 6);

  const image = ones(['n=1', 'c=2', 'h=1', 'w=1']);
  const trained = batchNorm2d(image, p, statistics('c=2')).running;
  expectClose(await trained.mean.data(), [0.1, 0.1], 6);
  expectClose(await batchNorm2dInference(image, p, { mean: ones(['c=2']), variance: ones(['c=2']) }).data(), [0, 0], 6);

  const none = grad((given: typeof x) => batchNorm(given, p, statistics('c=2')).running.mean.sum())(x);
  expect(await none.data()).toEqual(new Float32Array(4));
});
