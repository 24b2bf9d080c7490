/**
 * Reads a file's header and believes none of it: lengths, offsets, names and types are held against each other and the file.
 *
 * Invariant: of a header that is returned, the tensors' bytes lie inside the file, side by side without gap or overlap, and fill
 * it; every length is what its sizes and dtype say.
 */
import { SafetensorsError } from './error.ts';
import { type FileTensor, fileDTypes, type Header, isFileDType, longestHeader, metadataKey, prefixBytes } from './format.ts';
import { jsonKeys } from './jsonKeys.ts';
import type { ByteSource } from './source.ts';

type Refuse = (problem: string, remedy?: string) => never;

const damaged = 'the file is damaged or no safetensors file: get it again';

export async function readHeader(operation: string, source: ByteSource): Promise<Header> {
  const refuse: Refuse = (problem, remedy = damaged) => {
    throw new SafetensorsError(operation, source.name, problem, remedy);
  };
  if (source.byteLength < prefixBytes) {
    refuse(`the file has ${source.byteLength} bytes, too few for the length of a header`);
  }
  const prefix = await source.read(0, prefixBytes);
  const length = new DataView(prefix.buffer, prefix.byteOffset, prefixBytes).getBigUint64(0, true);
  if (length > BigInt(longestHeader))
    refuse(`the header says it has ${length} bytes, more than the ${longestHeader} that a header may have`);
  const dataStart = prefixBytes + Number(length);
  if (dataStart > source.byteLength) {
    refuse(`the header says it has ${length} bytes, and the file has ${source.byteLength - prefixBytes} after its first ${prefixBytes}`);
  }
  const entries = parseEntries(await source.read(prefixBytes, dataStart), refuse);
  const { [metadataKey]: metadata = {}, ...described } = entries;
  const tensors = Object.entries(described).map(([name, entry]) => readTensor(name, entry, dataStart, source.byteLength, refuse));
  checkCover(tensors, dataStart, source.byteLength, refuse);
  return { tensors, metadata: readMetadata(metadata, refuse) };
}

function parseEntries(bytes: Uint8Array, refuse: Refuse): Readonly<Record<string, unknown>> {
  const text = decode(bytes) ?? refuse('the header is no UTF-8');
  const parsed = text.startsWith('{') ? parseJson(text) : undefined;
  if (!isObject(parsed)) return refuse('the header is no JSON object');
  const keys = jsonKeys(text);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) refuse(`the name ${quote(twice)} stands twice`);
  return parsed;
}

function readTensor(name: string, entry: unknown, dataStart: number, byteLength: number, refuse: Refuse): FileTensor {
  const what = `the tensor ${quote(name)}`;
  if (!isObject(entry)) return refuse(`${what} is described by no object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isFileDType(dtype)) return refuse(`${what} has the unknown dtype ${quote(dtype)}`, 'convert it to F32 where it was made');
  if (!Array.isArray(shape) || !shape.every(isCount)) return refuse(`${what} has a shape that is no list of sizes`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return refuse(`${what} has offsets that are no two places in the file`);
  }
  const [begin = 0, end = 0] = offsets as readonly number[];
  const needed = shape.reduce((count: number, size: number) => count * size, fileDTypes[dtype]);
  if (!Number.isSafeInteger(needed)) refuse(`${what} has a shape of more elements than can be counted`);
  if (begin > end || dataStart + end > byteLength) {
    refuse(`${what} lies from byte ${begin} to ${end} of ${byteLength - dataStart} bytes of data`);
  }
  if (end - begin !== needed) refuse(`${what} has ${end - begin} bytes, and ${dtype}[${shape.join(', ')}] takes ${needed}`);
  return { name, dtype, sizes: shape, begin: dataStart + begin, end: dataStart + end };
}

function checkCover(tensors: readonly FileTensor[], dataStart: number, byteLength: number, refuse: Refuse): void {
  let covered = dataStart;
  for (const { name, begin, end } of [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < covered) refuse(`the tensor ${quote(name)} overlaps another`);
    if (begin > covered) refuse(`${begin - covered} bytes before the tensor ${quote(name)} belong to no tensor`);
    covered = end;
  }
  if (covered < byteLength) refuse(`the last ${byteLength - covered} bytes of the file belong to no tensor`);
}

function readMetadata(metadata: unknown, refuse: Refuse): Readonly<Record<string, string>> {
  if (!isObject(metadata)) return refuse(`${metadataKey} is no object`);
  const wrong = Object.entries(metadata).find(([, text]) => typeof text !== 'string');
  if (wrong !== undefined) refuse(`the metadata ${quote(wrong[0])} is no text`);
  return metadata as Readonly<Record<string, string>>;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A name out of a file, fit for one line of a message. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return `'${(text.startsWith('"') ? text.slice(1, -1) : text).slice(0, 80)}'`;
}
