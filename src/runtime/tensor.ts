/**
 * A tensor on a device: data on its way there, or the result of a run.
 *
 * Invariant: the storage has one owner, its tensor. When the tensor is disposed of, donated or collected, the storage goes back to the
 * session's pool after the last command that was enqueued before.
 */
import type { TensorType } from '../program/structure.ts';
import type { Dim } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import type { DeviceBuffer } from './bufferPool.ts';
import { type DeviceLostError, TensorDisposedError, TensorDonatedError } from './errors.ts';
import type { HostArray } from './hostData.ts';
import { showShape } from './showShape.ts';

/** `pending`: its run is not yet encoded. `ready`: it can be read without waiting for another run to be encoded. */
export type TensorState = 'pending' | 'ready' | 'disposed' | 'donated' | 'failed';

/** What a tensor holds on to; shared with the runs that use it. */
export interface Storage {
  readonly label: string;
  readonly dtype: DType;
  readonly elements: number;
  readonly byteLength: number;
  state: TensorState;
  /** The data until it is uploaded. */
  host: HostArray | undefined;
  buffer: DeviceBuffer | undefined;
  /** Why there is nothing to read. */
  error: Error | undefined;
  /** The program that took it over. */
  receiver: string;
}

/** The session, as far as a tensor needs it. */
export interface TensorOwner {
  /** For messages: the device's description and the session's number. */
  readonly name: string;
  /** Why the device is gone. @internal */
  readonly loss: DeviceLostError | undefined;
  /** @internal */
  read(storage: Storage): Promise<HostArray>;
  /** @internal */
  release(storage: Storage): void;
}

/** A tensor in the memory of one session. */
export class DeviceTensor {
  readonly shape: readonly Dim[];
  readonly sizes: readonly number[];
  readonly dtype: DType;
  readonly session: TensorOwner;
  /** @internal */
  readonly storage: Storage;

  /** Tensors are made by `session.upload` and `session.execute`. */
  constructor(session: TensorOwner, shape: readonly Dim[], sizes: readonly number[], dtype: DType, storage: Storage) {
    this.session = session;
    this.shape = shape;
    this.sizes = sizes;
    this.dtype = dtype;
    this.storage = storage;
  }

  get label(): string {
    return this.storage.label;
  }

  get state(): TensorState {
    return this.storage.state;
  }

  /** Throws `TensorDisposedError` or `TensorDonatedError`. @internal */
  requireUsable(where: string): void {
    requireUsable(where, this, this.state, this.storage.receiver);
  }

  /**
   * The elements in row-major order, in an array of the caller's own. bool gives a Uint8Array of 0 and 1.
   * Errors: whatever made its run fail; `TensorDisposedError`, `TensorDonatedError`.
   */
  async data(): Promise<HostArray> {
    this.requireUsable('data');
    return this.session.read(this.storage);
  }

  /** Frees the storage now instead of when the tensor is collected. Runs that were enqueued before still see it. Does nothing the second time. */
  dispose(): void {
    const { storage } = this;
    if (storage.state === 'disposed' || storage.state === 'donated') return;
    storage.state = 'disposed';
    this.session.release(storage);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** What messages say of a tensor. */
export interface DescribedTensor extends TensorType {
  readonly label: string;
  readonly sizes: readonly number[];
}

/** `'y' f32[n=3, out=2]` */
export function describeTensor({ label, dtype, shape, sizes }: DescribedTensor): string {
  return `'${label}' ${dtype}${showShape(shape, sizes)}`;
}

/** Throws if the tensor's memory is no longer its own: a `TensorDisposedError`, or a `TensorDonatedError` that names the receiver. */
export function requireUsable(where: string, tensor: DescribedTensor, state: TensorState, receiver: string): void {
  if (state === 'disposed') throw new TensorDisposedError(where, describeTensor(tensor));
  if (state === 'donated') throw new TensorDonatedError(where, describeTensor(tensor), receiver);
}
