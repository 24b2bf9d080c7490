/**
 * Buffers, kept by use and size when they are freed, so that a training loop allocates nothing once it is warm.
 *
 * Invariant: an idle buffer is used by no command that is still to be encoded. Its content is whatever was there: whoever takes it
 * writes all of it. A buffer of a failed batch may be invalid and is never handed out again.
 */
import { bufferUsage } from './gpuConstants.ts';
import type { Counters } from './statistics.ts';

export interface DeviceBuffer {
  /** Counts up: the younger, the larger. */
  readonly id: number;
  /** Its use and size, as one number. */
  readonly kind: number;
  readonly buffer: GPUBuffer;
  readonly byteLength: number;
  /** The buffer's own, kept here since asking the device takes longer. */
  label: string;
  broken: boolean;
}

/** More than any use. */
const usages = 0x400;

const defaultIdleLimit = 512 * 1024 * 1024;

export class BufferPool {
  readonly #device: GPUDevice;
  readonly #counters: Counters;
  readonly #idleLimit: number;
  /** By kind; the kind used last is the last one. */
  readonly #idle = new Map<number, DeviceBuffer[]>();
  #idleBytes = 0;
  #nextId = 0;
  #created: DeviceBuffer[] = [];

  constructor(device: GPUDevice, counters: Counters, idleLimit = defaultIdleLimit) {
    this.#device = device;
    this.#counters = counters;
    this.#idleLimit = idleLimit;
  }

  acquire(byteLength: number, label: string, usage: number = bufferUsage.storage): DeviceBuffer {
    const kind = byteLength * usages + usage;
    const idle = this.#idle.get(kind)?.pop();
    if (idle) {
      this.#idleBytes -= byteLength;
      if (idle.label !== label) idle.buffer.label = idle.label = label;
      return idle;
    }
    const buffer = this.#device.createBuffer({ label, size: byteLength, usage });
    this.#counters.buffersCreated += 1;
    this.#counters.bytesAllocated += byteLength;
    this.#nextId += 1;
    const created = { id: this.#nextId, kind, buffer, byteLength, label, broken: false };
    this.#created.push(created);
    return created;
  }

  /** The buffers created since the last call: if their batch fails, they may be invalid. */
  takeCreated(): readonly DeviceBuffer[] {
    const created = this.#created;
    this.#created = [];
    return created;
  }

  release(buffer: DeviceBuffer): void {
    if (buffer.broken) {
      this.#destroy(buffer);
      return;
    }
    const idle = this.#idle.get(buffer.kind) ?? [];
    // The oldest goes out first: runs that ask for the same sizes in the same order get the same buffers, and with them the same bind groups.
    if (idle.push(buffer) > 1) idle.sort((left, right) => right.id - left.id);
    this.#idle.delete(buffer.kind);
    this.#idle.set(buffer.kind, idle);
    this.#idleBytes += buffer.byteLength;
    if (this.#idleBytes > this.#idleLimit) this.#trim(this.#idleLimit);
  }

  /** After a failure: frees what is idle, broken buffers included, so that a second try has room. */
  clear(): void {
    this.#trim(0);
  }

  /** Destroys idle buffers, those of the kinds longest unused first, until at most `limit` bytes are idle. */
  #trim(limit: number): void {
    for (const [kind, idle] of this.#idle) {
      while (this.#idleBytes > limit) {
        const buffer = idle.pop();
        if (!buffer) break;
        this.#idleBytes -= buffer.byteLength;
        this.#destroy(buffer);
      }
      if (idle.length > 0) return;
      this.#idle.delete(kind);
    }
  }

  #destroy({ buffer, byteLength }: DeviceBuffer): void {
    this.#counters.bytesAllocated -= byteLength;
    buffer.destroy();
  }
}
