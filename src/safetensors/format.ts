/**
 * The safetensors file format: 8 bytes with the length of the header, the header as JSON, then the tensors' bytes, row-major
 * and little-endian.
 *
 * Source: the format's description in huggingface/safetensors, README "Format"; its limits are kept.
 */
import type { DType } from '../types/dtype.ts';

/** The element types that a file may name, with their bytes. */
export const fileDTypes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

export type FileDType = keyof typeof fileDTypes;

export function isFileDType(text: unknown): text is FileDType {
  return typeof text === 'string' && Object.hasOwn(fileDTypes, text);
}

export const fileDTypeOf: { readonly [D in DType]: FileDType } = { f32: 'F32', f16: 'F16', i32: 'I32', u32: 'U32', bool: 'BOOL' };

/** The dtype that a file's element type is here; undefined where there is none. */
export function dtypeOf(fileDType: FileDType): DType | undefined {
  return (Object.keys(fileDTypeOf) as readonly DType[]).find((dtype) => fileDTypeOf[dtype] === fileDType);
}

/** Bytes before the header: its length, a little-endian u64. */
export const prefixBytes = 8;

/** No header may be longer. */
export const longestHeader = 100_000_000;

export const metadataKey = '__metadata__';

/** Where this package keeps, as JSON, what the format has no place for. */
export const shapesKey = 'adjoint.shapes';
export const valuesKey = 'adjoint.values';

/** One tensor of a file; `begin` and `end` are places in the file. */
export interface FileTensor {
  readonly name: string;
  readonly dtype: FileDType;
  readonly sizes: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly tensors: readonly FileTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}
