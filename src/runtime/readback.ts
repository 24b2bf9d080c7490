/**
 * From the device to the host, through staging buffers that are used again.
 *
 * Invariant: everything read in one batch shares as few staging buffers as fit, so many reads cost one `mapAsync`.
 */
import type { DeviceBuffer } from './bufferPool.ts';
import { bufferUsage, mapModeRead } from './gpuConstants.ts';
import type { Counters } from './statistics.ts';

interface Staging {
  readonly buffer: GPUBuffer;
  readonly byteLength: number;
}

/** A staging buffer after the copies into it are encoded. */
export interface Transfer {
  /** Call after the submit. The bytes of each source, in order. Rejects when the device is lost. */
  map(): Promise<ArrayBuffer[]>;
}

const smallestStaging = 4096;
const idleStagingLimit = 4;

export class Readback {
  readonly #device: GPUDevice;
  readonly #counters: Counters;
  /** Longest unused first. */
  readonly #ring: Staging[] = [];

  constructor(device: GPUDevice, counters: Counters) {
    this.#device = device;
    this.#counters = counters;
  }

  /** Encodes copies of all the sources into one staging buffer. Their total must be within the device's `maxBufferSize`. */
  copy(encoder: GPUCommandEncoder, sources: readonly DeviceBuffer[]): Transfer {
    const total = sources.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const staging = this.#acquire(total);
    let offset = 0;
    for (const { buffer, byteLength } of sources) {
      encoder.copyBufferToBuffer(buffer, 0, staging.buffer, offset, byteLength);
      offset += byteLength;
    }
    return { map: () => this.#map(staging, total, sources) };
  }

  async #map(staging: Staging, total: number, sources: readonly DeviceBuffer[]): Promise<ArrayBuffer[]> {
    await staging.buffer.mapAsync(mapModeRead, 0, total);
    const mapped = staging.buffer.getMappedRange(0, total);
    let offset = 0;
    const parts = sources.map(({ byteLength }) => {
      offset += byteLength;
      return mapped.slice(offset - byteLength, offset);
    });
    staging.buffer.unmap();
    this.#ring.push(staging);
    if (this.#ring.length > idleStagingLimit) {
      const oldest = this.#ring.shift();
      if (oldest) this.#counters.bytesAllocated -= oldest.byteLength;
      oldest?.buffer.destroy();
    }
    return parts;
  }

  #acquire(total: number): Staging {
    const byteLength = Math.min(Math.max(smallestStaging, 2 ** Math.ceil(Math.log2(total))), this.#device.limits.maxBufferSize);
    const at = this.#ring.findIndex((staging) => staging.byteLength === byteLength);
    const [idle] = at < 0 ? [] : this.#ring.splice(at, 1);
    if (idle) return idle;
    const usage = bufferUsage.mapRead | bufferUsage.copyTarget;
    const buffer = this.#device.createBuffer({ label: `staging ${byteLength}`, size: byteLength, usage });
    this.#counters.buffersCreated += 1;
    this.#counters.bytesAllocated += byteLength;
    return { buffer, byteLength };
  }
}
