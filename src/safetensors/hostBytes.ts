/**
 * Elements on the host as the bytes of a file, and back.
 *
 * Invariant: the same bits in both directions; both are little-endian, as every machine is that WebGPU runs on.
 */
import type { HostArray } from '../runtime/hostData.ts';
import type { DType } from '../types/dtype.ts';

export const bytesOf = (data: HostArray): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const arrays: { readonly [D in Exclude<DType, 'f16'>]: (bytes: Uint8Array<ArrayBuffer>) => HostArray } = {
  f32: ({ buffer }) => new Float32Array(buffer),
  i32: ({ buffer }) => new Int32Array(buffer),
  u32: ({ buffer }) => new Uint32Array(buffer),
  bool: (bytes) => bytes,
};

/** Takes ownership of the bytes, which fill their buffer. */
export function elementsOf(bytes: Uint8Array, dtype: Exclude<DType, 'f16'>): HostArray {
  const whole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  return arrays[dtype](whole ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes));
}
