/**
 * The public face: the language, its transformations, and the types.
 *
 * Invariant: nothing inside src imports this file.
 */
export { type AccumulateOptions, accumulate } from './language/accumulate.ts';
export { checkpoint } from './language/checkpoint.ts';
export { choose } from './language/choose.ts';
export { arange, eye, full, ones, randn, tensor, uniform, zeros } from './language/creation.ts';
export { customVjp } from './language/customVjp.ts';
export { rearrange, reduce, repeat } from './language/einops.ts';
export { einsum } from './language/einsum.ts';
export { expr } from './language/expr.ts';
export { indices, oneHotLike } from './language/indices.ts';
export { type JitOptions, jit } from './language/jit.ts';
export { concat, stack } from './language/join.ts';
export { type LayerOptions, layer } from './language/layer.ts';
export { mapGradient, parameters, sumOver, update, updateWithState, zerosLike } from './language/parameters.ts';
export { foldIn, key, randomBits, randomNormal, randomUniform, splitKey } from './language/random.ts';
export { divides } from './language/rearrange.ts';
export { scan } from './language/scan.ts';
export { grad, valueAndGrad, vjp } from './language/vjp.ts';
export { where } from './language/where.ts';
export { init } from './runtime/device.ts';
export * from './runtime/errors.ts';
export type { DeviceOptions } from './runtime/openDevice.ts';
export type { DeviceInfo } from './runtime/session.ts';
export type { Dim } from './types/dim.ts';
export type { DType, FloatingDType } from './types/dtype.ts';
export type { Draw, Key } from './types/random.ts';
export type { Divides, Quotient } from './types/rules/divides.ts';
export type { Kept } from './types/rules/kept.ts';
export type { withName as WithName } from './types/rules/rename.ts';
export type { legalShape as LegalShape } from './types/rules/shape.ts';
export type { sizedShape as SizedShape } from './types/rules/sized.ts';
export type { Shape } from './types/shape.ts';
export { type Refused, ShapeError } from './types/shapeError.ts';
export type { AnyTensor } from './types/tensor/operand.ts';
export type { GradientOf, NamedParameters, Parameter, ParametersOf } from './types/tensor/parameter.ts';
export type { Tensor } from './types/tensor/tensor.ts';
export type {
  Arguments,
  Cotangent,
  Gradient,
  Pullback,
  Rule,
  RuleWithState,
  Saving,
  State,
  Updated,
  ValueAndGradient,
} from './types/transform.ts';
