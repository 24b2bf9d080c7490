/**
 * Elements on the host as the bytes of a file, and back.
 *
 * Invariant: the same bits in both directions; both are little-endian, as every machine is that WebGPU runs on.
 */
import { type HostArray, hostArrays } from '../runtime/hostData.ts';
import type { DType } from '../types/dtype.ts';
import { halfBits, halfFromBits } from '../types/half.ts';

export function bytesOf(data: HostArray, dtype: DType): Uint8Array {
  const { buffer, byteOffset, byteLength } = dtype === 'f16' ? Uint16Array.from(data, halfBits) : data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Takes ownership of the bytes, which fill their buffer. */
export function elementsOf({ buffer }: Uint8Array<ArrayBuffer>, dtype: DType): HostArray {
  return dtype === 'f16' ? Float32Array.from(new Uint16Array(buffer), halfFromBits) : new hostArrays[dtype](buffer);
}
