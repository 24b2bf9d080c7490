/**
 * `adjoint/nn`: layers, losses, initialisers, optimizers and schedules, as plain functions of tensors and parameter structures.
 *
 * Invariant: everything here is written in the language itself, with its public face alone.
 */
export { elu, gelu, leakyRelu, mish, silu, softplus } from './activations.ts';
export {
  type AttentionOptions,
  causalMask,
  crossAttention,
  dotProductAttention,
  groupedDotProductAttention,
  groupedQueryAttention,
  multiHeadAttention,
  type SelfAttentionOptions,
} from './attention.ts';
export {
  type BatchNormOptions,
  batchNorm,
  batchNorm2d,
  batchNorm2dInference,
  batchNormInference,
  type Normalised,
  type Scale,
  type Statistics,
} from './batchNorm.ts';
export { channelBias1d, channelBias2d, globalMeanPool2d } from './channels.ts';
export { clipByGlobalNorm, clipByValue, globalNorm } from './clipping.ts';
export { dropout } from './dropout.ts';
export { embedding } from './embedding.ts';
export { type FanOptions, heNormal, heUniform, orthogonal, xavierNormal, xavierUniform } from './initialisers.ts';
export {
  attentionParameters,
  type DrawnBy,
  gruParameters,
  linearParameters,
  lstmParameters,
  normParameters,
  rnnParameters,
  statistics,
  transformerBlockParameters,
} from './layerParameters.ts';
export { linear } from './linear.ts';
export { binaryCrossEntropy, type CrossEntropyOptions, huber, meanSquaredError, softmaxCrossEntropy } from './losses.ts';
export { type LossScale, type LossScaling, type LossScalingOptions, lossScaling } from './lossScaling.ts';
export { layerNorm, type NormOptions, rmsNorm } from './norms.ts';
export {
  type AdamOptions,
  adam,
  adamW,
  type Decaying,
  type LionOptions,
  lion,
  type MomentumOptions,
  momentum,
  nesterov,
  type Optimizer,
  type OptimizerState,
  type Rated,
  type RmspropOptions,
  rmsprop,
  sgd,
} from './optimizers.ts';
export { type Gated, type Gru, gru, type LstmSequence, lstm, type Recurrent, rnn, type Sequence } from './recurrent.ts';
export { type RotaryTables, rotary, rotaryTables } from './rotary.ts';
export {
  constant,
  cosineDecay,
  exponentialDecay,
  type OneCycleOptions,
  oneCycle,
  type Schedule,
  stepwise,
  type WarmupOptions,
  warmupCosine,
} from './schedules.ts';
export { type TransformerBlock, type TransformerBlockOptions, transformerBlock } from './transformerBlock.ts';
export { lowRank, residual } from './wrappers.ts';
