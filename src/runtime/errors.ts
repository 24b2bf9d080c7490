/**
 * What can go wrong at run time: one small class for each cause, with the figures as fields and the remedy in the sentence.
 *
 * Invariant: a message reads `<where>: <what is wrong>: <figures> (<what to try>)`, lower case, no full stop.
 */
import { AdjointError } from '../types/adjointError.ts';
import type { DType } from '../types/dtype.ts';

export { AdjointError };

/** What became of one way to find an adapter. */
export interface AdapterAttempt {
  /** Where it was looked for: `Dawn, GPU`, `@sparticuz/chromium`, `navigator.gpu`. */
  readonly source: string;
  /** The adapter's own description, if there was one. */
  readonly found?: string;
  readonly taken: boolean;
  readonly reason: string;
}

const softwareRemedy = 'for the software device run: npm i -D @sparticuz/chromium@147';
const installRemedy: Readonly<Record<'auto' | 'gpu' | 'software', string>> = {
  auto: `install a Vulkan driver for the GPU; ${softwareRemedy}`,
  gpu: 'install a Vulkan driver for the GPU, or unset ADJOINT_DEVICE to allow the software device',
  software: softwareRemedy,
};

/** No adapter of the wanted kind. `attempts` says where it was looked for. */
export class DeviceUnavailableError extends AdjointError {
  static override readonly name: string = 'DeviceUnavailableError';
  readonly wanted: 'auto' | 'gpu' | 'software';
  readonly attempts: readonly AdapterAttempt[];

  constructor(wanted: 'auto' | 'gpu' | 'software', attempts: readonly AdapterAttempt[], remedy = installRemedy[wanted]) {
    const tried = attempts.map(({ source, reason }) => `${source}: ${reason}`).join('; ');
    super(`init: no ${wanted === 'auto' ? 'usable' : wanted} device: ${tried} (${remedy})`);
    this.wanted = wanted;
    this.attempts = attempts;
  }
}

/** The device went away: driver reset, unplugged, or destroyed. What was pending is lost. */
export class DeviceLostError extends AdjointError {
  static override readonly name: string = 'DeviceLostError';
  readonly reason: string;

  constructor(device: string, reason: string, detail: string) {
    super(`device: '${device}' was lost: ${detail || reason} (create its tensors again: the next call opens a new device)`);
    this.reason = reason;
  }
}

/** The program needs more than the device offers. Thrown before anything is enqueued. */
export class LimitExceededError extends AdjointError {
  static override readonly name: string = 'LimitExceededError';
  readonly limit: string;
  readonly needed: number;
  readonly available: number;

  constructor(where: string, limit: string, needed: number, available: number, remedy: string) {
    super(`${where}: needs ${needed}, but the device's ${limit} is ${available} (${remedy})`);
    this.limit = limit;
    this.needed = needed;
    this.available = available;
  }
}

/** The device has no memory left. `byteLength` is what tensors hold. */
export class OutOfMemoryError extends AdjointError {
  static override readonly name: string = 'OutOfMemoryError';
  readonly byteLength: number;

  constructor(where: string, byteLength: number) {
    super(`${where}: the device is out of memory: ${byteLength} bytes are held by tensors (dispose of tensors, or use a smaller batch)`);
    this.byteLength = byteLength;
  }
}

/** What is wrong at a port, as fields; `what` is shape or dtype. */
class MismatchError<T extends string> extends AdjointError {
  readonly port: string;
  readonly expected: T;
  readonly got: T;

  constructor(what: string, where: string, port: string, expected: T, got: T, remedy: string) {
    super(`${where}: '${port}' has the wrong ${what}: expected ${expected}, got ${got} (${remedy})`);
    this.port = port;
    this.expected = expected;
    this.got = got;
  }
}

/** A tensor's sizes do not fit the port that it is given to. */
export class ShapeMismatchError extends MismatchError<string> {
  static override readonly name: string = 'ShapeMismatchError';
  constructor(where: string, port: string, expected: string, got: string, remedy: string) {
    super('shape', where, port, expected, got, remedy);
  }
}

/** A tensor's dtype is not that of the port that it is given to. */
export class DTypeMismatchError extends MismatchError<DType> {
  static override readonly name: string = 'DTypeMismatchError';
  constructor(where: string, port: string, expected: DType, got: DType, remedy: string) {
    super('dtype', where, port, expected, got, remedy);
  }
}

/** A tensor is used after it was disposed of. */
export class TensorDisposedError extends AdjointError {
  static override readonly name: string = 'TensorDisposedError';
  constructor(where: string, tensor: string) {
    super(`${where}: ${tensor} was disposed of (keep it until its last use)`);
  }
}

/** A tensor is used after its memory was given to a program. */
export class TensorDonatedError extends AdjointError {
  static override readonly name: string = 'TensorDonatedError';
  constructor(where: string, tensor: string, receiver: string) {
    super(
      `${where}: ${tensor} was donated to '${receiver}', which reuses its memory (use what '${receiver}' returned, or do not donate it)`,
    );
  }
}

/** A tensor that lives on another device. */
export class ForeignDeviceError extends AdjointError {
  static override readonly name: string = 'ForeignDeviceError';
  constructor(where: string, tensor: string, owner: string, device: string) {
    super(`${where}: ${tensor} lives on '${owner}', not on '${device}' (read it with data() and upload it there)`);
  }
}

/** The device refused a kernel's WGSL: a fault of the compiler that wrote it, or of the driver. */
export class KernelCompileError extends AdjointError {
  static override readonly name: string = 'KernelCompileError';
  readonly kernel: string;
  /** 1-based, in the WGSL after symbols got their sizes; 0 if the device gave none. */
  readonly line: number;
  readonly compilationInfo: readonly string[];

  constructor(kernel: string, line: number, source: string, compilationInfo: readonly string[]) {
    const quoted = source === '' ? '' : `: \`${source.trim()}\``;
    super(
      `kernel '${kernel}': line ${line} does not compile${quoted}: ${compilationInfo.join('; ')} (build the layer again; if that fails too, report it)`,
    );
    this.kernel = kernel;
    this.line = line;
    this.compilationInfo = compilationInfo;
  }
}

/** The device refused a command that the runtime thought valid: a fault of the runtime or of the program. */
export class DeviceCommandError extends AdjointError {
  static override readonly name: string = 'DeviceCommandError';
  constructor(where: string, detail: string) {
    super(`${where}: the device refused the run: ${detail} (report it, with what \`adjoint doctor\` prints)`);
  }
}
