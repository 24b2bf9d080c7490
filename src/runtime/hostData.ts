/**
 * Tensor elements on the host: which typed array holds which dtype, and how it becomes the 4-byte elements of a device buffer.
 *
 * Invariant: a bool is a byte, 0 or 1, on the host and a u32, 0 or 1, on the device; the other dtypes have the same bits on both.
 */
import type { DType } from '../types/dtype.ts';
import { AdjointError, DTypeMismatchError } from './errors.ts';

export type HostArray = Float32Array | Int32Array | Uint32Array | Uint8Array;
export type StoredDType = Exclude<DType, 'f16'>;

export const bytesPerElement = 4;

const hostArrays = { f32: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint8Array } as const;

/** Throws on the one dtype that has no storage yet. */
export function requireStored(where: string, dtype: DType): StoredDType {
  if (dtype === 'f16') throw new AdjointError(`${where}: f16 tensors are not supported yet (use f32)`);
  return dtype;
}

/** Throws a `DTypeMismatchError` unless `data` is the typed array that holds `dtype`. */
export function checkHostArray(where: string, data: HostArray, dtype: StoredDType): void {
  if (data instanceof hostArrays[dtype]) return;
  const names = ['f32', 'i32', 'u32', 'bool'] as const;
  const got = names.find((name) => data instanceof hostArrays[name]);
  if (!got) throw new AdjointError(`${where}: the data is not a typed array (use a ${hostArrays[dtype].name})`);
  throw new DTypeMismatchError(where, 'data', dtype, got, `put the elements in a ${hostArrays[dtype].name}`);
}

/** What goes into the device's buffer. */
export function toDevice(data: HostArray): HostArray {
  return data instanceof Uint8Array ? Uint32Array.from(data, (byte) => (byte === 0 ? 0 : 1)) : data;
}

/** What comes out of it; takes ownership of `bytes`. */
export function fromDevice(bytes: ArrayBuffer, dtype: StoredDType): HostArray {
  return dtype === 'bool' ? Uint8Array.from(new Uint32Array(bytes)) : new hostArrays[dtype](bytes);
}
