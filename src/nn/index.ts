/**
 * `adjoint/nn`: layers, losses, initialisers, optimizers and schedules, as plain functions of tensors and parameter structures.
 *
 * Invariant: everything here is written in the language itself, with its public face alone.
 */
export { elu, leakyRelu } from './activations.ts';
export { clipByGlobalNorm, clipByValue, globalNorm } from './clipping.ts';
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
