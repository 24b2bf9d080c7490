/** Linear layers against PyTorch and by hand. */
import { it } from 'vitest';
import type { Tensor } from '../index.ts';
import { linear } from './linear.ts';
import { checkLayer } from './testing/checkLayer.ts';

it('linear', () =>
  checkLayer({
    name: 'linear',
    shapes: [['n=2', 't=3', 'in=4'], ['in=4', 'out=5'], ['out=5']],
    result: ['n=2', 't=3', 'out=5'],
    f: (x: Tensor<['n=2', 't=3', 'in=4']>, w: Tensor<['in=4', 'out=5']>, b: Tensor<['out=5']>) => linear(x, { w, b }),
    byHand: (dy: Tensor<['n=2', 't=3', 'out=5']>, x: Tensor<['n=2', 't=3', 'in=4']>, w: Tensor<['in=4', 'out=5']>) => [
      dy.matmul(w.T),
      x.merge([0, 1]).T.matmul(dy.merge([0, 1])),
      dy.sum([0, 1]),
    ],
  }));
