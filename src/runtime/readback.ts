/**
 * From the device to the host, through staging buffers that are used again.
 *
 * Invariant: everything read in one batch shares as few staging buffers as fit, so many reads cost one `mapAsync`.
 */
import type { BufferPool, DeviceBuffer } from './bufferPool.ts';
import { bufferUsage, mapModeRead } from './gpuConstants.ts';

/** Call after the submit. The bytes of each source, in order. Rejects when the device is lost. */
export type Transfer = () => Promise<ArrayBuffer[]>;

const smallestStaging = 4096;

/** Encodes copies of all the sources into one staging buffer. Their total must be within the device's `maxBufferSize`. */
export function copyOut(encoder: GPUCommandEncoder, sources: readonly DeviceBuffer[], pool: BufferPool, maxBufferSize: number): Transfer {
  const total = sources.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const size = Math.min(Math.max(smallestStaging, 2 ** Math.ceil(Math.log2(total))), maxBufferSize);
  const staging = pool.acquire(size, `staging ${size}`, bufferUsage.staging);
  let end = 0;
  const ranges = sources.map(({ buffer, byteLength }) => {
    const start = end;
    end += byteLength;
    encoder.copyBufferToBuffer(buffer, 0, staging.buffer, start, byteLength);
    return [start, end] as const;
  });
  return async () => {
    await staging.buffer.mapAsync(mapModeRead, 0, total);
    const mapped = staging.buffer.getMappedRange(0, total);
    const parts = ranges.map((range) => mapped.slice(...range));
    staging.buffer.unmap();
    pool.release(staging);
    return parts;
  };
}
