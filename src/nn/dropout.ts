/** Elements left out at random. */
import { type Key, randomUniform, type Shape, type Tensor } from '../index.ts';
import { kept, requireFigure } from './options.ts';

/**
 * Each element with chance `rate` zero, the others over 1 - rate, so that the mean stays. Without a key nothing is left out: inference.
 *
 * Shapes: stay. Gradient: dY under the same mask. A key is used once: a step takes it as an argument, and each layer folds its own number
 * in. Errors: a rate that is not from 0 up to, but not including, 1 throws a `ShapeError`. Source: Srivastava et al., 2014.
 */
export function dropout<S extends Shape>(x: Tensor<S>, rate: number, key: Key | undefined): Tensor<S> {
  requireFigure('dropout', 'the rate', kept, rate);
  return key === undefined ? x : x.mul(randomUniform(key, x).ge(rate).astype('f32')).div(1 - rate);
}
