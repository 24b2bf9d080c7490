/**
 * The face `adjoint/runtime`: makes tensors and runs compiled layers. No compiler, no graph.
 *
 * Invariant: nothing inside src imports this file.
 */
export type { CompiledLayer } from './program/compiledLayer.ts';
export type { Program } from './program/program.ts';
export type { DeviceChoice, DeviceKind } from './runtime/adapters/adapter.ts';
export { compiledLayer } from './runtime/compiledLayer.ts';
export { defaultSession, init } from './runtime/device.ts';
export {
  type AdapterAttempt,
  AdjointError,
  DeviceCommandError,
  DeviceLostError,
  DeviceUnavailableError,
  DTypeMismatchError,
  ForeignDeviceError,
  KernelCompileError,
  LimitExceededError,
  OutOfMemoryError,
  ShapeMismatchError,
  TensorDisposedError,
  TensorDonatedError,
} from './runtime/errors.ts';
export type { HostArray } from './runtime/hostData.ts';
export type { DeviceOptions } from './runtime/openDevice.ts';
export { full, ones, tensor, vjp, zeros } from './runtime/runtimeTensor.ts';
export { type DeviceInfo, type ExecuteOptions, openSession, type Session, type UploadOptions } from './runtime/session.ts';
export type { SessionStatistics } from './runtime/statistics.ts';
export type { DeviceTensor, TensorState } from './runtime/tensor.ts';
export { ShapeError } from './types/shapeError.ts';
export type { Tensor } from './types/tensor/tensor.ts';
