/**
 * Tensors out of a file in the structure of others: each is held against the one whose place it takes, by name, shape and dtype.
 *
 * Invariant: everything is checked before the first tensor is made, so nothing is ever half loaded.
 */
import { type Structure, unflatten } from '../program/structure.ts';
import { DeferredTensor } from '../runtime/deferredTensor.ts';
import type { HostArray } from '../runtime/hostData.ts';
import { tensorHandle } from '../runtime/tensorHandle.ts';
import type { DType } from '../types/dtype.ts';
import { showShape } from '../types/shape.ts';
import { type Contents, type NamedTensor, readContents } from './contents.ts';
import { SafetensorsError } from './error.ts';
import { dtypeOf } from './format.ts';
import { elementsOf } from './hostBytes.ts';
import { mapPlain, nameTensors, type Plain, type StoredTensor, valueText } from './names.ts';
import { quote } from './readHeader.ts';
import type { ByteSource } from './source.ts';

/** How strict reading is. */
export interface RestoreOptions {
  /** What to do with tensors of the file that the structure has no place for. Default: `'refuse'`. */
  readonly extra?: 'refuse' | 'ignore';
}

type Wanted = { readonly name: string; readonly tensor: StoredTensor };
type Refuse = (problem: string, remedy?: string) => never;

/** So many problems are named, the rest counted. */
const listed = 5;

export async function restore<T extends object>(operation: string, source: ByteSource, like: T, options: RestoreOptions): Promise<T> {
  const { structure, tensors } = nameTensors(operation, like);
  const contents = await readContents(operation, source);
  const refuse: Refuse = (problem, remedy = 'load it into the structure that was saved') => {
    throw new SafetensorsError(operation, source.name, problem, remedy);
  };
  const found = new Map(contents.tensors.map((tensor) => [tensor.name, tensor]));
  const matched = tensors.map((wanted) => matchTensor(wanted, found.get(wanted.name)));
  const problems = [
    ...matched.filter((one) => typeof one === 'string'),
    ...(options.extra === 'ignore' ? [] : extraTensors(contents, tensors)),
  ];
  if (problems.length > 0) refuse(shorten(problems, '; '));
  const values = restoreValues(structure, contents, refuse);
  const restored: unknown[] = [];
  for (const one of matched) {
    if (typeof one === 'string') continue;
    const { tensor } = one.wanted;
    const host = await readElements(source, one.found, tensor.dtype, refuse);
    // of the kind of its place in `like`: a tensor of the same face, parameter or not
    restored.push(tensor[tensorHandle].wrap(new DeferredTensor(tensor, tensor.sizes, one.wanted.name, { host }), tensor.tie));
  }
  return unflatten(values, restored) as T; // seam: the structure is that of `like`
}

interface Match {
  readonly wanted: Wanted;
  readonly found: NamedTensor;
}

/** The tensor of the file for this place, or what is wrong with it. */
function matchTensor(wanted: Wanted, found: NamedTensor | undefined): Match | string {
  const { dtype, shape, sizes } = wanted.tensor;
  const expected = `${dtype}${showShape(shape)}`;
  if (found === undefined) return `it has no ${quote(wanted.name)}, ${expected}`;
  const sameSizes = found.sizes.length === sizes.length && found.sizes.every((size, axis) => size === sizes[axis]);
  const sameDims = found.dims === undefined || showShape(found.dims) === showShape(shape);
  if (dtypeOf(found.dtype) === dtype && sameSizes && sameDims) return { wanted, found };
  const got = `${dtypeOf(found.dtype) ?? found.dtype}${showShape(found.dims ?? found.sizes)}`;
  const sizesToo = got === expected ? `: the sizes are [${found.sizes.join(', ')}], not [${sizes.join(', ')}]` : '';
  return `${quote(wanted.name)} is ${got} in the file, not ${expected}${sizesToo}`;
}

function extraTensors({ tensors }: Contents, wanted: readonly Wanted[]): readonly string[] {
  const names = new Set(wanted.map(({ name }) => name));
  const extra = tensors.filter(({ name }) => !names.has(name)).map(({ name }) => quote(name));
  return extra.length === 0 ? [] : [`it also holds ${shorten(extra, ', ')}, which nothing here takes`];
}

function shorten(texts: readonly string[], separator: string): string {
  const rest = texts.length > listed ? `${separator}and ${texts.length - listed} more` : '';
  return `${texts.slice(0, listed).join(separator)}${rest}`;
}

/** Numbers come out of the file: a step count, a rate. Other plain values must be the same. A file of other hands has none. */
function restoreValues(structure: Structure, { values }: Contents, refuse: Refuse): Structure {
  if (values === undefined) return structure;
  return mapPlain(structure, (value: Plain, name: string): Plain => {
    const text = values.get(name) ?? refuse(`it has no value ${quote(name)}`);
    const number = Number(text);
    if (typeof value === 'number' && text !== '' && valueText(number) === text) return number;
    return valueText(value) === text ? value : refuse(`${quote(name)} is ${text.slice(0, 80)} in the file, not ${valueText(value)}`);
  });
}

async function readElements(source: ByteSource, { name, begin, end }: NamedTensor, dtype: DType, refuse: Refuse): Promise<HostArray> {
  const elements = elementsOf(await source.read(begin, end), dtype);
  if (dtype === 'bool' && elements.some((element) => element > 1)) {
    refuse(`the tensor ${quote(name)} is bool and has elements other than 0 and 1`, 'the file is damaged: get it again');
  }
  return elements;
}
