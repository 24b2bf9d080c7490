/**
 * Tensor elements on the host: which typed array holds which dtype, and how it becomes the elements of a device buffer.
 *
 * Invariant: a bool is a byte, 0 or 1, on the host and a u32, 0 or 1, on the device; a half is a number that has its value on the
 * host and its 16 bits on the device; the other dtypes have the same bits on both.
 */
import { bytesPerElement } from '../program/program.ts';
import type { DType } from '../types/dtype.ts';
import { halfBits, halfFromBits } from '../types/half.ts';
import { AdjointError, DTypeMismatchError } from './errors.ts';

/** A tensor's elements on the host, row-major: f32 and f16 in a Float32Array, bool in a Uint8Array. */
export type HostArray = Float32Array | Int32Array | Uint32Array | Uint8Array;

export const hostArrays = { f32: Float32Array, f16: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint8Array } as const;

/** The bytes of a buffer: a multiple of 4. */
export const storedBytes = (elements: number, dtype: DType): number => Math.ceil((elements * bytesPerElement[dtype]) / 4) * 4;

export const elementCount = (sizes: readonly number[]): number => sizes.reduce((count, size) => count * size, 1);

/** The dtype whose elements an array holds as they are; undefined for another kind of array. */
export const dtypeOf = (data: unknown) => (['f32', 'i32', 'u32', 'bool'] as const).find((dtype) => data instanceof hostArrays[dtype]);

/** Throws a `DTypeMismatchError` unless `data` is the typed array that holds `dtype`. */
export function checkHostArray(where: string, data: HostArray, dtype: DType): void {
  const array = hostArrays[dtype];
  if (data instanceof array) return;
  const got = dtypeOf(data);
  if (!got) throw new AdjointError(`${where}: the data is not a typed array (use a ${array.name})`);
  throw new DTypeMismatchError(where, 'data', dtype, got, `put the elements in a ${array.name}`);
}

/** What goes into the device's buffer. */
export function toDevice(data: HostArray, dtype: DType): HostArray | Uint16Array {
  if (dtype === 'bool') return Uint32Array.from(data, (byte) => (byte === 0 ? 0 : 1));
  if (dtype !== 'f16') return data;
  const halves = new Uint16Array(storedBytes(data.length, dtype) / 2);
  for (const [index, element] of data.entries()) halves[index] = halfBits(element);
  return halves;
}

/** What comes out of it; takes ownership of `bytes`. */
export function fromDevice(bytes: ArrayBuffer, dtype: DType, elements: number): HostArray {
  if (dtype === 'bool') return Uint8Array.from(new Uint32Array(bytes));
  return dtype === 'f16' ? Float32Array.from(new Uint16Array(bytes, 0, elements), halfFromBits) : new hostArrays[dtype](bytes);
}
