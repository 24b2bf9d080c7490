/** Activations against PyTorch and by hand. */
import { it } from 'vitest';
import type { Tensor } from '../index.ts';
import { elu, leakyRelu } from './activations.ts';
import { checkLayer } from './testing/checkLayer.ts';

type T = Tensor<['n=3', 'c=4']>;
const above = (x: T): T => x.gt(0).astype('f32');
const below = (x: T): T => x.le(0).astype('f32');
const shapes = { shapes: [['n=3', 'c=4']], result: ['n=3', 'c=4'] } as const;

it.each([
  { name: 'leakyRelu', f: (x: T) => leakyRelu(x, 0.1), byHand: (dy: T, x: T) => [dy.mul(above(x).add(below(x).mul(0.1)))] },
  { name: 'elu', f: (x: T) => elu(x, 1.5), byHand: (dy: T, x: T) => [dy.mul(above(x).add(below(x).mul(x.exp()).mul(1.5)))] },
])('$name', (check) => checkLayer({ ...shapes, ...check }));
