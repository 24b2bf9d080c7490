/**
 * A call of everything of `adjoint/nn` that has a price.
 *
 * Invariant: the table is total, so a layer without a published price does not compile.
 */
import type * as nn from 'adjoint/nn';
import { type Call, call } from './call.ts';

type Layer = { [name in keyof typeof nn]: (typeof nn)[name] extends (...args: never) => unknown ? name : never }[keyof typeof nn];

const x = { x: 'n$=4 m$=6' };
const sequence = { x: 'b$=2 t$=4 c$=8' };
const image = { x: 'n$ c$=3 h$=8 w$=8' };
const key = { key: '{Tensor<["key=2"], "u32">}' };
const both = { x: 'n$=4 m$=6', z: 'n$=4 m$=6' };
const scale = (dim: string) => `{{ gamma: Tensor<['${dim}']>; beta: Tensor<['${dim}']> }}`;
const running = (dim: string) => `{{ mean: Tensor<['${dim}']>; variance: Tensor<['${dim}']> }}`;
const gradient = { g: "{a.Gradient<{ w: Parameter<'w', ['m$=6', 'k$=5']>; b: Parameter<'b', ['k$=5']> }>}" };
const heads = { q: 'b$=2 h$=2 t$=4 e$=4', k: 'b$=2 h$=2 s$=3 e$=4', v: 'b$=2 h$=2 s$=3 f$=5' };
const state = 'n$=2 h$=4';

const activation = (name: string): readonly Call[] => [call(`nn.${name}(x$)`, x)];
const initialiser = (name: string): readonly Call[] => [call(`nn.${name}(key$, ['n$=4', 'm$=6'])`, key)];
const loss = (name: string): readonly Call[] => [call(`nn.${name}(x$, z$)`, both)];
const optimizer = (name: string): readonly Call[] => [call(`nn.${name}({ rate: 1e-3 })`, {})];

