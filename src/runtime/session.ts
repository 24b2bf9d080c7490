/**
 * A device and everything kept for it: queue, pools, caches, plans. Several sessions can live side by side; tensors belong to one.
 *
 * Invariant: `execute` either throws and enqueues nothing, or returns tensors whose run is enqueued. It never waits.
 */
import type { Program } from '../program/program.ts';
import { sameItems } from '../program/sameItems.ts';
import type { TensorType } from '../program/structure.ts';
import { type Dim, sizeOf } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import type { DeviceKind } from './adapters/adapter.ts';
import { checkInputs } from './checkInputs.ts';
import { markFailed } from './command.ts';
import { CommandQueue } from './commandQueue.ts';
import { type AdapterAttempt, DeviceLostError, ForeignDeviceError, ShapeMismatchError } from './errors.ts';
import { checkHostArray, elementCount, fromDevice, type HostArray, storedBytes } from './hostData.ts';
import { type DeviceOptions, type OpenedDevice, openDevice, requestedLimits } from './openDevice.ts';
import { abilitiesOf, type DeviceAbilities, type OutputPlan, planRun, type RunPlan } from './planRun.ts';
import { showShape } from './showShape.ts';
import { newCounters, type SessionStatistics } from './statistics.ts';
import { DeviceTensor, describeTensor, type Storage, type TensorOwner } from './tensor.ts';

/** What a person or a cache of tuning results wants to know of a device. */
export interface DeviceInfo {
  readonly description: string;
  readonly kind: DeviceKind;
  readonly vendor: string;
  readonly architecture: string;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  readonly attempts: readonly AdapterAttempt[];
}

/** A label for what is uploaded, and whether its data may be kept. */
export interface UploadOptions {
  readonly label?: string;
  /** The caller will not touch `data` again, so it need not be copied. */
  readonly owned?: boolean;
}

/** What a run may write over. */
export interface ExecuteOptions {
  /** Indices of inputs whose memory the run may write, and the session may use again after it. */
  readonly donate?: readonly number[];
}

/** A plan, and the inputs that it was found to fit. */
interface FittingPlan {
  readonly sizes: readonly (readonly number[])[];
  readonly plan: RunPlan;
}

const fits = (sizes: FittingPlan['sizes'], ports: Program['inputs'], inputs: readonly DeviceTensor[]): boolean =>
  inputs.length === ports.length &&
  inputs.every((input, index) => input.dtype === ports[index]?.dtype && sameItems(input.sizes, sizes[index] ?? []));

let sessionCount = 0;

/** An open device with its queue and its caches. `openSession` opens one; `defaultSession` is what tensors use by themselves. */
export class Session implements TensorOwner {
  readonly name: string;
  readonly info: DeviceInfo;
  /** Resolves when the device is gone, `close` included. */
  readonly lost: Promise<DeviceLostError>;
  /** Dawn's instance dies when nobody refers to it. */
  readonly #opened: OpenedDevice;
  /** What kernels may ask for. Of the adapter: Dawn's devices list no subgroup matrices. */
  readonly abilities: DeviceAbilities;
  readonly #counters = newCounters();
  readonly #queue: CommandQueue;
  readonly #plans = new WeakMap<Program, readonly FittingPlan[]>();
  readonly #collected = new FinalizationRegistry<Storage>((storage) => this.release(storage));
  /** Made in this tick; what is gone by its end need not be watched. */
  #fresh: DeviceTensor[] = [];
  /** Why the device is gone. @internal */
  loss: DeviceLostError | undefined;

  constructor(opened: OpenedDevice) {
    const { device, adapter, description, kind, attempts } = opened;
    const { vendor, architecture } = adapter.info;
    sessionCount += 1;
    this.name = `${description}, session ${sessionCount}`;
    this.info = {
      description,
      kind,
      vendor,
      architecture,
      features: [...device.features].sort(),
      limits: Object.fromEntries(requestedLimits.map((name) => [name, device.limits[name]])),
      attempts,
    };
    this.#opened = opened;
    this.abilities = abilitiesOf(device, adapter.info);
    this.#queue = new CommandQueue(device, this.#counters, opened.onCompile);
    this.lost = device.lost.then(({ reason, message }) => {
      this.loss = new DeviceLostError(this.name, reason, message);
      this.#queue.fail(this.loss);
      return this.loss;
    });
  }

  /** For code that needs WebGPU itself: benches, tuning. */
  get device(): GPUDevice {
    return this.#opened.device;
  }

  get isLost(): boolean {
    return this.loss !== undefined;
  }

