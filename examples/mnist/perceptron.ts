/** A perceptron with one hidden layer. */
import { type Dim, jit, parameters, randn, type Tensor, zeros } from 'adjoint';
import { linear } from 'adjoint/nn';

/** Weights as He et al. (2015) propose for relu: variance 2 / inputs. */
export const initialise = (seed: number) =>
  parameters({
    hidden: { w: randn(['pixel=784', 'hidden=128'], { seed }).mul(Math.sqrt(2 / 784)), b: zeros(['hidden=128']) },
    output: { w: randn(['hidden=128', 'class=10'], { seed: seed + 1 }).mul(Math.sqrt(2 / 128)), b: zeros(['class=10']) },
  });

export type Perceptron = ReturnType<typeof initialise>;

/** One score for each class. */
export const scores = <N extends Dim>(p: Perceptron, x: Tensor<[N, 'pixel=784']>): Tensor<[N, 'class=10']> =>
  linear(linear(x, p.hidden).relu(), p.output);

/** Of any number of images. */
export const classify = jit(scores<'image'>, { name: 'classify' });
