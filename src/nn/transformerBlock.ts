/**
 * A transformer block: attention and a perceptron, each with a normalisation before and a residual around it.
 *
 * Source: Vaswani et al., 2017; the norm before, as in GPT-2 (Xiong et al., 2020).
 */
import { type Dim, foldIn, type Key, type Tensor } from '../index.ts';
import { gelu } from './activations.ts';
import { figuresOfSelf, multiHeadAttention, type SelfAttentionOptions } from './attention.ts';
import { dropout } from './dropout.ts';
import { linear } from './linear.ts';
import { layerNorm } from './norms.ts';
import { requireOptions, structureOf } from './options.ts';

/** The parameters of `transformerBlock`: model size C, H heads of E, a perceptron of F. `transformerBlockParameters` draws the first. */
export interface TransformerBlock<C extends Dim, H extends Dim, E extends Dim, F extends Dim> {
  readonly attentionNorm: { readonly gamma: Tensor<[C]>; readonly beta: Tensor<[C]> };
  readonly attention: {
    readonly q: Tensor<[C, H, E]>;
    readonly k: Tensor<[C, H, E]>;
    readonly v: Tensor<[C, H, E]>;
    readonly out: Tensor<[H, E, C]>;
  };
  readonly perceptronNorm: { readonly gamma: Tensor<[C]>; readonly beta: Tensor<[C]> };
  readonly first: { readonly w: Tensor<[C, F]>; readonly b: Tensor<[F]> };
  readonly last: { readonly w: Tensor<[F, C]>; readonly b: Tensor<[C]> };
}

/** As `SelfAttentionOptions`, with dropout for training. */
export interface TransformerBlockOptions<T extends Dim, E extends Dim> extends SelfAttentionOptions<T, E> {
  /** Of what attention and perceptron give, in training. */
  readonly dropout?: { readonly rate: number; readonly key: Key };
}

/**
 * x + attention(norm(x)), and of that, y + last(gelu(first(norm(y)))).
 *
 * Shapes: x [b, t, c], weights as `transformerBlockParameters` makes them → [b, t, c]. Gradient: as of its parts.
 */
export function transformerBlock<B extends Dim, T extends Dim, C extends Dim, H extends Dim, E extends Dim, F extends Dim>(
  x: Tensor<[B, T, C]>,
  p: TransformerBlock<NoInfer<C>, H, E, F>,
  options: TransformerBlockOptions<NoInfer<T>, NoInfer<E>> = {},
): Tensor<[B, T, C]> {
  const { dropout: left, ...seen } = requireOptions(
    'transformerBlock',
    { ...figuresOfSelf, dropout: structureOf('{ rate, key }') },
    options,
  );
  const drop = (y: Tensor<[B, T, C]>, number: number) => (left === undefined ? y : dropout(y, left.rate, foldIn(left.key, number)));
  const attended = x.add(drop(multiHeadAttention(layerNorm(x, p.attentionNorm), p.attention, seen), 0));
  return attended.add(drop(linear(gelu(linear(layerNorm(attended, p.perceptronNorm), p.first)), p.last), 1));
}