  statistics(): SessionStatistics {
    return { ...this.#counters };
  }

  /**
   * A tensor of these elements, in row-major order. They travel to the device with the first run that uses them.
   * Errors: `ShapeMismatchError` if the length is not the product of the sizes, or a literal dim differs from its size;
   * `DTypeMismatchError` if the array's type does not hold `dtype`.
   */
  upload(data: HostArray, shape: readonly Dim[], sizes: readonly number[], dtype: DType, options: UploadOptions = {}): DeviceTensor {
    const label = options.label ?? 'tensor';
    const where = `upload of '${label}'`;
    checkHostArray(where, data, dtype);
    const wrong = (expected: string, got: string, remedy: string) => new ShapeMismatchError(where, 'data', expected, got, remedy);
    if (sizes.some((size) => !Number.isInteger(size) || size < 1)) {
      throw wrong('sizes that are whole and positive', `[${sizes.join(', ')}]`, 'leave out tensors with an empty axis');
    }
    const literals = shape.map(sizeOf);
    if (shape.length !== sizes.length || literals.some((size, axis) => typeof size === 'number' && size !== sizes[axis])) {
      throw wrong(showShape(shape, {}), `[${sizes.join(', ')}]`, 'give the sizes that the shape names');
    }
    const elements = elementCount(sizes);
    if (data.length !== elements) {
      throw wrong(`${elements} elements for ${showShape(shape, sizes)}`, `${data.length}`, 'check the length of the data, or the shape');
    }
    return this.#tensor({ label, sizes, elements }, { shape, dtype }, options.owned ? data : data.slice());
  }

  /**
   * Enqueues one run of `program`. Returns a tensor for each of its outputs at once; reading one waits for the run.
   * Errors: `ShapeMismatchError`, `DTypeMismatchError`, `ForeignDeviceError`, `TensorDisposedError`, `TensorDonatedError`,
   * `LimitExceededError`, `DeviceLostError`. What is found out later (`KernelCompileError`, `OutOfMemoryError`) comes out of `data()`.
   */
  execute(program: Program, inputs: readonly DeviceTensor[], options: ExecuteOptions = {}): readonly DeviceTensor[] {
    if (this.loss) throw this.loss;
    const plan = this.#plan(program, inputs);
    for (const [index, tensor] of inputs.entries()) {
      tensor.requireUsable(program.name);
      if (tensor.session === this) continue;
      if (tensor.session.loss) throw tensor.session.loss;
      const what = `'${program.inputs[index]?.name}', ${describeTensor(tensor)},`;
      throw new ForeignDeviceError(program.name, what, tensor.session.name, this.name);
    }
    const inputStorages = inputs.map(({ storage }) => storage);
    const outputs = plan.outputs.map((output, index) => this.#tensor(output, program.outputs[index] as TensorType));
    const failed = inputStorages.find(({ error }) => error)?.error;
    const outputStorages = outputs.map(({ storage }) => storage);
    if (failed) markFailed(outputStorages, failed);
    const donated: Storage[] = [];
    for (const index of options.donate ?? []) {
      const storage = inputStorages[index];
      if (storage === undefined || storage.state === 'donated') continue;
      storage.state = 'donated';
      storage.receiver = program.name;
      this.#collected.unregister(storage);
      donated.push(storage);
    }
    this.#queue.enqueue({ kind: 'run', label: program.name, program, plan, inputs: inputStorages, outputs: outputStorages, donated });
    return outputs;
  }

  /** @internal */
  async read(storage: Storage): Promise<HostArray> {
    if (storage.error) throw storage.error;
    if (storage.host) return storage.host.slice();
    const bytes = await new Promise<ArrayBuffer>((resolve, reject) => this.#queue.enqueue({ kind: 'read', storage, resolve, reject }));
    return fromDevice(bytes, storage.dtype, storage.elements);
  }

  /** @internal */
  release(storage: Storage): void {
    this.#collected.unregister(storage);
    this.#queue.enqueue({ kind: 'release', storage });
  }

  /** Destroys the device. What is pending rejects with `DeviceLostError`. Never needed for a clean exit. */
  close(): void {
    this.#opened.device.destroy();
  }

  /** With the host's data, or without until its run is encoded. */
  #tensor({ label, sizes, elements }: OutputPlan, { shape, dtype }: TensorType, host?: HostArray): DeviceTensor {
    const storage: Storage = {
      label,
      dtype,
      elements,
      byteLength: storedBytes(elements, dtype),
      state: host ? 'ready' : 'pending',
      host,
      buffer: undefined,
      error: undefined,
      receiver: '',
    };
    const tensor = new DeviceTensor(this, shape, sizes, dtype, storage);
    if (this.#fresh.push(tensor) === 1) queueMicrotask(() => this.#watch());
    return tensor;
  }

  /** What the program leaves to the collector is released then. */
  #watch(): void {
    for (const tensor of this.#fresh.splice(0)) {
      const { state, storage } = tensor;
      if (state !== 'disposed' && state !== 'donated') this.#collected.register(tensor, storage, storage);
    }
  }

  /** Of earlier runs, if the inputs are like theirs; else they are checked. */
  #plan(program: Program, inputs: readonly DeviceTensor[]): RunPlan {
    const plans = this.#plans.get(program) ?? [];
    const known = plans.find(({ sizes }) => fits(sizes, program.inputs, inputs));
    if (known) return known.plan;
    const plan = planRun(program, checkInputs(program, inputs), this.abilities);
    this.#plans.set(program, [...plans, { sizes: inputs.map(({ sizes }) => sizes), plan }]);
    return plan;
  }
}

/** Opens a device for a session of its own. Errors: `DeviceUnavailableError`. */
export async function openSession(options: DeviceOptions = {}): Promise<Session> {
  return new Session(await openDevice(options));
}
