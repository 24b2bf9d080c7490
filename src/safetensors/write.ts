/**
 * Tensors as the parts of a file: prefix and header, then each tensor's bytes.
 *
 * Invariant: equal tensors give equal bytes; wide elements come first and the data starts at a multiple of 8, so that every tensor
 * is aligned to its elements.
 */
import { ShapeError } from '../types/shapeError.ts';
import { fileDTypeOf, fileDTypes, longestHeader, metadataKey, prefixBytes, shapesKey, valuesKey } from './format.ts';
import { bytesOf } from './hostBytes.ts';
import { mapPlain, nameTensors, type StoredTensor, valueText } from './names.ts';

/** What to keep in a file beside the tensors. */
export interface WriteOptions {
  /** Texts to keep in the file beside the tensors: a licence, a date, a commit. Keys that begin with `adjoint.` are taken. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Reads the tensors, all in one turn. */
export async function fileParts(operation: string, nested: object, options: WriteOptions): Promise<readonly Uint8Array[]> {
  const { structure, tensors } = nameTensors(operation, nested);
  const taken =
    Object.keys(options.metadata ?? {}).find((key) => key.startsWith('adjoint.')) ?? tensors.find(({ name }) => name === metadataKey)?.name;
  if (taken !== undefined) throw new ShapeError(`${operation}: the name '${taken}' is taken by the format (choose another)`);
  const ordered = [...tensors].sort((a, b) => widthOf(b.tensor) - widthOf(a.tensor));
  const elements = await Promise.all(ordered.map(({ tensor }) => tensor.data()));
  const values: Record<string, string> = {};
  mapPlain(structure, (value, name) => {
    values[name] = valueText(value);
    return value;
  });
  const metadata = {
    ...options.metadata,
    [shapesKey]: JSON.stringify(Object.fromEntries(ordered.map(({ name, tensor }) => [name, tensor.shape]))),
    ...(Object.keys(values).length > 0 ? { [valuesKey]: JSON.stringify(values) } : {}),
  };
  const parts = elements.map((data, index) => bytesOf(data, ordered[index]?.tensor.dtype ?? 'f32'));
  return [headerBytes(operation, ordered, parts, metadata), ...parts];
}

const widthOf = ({ dtype }: StoredTensor): number => fileDTypes[fileDTypeOf[dtype]];

function headerBytes(
  operation: string,
  tensors: readonly { readonly name: string; readonly tensor: StoredTensor }[],
  parts: readonly Uint8Array[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let at = 0;
  const described = tensors.map(({ name, tensor }, index) => {
    const begin = at;
    at += parts[index]?.byteLength ?? 0;
    return [name, { dtype: fileDTypeOf[tensor.dtype], shape: tensor.sizes, data_offsets: [begin, at] }];
  });
  const json = new TextEncoder().encode(JSON.stringify({ [metadataKey]: metadata, ...Object.fromEntries(described) }));
  const length = Math.ceil(json.byteLength / 8) * 8;
  if (length > longestHeader)
    throw new ShapeError(
      `${operation}: the header takes ${length} bytes, and ${longestHeader} are allowed (save fewer tensors, or less metadata)`,
    );
  const bytes = new Uint8Array(prefixBytes + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, prefixBytes);
  return bytes;
}
