/**
 * A device and everything kept for it: queue, pools, caches, plans. Several sessions can live side by side; tensors belong to one.
 *
 * Invariant: `execute` either throws and enqueues nothing, or returns tensors whose run is enqueued. It never waits.
 */
import type { Program } from '../program/program.ts';
import { type Dim, sizeOf } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import type { DeviceKind } from './adapters/adapter.ts';
import { checkInputs } from './checkInputs.ts';
import { CommandQueue, markFailed } from './commandQueue.ts';
import { type AdapterAttempt, DeviceLostError, ShapeMismatchError } from './errors.ts';
import { checkHostArray, fromDevice, type HostArray, storedBytes } from './hostData.ts';
import { type DeviceOptions, type OpenedDevice, openDevice, requestedLimits } from './openDevice.ts';
import { type DeviceAbilities, planRun, type RunPlan } from './planRun.ts';
import { showShape } from './showShape.ts';
import { newCounters, type SessionStatistics } from './statistics.ts';
import { DeviceTensor, type Storage, type TensorOwner } from './tensor.ts';

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

export interface UploadOptions {
  readonly label?: string;
  /** The caller will not touch `data` again, so it need not be copied. */
  readonly owned?: boolean;
}

export interface ExecuteOptions {
  /** Indices of inputs whose memory the run may write, and the session may use again after it. */
  readonly donate?: readonly number[];
}

let sessionCount = 0;

export class Session implements TensorOwner {
  readonly name: string;
  readonly info: DeviceInfo;
  /** Resolves when the device is gone, `close` included. */
  readonly lost: Promise<DeviceLostError>;
  /** Dawn's instance dies when nobody refers to it. */
  readonly #opened: OpenedDevice;
  readonly #abilities: DeviceAbilities;
  readonly #counters = newCounters();
  readonly #queue: CommandQueue;
  readonly #plans = new WeakMap<Program, Map<string, RunPlan>>();
  readonly #collected = new FinalizationRegistry<Storage>((storage) => this.release(storage));
  #loss: DeviceLostError | undefined;

  constructor(opened: OpenedDevice) {
    const { device, adapter, description, kind, attempts } = opened;
    const { vendor, architecture, subgroupMinSize, subgroupMaxSize } = adapter.info;
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
    this.#abilities = {
      limits: device.limits,
      features: device.features,
      subgroupSize: subgroupMinSize === subgroupMaxSize ? subgroupMinSize : undefined,
    };
    this.#queue = new CommandQueue(device, this.#counters, opened.onCompile);
    this.lost = device.lost.then(({ reason, message }) => {
      this.#loss = new DeviceLostError(this.name, reason, message);
      this.#queue.fail(this.#loss);
      return this.#loss;
    });
  }

  /** For code that needs WebGPU itself: benches, tuning. */
  get device(): GPUDevice {
    return this.#opened.device;
  }

  get isLost(): boolean {
    return this.#loss !== undefined;
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
    const elements = sizes.reduce((product, size) => product * size, 1);
    if (data.length !== elements) {
      throw wrong(`${elements} elements for ${showShape(shape, sizes)}`, `${data.length}`, 'check the length of the data, or the shape');
    }
    const storage = newStorage(label, dtype, elements, 'ready');
    storage.host = options.owned ? data : data.slice();
    return this.#tensor(shape, sizes, storage);
  }

  /**
   * Enqueues one run of `program`. Returns a tensor for each of its outputs at once; reading one waits for the run.
   * Errors: `ShapeMismatchError`, `DTypeMismatchError`, `ForeignDeviceError`, `TensorDisposedError`, `TensorDonatedError`,
   * `LimitExceededError`, `DeviceLostError`. What is found out later (`KernelCompileError`, `OutOfMemoryError`) comes out of `data()`.
   */
  execute(program: Program, inputs: readonly DeviceTensor[], options: ExecuteOptions = {}): readonly DeviceTensor[] {
    if (this.#loss) throw this.#loss;
    const symbols = checkInputs(program, inputs, this);
    const plan = this.#plan(program, symbols);
    const inputStorages = inputs.map(({ storage }) => storage);
    const outputs = program.outputs.map(({ name, shape, dtype }, index) => {
      const sizes = plan.outputSizes[index] ?? [];
      const elements = sizes.reduce((product, size) => product * size, 1);
      return this.#tensor(shape, sizes, newStorage(`${program.name}: ${name}`, dtype, elements, 'pending'));
    });
    const failed = inputStorages.find(({ error }) => error)?.error;
    if (failed) for (const { storage } of outputs) markFailed(storage, failed);
    const donated = new Set((options.donate ?? []).flatMap((index) => inputStorages[index] ?? []));
    for (const storage of donated) {
      storage.state = 'donated';
      storage.receiver = program.name;
      this.#collected.unregister(storage);
    }
    this.#queue.enqueue({
      kind: 'run',
      label: program.name,
      program,
      plan,
      inputs: inputStorages,
      outputs: outputs.map(({ storage }) => storage),
      donated: [...donated],
    });
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

  #tensor(shape: readonly Dim[], sizes: readonly number[], storage: Storage): DeviceTensor {
    const tensor = new DeviceTensor(this, shape, sizes, storage.dtype, storage);
    this.#collected.register(tensor, storage, storage);
    return tensor;
  }

  #plan(program: Program, symbols: Readonly<Record<string, number>>): RunPlan {
    const plans = this.#plans.get(program) ?? new Map<string, RunPlan>();
    this.#plans.set(program, plans);
    const key = program.symbols.map((symbol) => symbols[symbol]).join(' ');
    const known = plans.get(key);
    if (known) return known;
    const plan = planRun(program, symbols, this.#abilities);
    plans.set(key, plan);
    return plan;
  }
}

function newStorage(label: string, dtype: DType, elements: number, state: 'pending' | 'ready'): Storage {
  return {
    label,
    dtype,
    elements,
    byteLength: storedBytes(elements, dtype),
    state,
    host: undefined,
    buffer: undefined,
    error: undefined,
    receiver: '',
  };
}

/** Opens a device for a session of its own. Errors: `DeviceUnavailableError`. */
export async function openSession(options: DeviceOptions = {}): Promise<Session> {
  return new Session(await openDevice(options));
}
