/** Layers, losses and optimizers: of any rank, with sizes as literals and symbols, in generic bodies, on parameters. */
import { type Dim, divides, jit, key, layer, ones, parameters, type Tensor, valueAndGrad, zeros } from 'adjoint';
import {
  adam,
  batchNorm,
  channelBias2d,
  clipByGlobalNorm,
  crossAttention,
  dropout,
  embedding,
  gelu,
  groupedQueryAttention,
  gru,
  gruParameters,
  heNormal,
  layerNorm,
  linear,
  lowRank,
  lstm,
  lstmParameters,
  multiHeadAttention,
  normParameters,
  orthogonal,
  residual,
  rmsNorm,
  rotaryTables,
  softmaxCrossEntropy,
  statistics,
  type TransformerBlock,
  transformerBlock,
  transformerBlockParameters,
  warmupCosine,
  xavierUniform,
} from 'adjoint/nn';

declare const rows: Tensor<['batch', 'in=4']>;
declare const sequences: Tensor<['batch', 't=3', 'in=4']>;
const p = parameters({ w: ones(['in=4', 'out=5']), b: zeros(['out=5']) });

export const matrix: Tensor<['batch', 'out=5']> = linear(rows, p);
export const sequence: Tensor<['batch', 't=3', 'out=5']> = linear(sequences, p);
export const unbiased: Tensor<['batch', 'out=5']> = linear(rows, { w: p.w });
export const normal: Tensor<['batch', 't=3', 'in=4']> = rmsNorm(layerNorm(sequences, { gamma: ones(['in=4']), beta: zeros(['in=4']) }), {
  gamma: ones(['in=4']),
});

/** Two layers, once for all sizes. */
export const perceptron = layer(
  <N extends Dim, I extends Dim, H extends Dim, O extends Dim>(
    x: Tensor<[N, I]>,
    q: { first: { w: Tensor<[I, H]>; b: Tensor<[H]> }; norm: { gamma: Tensor<[H]>; beta: Tensor<[H]> }; last: { w: Tensor<[H, O]> } },
  ): Tensor<[N, O]> => linear(layerNorm(linear(x, q.first), q.norm).relu(), q.last),
);

const optimizer = adam({ rate: warmupCosine({ rate: 1e-3, warmup: 10, steps: 100 }) });
const initial = optimizer.initialise(p);
export const step = jit((q: typeof p, state: typeof initial, labels: Tensor<['batch'], 'i32'>, rate: Tensor<[]>) => {
  const { value, gradient } = valueAndGrad((r: typeof p) => softmaxCrossEntropy(linear(rows, r), labels, { labelSmoothing: 0.1 }))(q);
  return { loss: value, ...optimizer.update(q, clipByGlobalNorm(gradient, 1), state, rate) };
});
declare const labels: Tensor<['batch'], 'i32'>;
const { loss, parameters: next, state } = step(p, initial, labels, ones([]));
export const after: [Tensor<[]>, typeof p, typeof initial] = [loss, next, state];
export const sequenceLoss: Tensor<[]> = softmaxCrossEntropy(sequence, zeros(['batch', 't=3'], 'i32'));
export const weighted: Tensor<[]> = softmaxCrossEntropy(matrix, ones(['batch', 'out=5']));

// Attention: of literal and of symbolic lengths, with a mask, grouped, and within a block.
const block = parameters(transformerBlockParameters(key(1), { model: 'c=8', head: 'head=2', headDim: 'e=4', hidden: 'f=32' }));
declare const tokens: Tensor<['batch', 't=16', 'c=8']>;
declare const open: Tensor<['batch', 't', 'c=8']>;
const tables = rotaryTables('t=16', divides(2, 'e=4'));
export const attended: Tensor<['batch', 't=16', 'c=8']> = multiHeadAttention(tokens, block.attention, { causal: true, rotary: tables });
export const masked: Tensor<['batch', 't', 'c=8']> = multiHeadAttention(open, block.attention, { mask: ones(['t', 'key=t'], 'bool') });
export const deeper: Tensor<['batch', 't=16', 'c=8']> = transformerBlock(transformerBlock(tokens, block), block, { causal: true });
export const grouped: Tensor<['batch', 't=16', 'out=8']> = groupedQueryAttention(tokens, {
  q: ones(['c=8', 'head=2', 'group=3', 'e=4']),
  k: ones(['c=8', 'head=2', 'e=4']),
  v: ones(['c=8', 'head=2', 'f=5']),
  out: ones(['head=2', 'group=3', 'f=5', 'out=8']),
});
export const crossed: Tensor<['batch', 't=16', 'c=8']> = crossAttention(tokens, ones(['batch', 'source=3', 'c=8']), block.attention);

/** Generic bodies call the layers, too. */
export const twice = <B extends Dim, T extends Dim, C extends Dim, H extends Dim, E extends Dim, F extends Dim>(
  x: Tensor<[B, T, C]>,
  p: TransformerBlock<C, H, E, F>,
): Tensor<[B, T, C]> => transformerBlock(transformerBlock(x, p), p);

// The others.
export const words: Tensor<['batch', 't=3', 'c=8']> = embedding(zeros(['batch', 't=3'], 'i32'), { table: ones(['word=9', 'c=8']) });
const memory = lstmParameters(key(2), { in: 'c=8', hidden: 'h=4' });
const still = zeros(['n=2', 'h=4']);
export const sequences2: Tensor<['n=2', 't=3', 'h=4']> = lstm(ones(['n=2', 't=3', 'c=8']), memory, { h: still, c: still }).y;
export const last: Tensor<['n=2', 'h=4']> = gru(ones(['n=2', 't=3', 'c=8']), gruParameters(key(3), { in: 'c=8', hidden: 'h=4' }), still).h;
const batch = batchNorm(ones(['batch', 'c=8']), normParameters('c=8'), statistics('c=8'));
export const normalised: [Tensor<['batch', 'c=8']>, Tensor<['c=8']>] = [batch.y, batch.running.mean];
export const images: Tensor<['n', 'o=4', 'h=8', 'w=8']> = channelBias2d(
  ones(['n', 'c=3', 'h=8', 'w=8']).conv2d(heNormal(key(4), ['o=4', 'c=3', 3, 3], { inputs: 'convolution' }), { padding: 1 }),
  zeros(['o=4']),
);
export const activated: Tensor<['n', 'c=3']> = dropout(
  residual(gelu(ones(['n', 'c=3'])), (y) => y.softmax('c')),
  0.5,
  key(5),
);
export const changed: Tensor<['n', 'out=4']> = lowRank(ones(['n', 'in=3']), {
  w: orthogonal(key(6), ['in=3', 'out=4']),
  u: xavierUniform(key(7), ['in=3', 'rank=2']),
  v: zeros(['rank=2', 'out=4']),
});