export const layers: { readonly [name in Layer]: readonly Call[] } = {
  linear: [
    call('nn.linear(x$, p$)', { ...x, p: "{{ w: Tensor<['m$=6', 'k$=5']>; b: Tensor<['k$=5']> }}" }),
    call('nn.linear(x$, p$)', { ...sequence, p: "{{ w: Parameter<'w', ['c$=8', 'k$=5']>; b: Parameter<'b', ['k$=5']> }}" }),
  ],
  layerNorm: [call('nn.layerNorm(x$, p$)', { ...sequence, p: scale('c$=8') })],
  rmsNorm: [call('nn.rmsNorm(x$, p$)', { ...sequence, p: scale('c$=8') })],
  batchNorm: [call('nn.batchNorm(x$, p$, r$)', { ...x, p: scale('m$=6'), r: running('m$=6') })],
  batchNormInference: [call('nn.batchNormInference(x$, p$, r$)', { ...x, p: scale('m$=6'), r: running('m$=6') })],
  batchNorm2d: [call('nn.batchNorm2d(x$, p$, r$)', { ...image, p: scale('c$=3'), r: running('c$=3') })],
  batchNorm2dInference: [call('nn.batchNorm2dInference(x$, p$, r$)', { ...image, p: scale('c$=3'), r: running('c$=3') })],
  channelBias1d: [call('nn.channelBias1d(x$, b$)', { x: 'n$ c$=3 t$=8', b: 'c$=3' })],
  channelBias2d: [call('nn.channelBias2d(x$, b$)', { ...image, b: 'c$=3' })],
  globalMeanPool2d: [call('nn.globalMeanPool2d(x$)', image)],
  embedding: [call('nn.embedding(i$, p$)', { i: 'b$=2 t$=4:i32', p: "{{ table: Tensor<['v$=9', 'c$=8']> }}" })],
  dropout: [call('nn.dropout(x$, 0.5, key$)', { ...x, ...key })],
  residual: [call('nn.residual(x$, (y) => y.relu())', x)],
  lowRank: [
    call('nn.lowRank(x$, p$)', {
      ...x,
      p: "{{ w: Tensor<['m$=6', 'k$=5']>; u: Tensor<['m$=6', 'rank$=2']>; v: Tensor<['rank$=2', 'k$=5']> }}",
    }),
  ],
  causalMask: [call('nn.causalMask(x$)', x)],
  dotProductAttention: [call('nn.dotProductAttention(q$, k$, v$)', heads)],
  groupedDotProductAttention: [call('nn.groupedDotProductAttention(q$, k$, v$)', { ...heads, q: 'b$=2 h$=2 g$=3 t$=4 e$=4' })],
  multiHeadAttention: [
    call('nn.multiHeadAttention(x$, p$)', {
      ...sequence,
      p: "{ReturnType<typeof nn.attentionParameters<'c$=8', 'h$=2', 'e$=4'>>}",
    }),
  ],
  crossAttention: [
    call('nn.crossAttention(x$, y$, p$)', {
      ...sequence,
      y: 'b$=2 s$=3 c$=8',
      p: "{ReturnType<typeof nn.attentionParameters<'c$=8', 'h$=2', 'e$=4'>>}",
    }),
  ],
  groupedQueryAttention: [
    call('nn.groupedQueryAttention(x$, p$)', {
      ...sequence,
      p: "{{ q: Tensor<['c$=8', 'h$=2', 'g$=3', 'e$=4']>; k: Tensor<['c$=8', 'h$=2', 'e$=4']>; v: Tensor<['c$=8', 'h$=2', 'f$=5']>; out: Tensor<['h$=2', 'g$=3', 'f$=5', 'o$=8']> }}",
    }),
  ],
  transformerBlock: [call('nn.transformerBlock(x$, p$)', { ...sequence, p: "{nn.TransformerBlock<'c$=8', 'h$=2', 'e$=4', 'f$=32'>}" })],
  rotaryTables: [call("nn.rotaryTables('t$=4', f$)", { f: "{a.Divides<2, 'e$=4'>}" })],
  rotary: [call('nn.rotary(x$, r$)', { x: 'b$=2 h$=2 t$=4 e$=4', r: "{nn.RotaryTables<'t$=4', 'e$=4'>}" })],
  rnn: [call('nn.rnn(x$, p$, h$)', { x: 'n$=2 t$=3 c$=8', p: "{nn.Recurrent<'c$=8', 'h$=4'>}", h: state })],
  gru: [call('nn.gru(x$, p$, h$)', { x: 'n$=2 t$=3 c$=8', p: "{nn.Gru<'c$=8', 'h$=4'>}", h: state })],
  lstm: [call('nn.lstm(x$, p$, { h: h$, c: h$ })', { x: 'n$=2 t$=3 c$=8', p: "{nn.Gated<'c$=8', 'h$=4', 'gate=4'>}", h: state })],
  leakyRelu: activation('leakyRelu'),
  elu: activation('elu'),
  silu: activation('silu'),
  softplus: activation('softplus'),
  mish: activation('mish'),
  gelu: activation('gelu'),
  softmaxCrossEntropy: [call('nn.softmaxCrossEntropy(x$, i$)', { ...x, i: 'n$=4:i32' }), call('nn.softmaxCrossEntropy(x$, z$)', both)],
  binaryCrossEntropy: loss('binaryCrossEntropy'),
  meanSquaredError: loss('meanSquaredError'),
  huber: loss('huber'),
  xavierUniform: initialiser('xavierUniform'),
  xavierNormal: initialiser('xavierNormal'),
  heUniform: initialiser('heUniform'),
  heNormal: initialiser('heNormal'),
  orthogonal: initialiser('orthogonal'),
  linearParameters: [call("nn.linearParameters(key$, { in: 'm$=6', out: 'k$=5' })", key)],
  normParameters: [call("nn.normParameters('c$=8')", {})],
  statistics: [call("nn.statistics('c$=8')", {})],
  attentionParameters: [call("nn.attentionParameters(key$, { in: 'c$=8', head: 'h$=2', headDim: 'e$=4' })", key)],
  transformerBlockParameters: [
    call("nn.transformerBlockParameters(key$, { model: 'c$=8', head: 'h$=2', headDim: 'e$=4', hidden: 'f$=32' })", key),
  ],
  rnnParameters: [call("nn.rnnParameters(key$, { in: 'c$=8', hidden: 'h$=4' })", key)],
  gruParameters: [call("nn.gruParameters(key$, { in: 'c$=8', hidden: 'h$=4' })", key)],
  lstmParameters: [call("nn.lstmParameters(key$, { in: 'c$=8', hidden: 'h$=4' })", key)],
  globalNorm: [call('nn.globalNorm(g$)', gradient)],
  clipByGlobalNorm: [call('nn.clipByGlobalNorm(g$, 1)', gradient)],
  clipByValue: [call('nn.clipByValue(g$, 1)', gradient)],
  lossScaling: [call('nn.lossScaling()', {})],
  sgd: optimizer('sgd'),
  momentum: optimizer('momentum'),
  nesterov: optimizer('nesterov'),
  rmsprop: optimizer('rmsprop'),
  adam: [
    ...optimizer('adam'),
    call('nn.adam({ rate: 1e-3 }).update(p$, g$, s$)', {
      p: "{{ w: Parameter<'w', ['m$=6', 'k$=5']>; b: Parameter<'b', ['k$=5']> }}",
      ...gradient,
      s: "{nn.OptimizerState<{ w: Parameter<'w', ['m$=6', 'k$=5']>; b: Parameter<'b', ['k$=5']> }, 'mean' | 'square'>}",
    }),
  ],
  adamW: optimizer('adamW'),
  lion: optimizer('lion'),
  constant: [call('nn.constant(1e-3)', {})],
  stepwise: [call('nn.stepwise({ rate: 1e-3, every: 10 })', {})],
  exponentialDecay: [call('nn.exponentialDecay({ rate: 1e-3, factor: 0.9 })', {})],
  cosineDecay: [call('nn.cosineDecay({ rate: 1e-3, steps: 100 })', {})],
  warmupCosine: [call('nn.warmupCosine({ rate: 1e-3, warmup: 10, steps: 100 })', {})],
  oneCycle: [call('nn.oneCycle({ rate: 1e-3, steps: 100 })', {})],
};
