/** Two convolutions that halve the picture each, and a linear layer on what they found. */
import { type Dim, jit, parameters, randn, rearrange, type Tensor, zeros } from 'adjoint';
import { channelBias2d, linear } from 'adjoint/nn';

/** Weights as He et al. (2015) propose for relu: variance 2 / inputs. */
export const initialise = (seed: number) =>
  parameters({
    first: { w: randn(['stroke=8', 'c=1', 5, 5], { seed }).mul(Math.sqrt(2 / 25)), b: zeros(['stroke=8']) },
    second: { w: randn(['part=16', 'stroke=8', 5, 5], { seed: seed + 1 }).mul(Math.sqrt(2 / 200)), b: zeros(['part=16']) },
    hidden: { w: randn(['feature=784', 'hidden=64'], { seed: seed + 2 }).mul(Math.sqrt(2 / 784)), b: zeros(['hidden=64']) },
    output: { w: randn(['hidden=64', 'class=10'], { seed: seed + 3 }).mul(Math.sqrt(2 / 64)), b: zeros(['class=10']) },
  });

export type Convolutional = ReturnType<typeof initialise>;

/** One score for each class. */
export function scores<N extends Dim>(p: Convolutional, x: Tensor<[N, 'pixel=784']>): Tensor<[N, 'class=10']> {
  const picture = rearrange(x, 'n (c h w) -> n c h w', { c: 1, h: 28, w: 28 });
  const strokes = channelBias2d(picture.conv2d(p.first.w, { stride: 2, padding: 2 }), p.first.b).relu();
  const parts = channelBias2d(strokes.conv2d(p.second.w, { stride: 2, padding: 2 }), p.second.b).relu();
  return linear(linear(parts.merge([1, 2, 3], 'feature'), p.hidden).relu(), p.output);
}

/** Of any number of images. */
export const classify = jit(scores<'image'>, { name: 'classify' });
