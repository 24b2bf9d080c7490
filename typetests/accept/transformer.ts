/** A transformer of twelve blocks, as it would be written: symbolic batch, named axes, heads split and merged, a causal mask. */
import {
  grad,
  indices,
  jit,
  layer,
  ones,
  type Parameter,
  parameters,
  randn,
  type Tensor,
  update,
  valueAndGrad,
  where,
  zeros,
} from 'adjoint';
import { layerNorm, linear, softmaxCrossEntropy } from 'adjoint/nn';

type Hidden = Tensor<['batch', 't=128', 'd=768']>;

interface Norm {
  readonly gamma: Tensor<['d=768']>;
  readonly beta: Tensor<['d=768']>;
}

interface Block {
  readonly attention: {
    readonly norm: Norm;
    readonly q: Tensor<['d=768', 'e=768']>;
    readonly k: Tensor<['d=768', 'e=768']>;
    readonly v: Tensor<['d=768', 'e=768']>;
    readonly out: Tensor<['e=768', 'd=768']>;
  };
  readonly mlp: {
    readonly norm: Norm;
    readonly up: { readonly w: Tensor<['d=768', 'ff=3072']>; readonly b: Tensor<['ff=3072']> };
    readonly down: { readonly w: Tensor<['ff=3072', 'd=768']>; readonly b: Tensor<['d=768']> };
  };
}

const split = (x: Tensor<['batch', 't=128', 'e=768']>) => x.split('e', ['heads=12', 'headDim']).permute('batch', 'heads', 't', 'headDim');

const attention = (x: Hidden, { norm, q, k, v, out }: Block['attention']): Hidden => {
  const normed = layerNorm(x, norm);
  const query = split(normed.matmul(q));
  const key = split(normed.matmul(k)).rename({ t: 'key' });
  const value = split(normed.matmul(v)).rename({ t: 'key' });
  const scores = query.matmul(key.mT).div(8);
  const causal = where(indices(scores, 't').ge(indices(scores, 'key')), scores, -1e9);
  const powers = causal.sub(causal.max('key', { keepdims: true })).exp();
  const weights = powers.div(powers.sum('key', { keepdims: true }));
  const merged = weights.matmul(value).permute('batch', 't', 'heads', 'headDim').merge(['heads', 'headDim'], 'e');
  return x.add(merged.matmul(out));
};

const mlp = (x: Hidden, { norm, up, down }: Block['mlp']): Hidden => {
  const wide = linear(layerNorm(x, norm), up);
  const gelu = wide.mul(wide.mul(1.702).sigmoid());
  return x.add(linear(gelu, down));
};

const block = (x: Hidden, p: Block): Hidden => mlp(attention(x, p.attention), p.mlp);

const norm = () => ({ gamma: ones(['d=768']), beta: zeros(['d=768']) });
const initial = () => ({
  attention: {
    norm: norm(),
    q: randn(['d=768', 'e=768']).mul(0.02),
    k: randn(['d=768', 'e=768']).mul(0.02),
    v: randn(['d=768', 'e=768']).mul(0.02),
    out: randn(['e=768', 'd=768']).mul(0.02),
  },
  mlp: {
    norm: norm(),
    up: { w: randn(['d=768', 'ff=3072']).mul(0.02), b: zeros(['ff=3072']) },
    down: { w: randn(['ff=3072', 'd=768']).mul(0.02), b: zeros(['d=768']) },
  },
});

const model = parameters({
  words: randn(['vocab=50257', 'd=768']).mul(0.02),
  places: randn(['t=128', 'd=768']).mul(0.02),
  block0: initial(),
  block1: initial(),
  block2: initial(),
  block3: initial(),
  block4: initial(),
  block5: initial(),
  block6: initial(),
  block7: initial(),
  block8: initial(),
  block9: initial(),
  block10: initial(),
  block11: initial(),
  last: norm(),
});
type Model = typeof model;
type Words = Tensor<['batch', 't=128'], 'i32'>;

export const transformer = layer((p: Model, words: Words): Tensor<['batch', 't=128', 'vocab=50257']> => {
  const x0 = p.words.take('vocab', words).add(p.places);
  const x1 = block(x0, p.block0);
  const x2 = block(x1, p.block1);
  const x3 = block(x2, p.block2);
  const x4 = block(x3, p.block3);
  const x5 = block(x4, p.block4);
  const x6 = block(x5, p.block5);
  const x7 = block(x6, p.block6);
  const x8 = block(x7, p.block7);
  const x9 = block(x8, p.block8);
  const x10 = block(x9, p.block9);
  const x11 = block(x10, p.block10);
  const x12 = block(x11, p.block11);
  return layerNorm(x12, p.last).matmul(p.words.T);
});

const loss = (p: Model, words: Words, next: Words): Tensor<[]> => softmaxCrossEntropy(transformer(p, words), next);

export const step = jit((p: Model, words: Words, next: Words) => {
  const { value, gradient } = valueAndGrad(loss)(p, words, next);
  return { loss: value, model: update(p, gradient, (w, g) => w.sub(g.mul(1e-3))) };
});

declare const words: Words;
export const stepped: { loss: Tensor<[]>; model: Model } = step(model, words, words);
export const down: Parameter<'block11.mlp.down.w', ['ff=3072', 'd=768']> = stepped.model.block11.mlp.down.w;
export const flat: Tensor<['t=128', 'd=768']> = grad(loss)(model, words, words).places;
