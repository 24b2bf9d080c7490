/** Layer and RMS normalisation against PyTorch and by hand. */
import { it } from 'vitest';
import type { Tensor } from '../index.ts';
import { layerNorm, rmsNorm } from './norms.ts';
import { checkLayer } from './testing/checkLayer.ts';

type X = Tensor<['n=2', 't=3', 'c=4']>;
type C = Tensor<['c=4']>;
const mean = (x: X) => x.mean('c', { keepdims: true });

it('layerNorm', () =>
  checkLayer({
    name: 'layerNorm',
    shapes: [['n=2', 't=3', 'c=4'], ['c=4'], ['c=4']],
    result: ['n=2', 't=3', 'c=4'],
    f: (x: X, gamma: C, beta: C) => layerNorm(x, { gamma, beta }),
    byHand: (dy: X, x: X, gamma: C) => {
      const centred = x.sub(mean(x));
      const root = mean(centred.mul(centred)).add(1e-5).sqrt();
      const [n, g] = [centred.div(root), dy.mul(gamma)];
      return [
        g
          .sub(mean(g))
          .sub(n.mul(mean(g.mul(n))))
          .div(root),
        dy.mul(n).sum(['n', 't']),
        dy.sum(['n', 't']),
      ];
    },
  }));

it('rmsNorm', () =>
  checkLayer({
    name: 'rmsNorm',
    shapes: [['n=2', 't=3', 'c=4'], ['c=4']],
    result: ['n=2', 't=3', 'c=4'],
    f: (x: X, gamma: C) => rmsNorm(x, { gamma }),
    byHand: (dy: X, x: X, gamma: C) => {
      const root = mean(x.mul(x)).add(1e-5).sqrt();
      const [n, g] = [x.div(root), dy.mul(gamma)];
      return [g.sub(n.mul(mean(g.mul(n)))).div(root), dy.mul(n).sum(['n', 't'])];
    },
  }));
