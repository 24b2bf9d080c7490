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

export type HostArray = Float32Array | Int32Array | Uint32Array | Uint8Array;

export const hostArrays = { f32: Float32Array, f16: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint8Array } as const;

/** The bytes of a buffer: a multiple of 4. */
export const storedBytes = (elements: number, dtype: DType): number => Math.ceil((elements * bytesPerElement[dtype]) / 4) * 4;

/** Throws a `DTypeMismatchError` unless `data` is the typed array that holds `dtype`. */
export function checkHostArray(where: string, data: HostArray, dtype: DType): void {
  if (data instanceof hostArrays[dtype]) return;
  const names = ['f32', 'i32', 'u32', 'bool'] as const;
  const got = names.find((name) => data instanceof hostArrays[name]);
  if (!got) throw new AdjointError(`${where}: the data is not a typed array (use a ${hostArrays[dtype].name})`);
  throw new DTypeMismatchError(where, 'data', dtype, got, `put the elements in a ${hostArrays[dtype].name}`);
}

type Bytes = HostArray | Uint16Array;

const encode: { readonly [D in DType]: (data: HostArray) => Bytes } = {
  f32: (data) => data,
  f16: (data) => {
    const halves = new Uint16Array(storedBytes(data.length, 'f16') / 2);
    for (const [index, element] of data.entries()) halves[index] = halfBits(element);
    return halves;
  },
  i32: (data) => data,
  u32: (data) => data,
  bool: (data) => Uint32Array.from(data, (byte) => (byte === 0 ? 0 : 1)),
};

/** What goes into the device's buffer. */
export const toDevice = (data: HostArray, dtype: DType): Bytes => encode[dtype](data);

const decode: { readonly [D in DType]: (bytes: ArrayBuffer, elements: number) => HostArray } = {
  f32: (bytes) => new Float32Array(bytes),
  f16: (bytes, elements) => Float32Array.from(new Uint16Array(bytes, 0, elements), halfFromBits),
  i32: (bytes) => new Int32Array(bytes),
  u32: (bytes) => new Uint32Array(bytes),
  bool: (bytes) => Uint8Array.from(new Uint32Array(bytes)),
};

/** What comes out of it; takes ownership of `bytes`. */
export const fromDevice = (bytes: ArrayBuffer, dtype: DType, elements: number): HostArray => decode[dtype](bytes, elements);
