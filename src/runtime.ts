/** adjoint/runtime: runs compiled programs. No compiler, no graph. */
export type { DeviceChoice, DeviceKind } from './runtime/adapters/adapter.ts';
export { defaultSession, init } from './runtime/device.ts';
export { type DoctorReport, doctor, printDoctorReport } from './runtime/doctor.ts';
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
export { type DeviceInfo, type ExecuteOptions, openSession, type Session, type UploadOptions } from './runtime/session.ts';
export type { SessionStatistics } from './runtime/statistics.ts';
export type { DeviceTensor, TensorState } from './runtime/tensor.ts';
