/**
 * What a file holds: its tensors with the dims and the plain values that this package wrote beside them, where it did.
 *
 * Invariant: dims are legal and have the sizes of the header, so that they can stand in a message or in source text.
 */
import { type Dim, sizeOf } from '../types/dim.ts';
import { assertLegalShape } from '../types/rules/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { SafetensorsError } from './error.ts';
import { type FileTensor, type Header, shapesKey, valuesKey } from './format.ts';
import { quote, readHeader } from './readHeader.ts';
import type { ByteSource } from './source.ts';

export interface NamedTensor extends FileTensor {
  /** The dims that it was saved with; undefined in a file of other hands. */
  readonly dims: readonly Dim[] | undefined;
}

export interface Contents {
  readonly tensors: readonly NamedTensor[];
  /** Texts of the plain values, by name; undefined in a file of other hands. */
  readonly values: ReadonlyMap<string, string> | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Throws a `SafetensorsError` for a file that contradicts itself. */
export async function readContents(operation: string, source: ByteSource): Promise<Contents> {
  const header = await readHeader(operation, source);
  const refuse = (problem: string): never => {
    throw new SafetensorsError(operation, source.name, problem, 'the file is damaged: get it again');
  };
  const shapes = tableIn(header, shapesKey, refuse);
  const tensors = header.tensors.map((tensor): NamedTensor => {
    const dims = shapes?.get(tensor.name);
    return { ...tensor, dims: dims === undefined ? undefined : checkDims(tensor, dims, refuse) };
  });
  const values = tableIn(header, valuesKey, refuse);
  return { tensors, values: values && textsOf(values, refuse), metadata: header.metadata };
}

function tableIn({ metadata }: Header, key: string, refuse: (problem: string) => never): ReadonlyMap<string, unknown> | undefined {
  const text = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  if (text === undefined) return undefined;
  try {
    const table: unknown = JSON.parse(text);
    if (typeof table === 'object' && table !== null && !Array.isArray(table)) return new Map(Object.entries(table));
  } catch {
    // said below
  }
  return refuse(`the metadata '${key}' is no table`);
}

function textsOf(table: ReadonlyMap<string, unknown>, refuse: (problem: string) => never): ReadonlyMap<string, string> {
  return new Map([...table].map(([name, text]) => [name, typeof text === 'string' ? text : refuse(`the value ${quote(name)} is no text`)]));
}

function checkDims({ name, sizes }: FileTensor, dims: unknown, refuse: (problem: string) => never): readonly Dim[] {
  const wrong = (): never => refuse(`the tensor ${quote(name)} has the sizes [${sizes.join(', ')}], and the dims ${quote(dims)}`);
  if (!Array.isArray(dims) || dims.length !== sizes.length) return wrong();
  try {
    assertLegalShape('dims', dims);
  } catch (error) {
    if (error instanceof ShapeError) return wrong();
    throw error;
  }
  const literals = (dims as readonly Dim[]).map(sizeOf);
  return literals.every((size, axis) => typeof size !== 'number' || size === sizes[axis]) ? dims : wrong();
}
