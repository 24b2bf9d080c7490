/**
 * A tensor that can exist before there is a device: host data, or the result of a run that waits for the device to open.
 * Calls stay synchronous; only reading waits.
 *
 * Invariant: runs reach the session in the order in which they were called.
 */
import type { Program, Signature } from '../program/program.ts';
import { sameItems } from '../program/sameItems.ts';
import type { TensorType } from '../program/structure.ts';
import { type Dim, sizeOf } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import { evaluateSize } from '../types/size.ts';
import { checkInputs } from './checkInputs.ts';
import { defaultSession, openedSession } from './device.ts';
import type { HostArray } from './hostData.ts';
import type { ExecuteOptions, Session } from './session.ts';
import { type DescribedTensor, type DeviceTensor, requireUsable, type TensorState } from './tensor.ts';

type Source = { readonly host: HostArray } | { readonly device: DeviceTensor } | { readonly pending: Promise<DeviceTensor> };

/** Runs that wait for the device, and the last of them. */
let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** How many storage buffers a kernel binds at most: what the open device does, else what every device promises. */
export function bindableBuffers(): number {
  return Math.min(16, openedSession()?.info.limits.maxStorageBuffersPerShaderStage ?? 8);
}

export class DeferredTensor implements DescribedTensor {
  readonly shape: readonly Dim[];
  readonly sizes: readonly number[];
  readonly dtype: DType;
  readonly label: string;
  #source: Source;
  #state: TensorState = 'ready';
  #receiver = '';

  constructor(type: TensorType, sizes: readonly number[], label: string, source: Source) {
    this.shape = type.shape;
    this.dtype = type.dtype;
    this.sizes = sizes;
    this.label = label;
    this.#source = source;
    if ('pending' in source) {
      source.pending.then(
        (device) => {
          this.#source = { device };
        },
        () => {}, // whoever reads the tensor is told
      );
    }
  }

  /** Throws `TensorDisposedError` or `TensorDonatedError`. */
  requireUsable(operation: string): void {
    requireUsable(operation, this, this.#state, this.#receiver);
  }

  /** The tensor on the session's device; a promise only while the run that makes it waits for the device. */
  on(session: Session): DeviceTensor | Promise<DeviceTensor> {
    if ('pending' in this.#source) return this.#source.pending;
    if ('host' in this.#source) {
      const { host } = this.#source;
      this.#source = { device: session.upload(host, this.shape, this.sizes, this.dtype, { label: this.label, owned: true }) };
    }
    return this.#source.device;
  }

  async data(): Promise<HostArray> {
    this.requireUsable('data');
    if ('host' in this.#source) return this.#source.host.slice();
    return ('device' in this.#source ? this.#source.device : await this.#source.pending).data();
  }

  /** The same data under other dims of the same sizes. */
  withShape(shape: readonly Dim[]): DeferredTensor {
    if (sameItems(shape, this.shape)) return this;
    return new DeferredTensor({ shape, dtype: this.dtype }, this.sizes, this.label, this.#source);
  }

  donate(receiver: string): void {
    this.#state = 'donated';
    this.#receiver = receiver;
  }

  dispose(): void {
    if (this.#state !== 'ready') return;
    this.#state = 'disposed';
    const free = (): void => {
      if ('device' in this.#source) this.#source.device.dispose();
      if ('pending' in this.#source)
        void this.#source.pending.then(
          (device) => device.dispose(),
          () => {},
        );
    };
    // Runs that were called before still see it.
    if (waiting === 0) free();
    else void last.then(free);
  }
}

/** A program that is compiled when the device is open, since what it is depends on the device; then once. */
export interface Uncompiled extends Signature {
  compile(): Program;
}

const compiled = (program: Program | Uncompiled): Program => ('compile' in program ? program.compile() : program);

/**
 * Runs a program on the default session. Returns at once.
 * Errors: as `Session.execute`; while the device is still opening, those that depend on it come out of the results' `data()` instead.
 */
export function run(
  program: Program | Uncompiled,
  inputs: readonly DeferredTensor[],
  options: ExecuteOptions = {},
): readonly DeferredTensor[] {
  for (const input of inputs) input.requireUsable(program.name);
  const outputs = start(program, inputs, options);
  for (const index of options.donate ?? []) inputs[index]?.donate(program.name);
  return outputs;
}

function start(program: Program | Uncompiled, inputs: readonly DeferredTensor[], options: ExecuteOptions): readonly DeferredTensor[] {
  const session = openedSession();
  if (waiting === 0 && session !== undefined) {
    const tensors = inputs.map((input) => input.on(session));
    if (tensors.every(isDeviceTensor)) {
      const outputs = session.execute(compiled(program), tensors, options);
      return outputs.map((device) => new DeferredTensor(device, device.sizes, device.label, { device }));
    }
  }
  const symbols = checkInputs(program, inputs);
  waiting += 1;
  const previous = last;
  const results = (async () => {
    const session = await defaultSession();
    await previous;
    return session.execute(compiled(program), await Promise.all(inputs.map((input) => input.on(session))), options);
  })().finally(() => {
    waiting -= 1;
  });
  last = results.catch(() => {}); // whoever reads a result is told
  return program.outputs.map((port, index) => {
    const sizes = port.shape.map((dim) => evaluateSize(sizeOf(dim), symbols));
    // seam: a run has one result for each output
    const pending = results.then((tensors) => tensors[index] as DeviceTensor);
    return new DeferredTensor(port, sizes, `${program.name}: ${port.name}`, { pending });
  });
}

const isDeviceTensor = (tensor: DeviceTensor | Promise<DeviceTensor>): tensor is DeviceTensor => !(tensor instanceof Promise);
