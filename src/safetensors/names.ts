/**
 * A structure's entries under the names that they have in a file: the path with dots, as PyTorch's state_dict has it.
 *
 * Invariant: within one structure no two entries share a name.
 */
import { entryPath, flatten, type Leaf, nameOfPath, type Structure } from '../program/structure.ts';
import type { HostArray } from '../runtime/hostData.ts';
import { hasTensorHandle, type TensorHandle } from '../runtime/tensorHandle.ts';
import { ShapeError } from '../types/shapeError.ts';

/** A tensor of either face: it can be read, and make another of its kind. */
export interface StoredTensor extends TensorHandle {
  readonly sizes: readonly number[];
  data(): Promise<HostArray>;
}

export interface NamedStructure {
  readonly structure: Structure;
  readonly tensors: readonly { readonly name: string; readonly tensor: StoredTensor }[];
}

/** Throws a `ShapeError` for one tensor alone, two entries of one name, and what is neither tensor nor plain data a `TypeError`. */
export function nameTensors(operation: string, nested: object): NamedStructure {
  // seam: what has a handle is a tensor of the language or of the runtime, and both can be read
  const { structure, leaves } = flatten(nested, hasTensorHandle) as { structure: Structure; leaves: readonly Leaf<StoredTensor>[] };
  if (structure.kind === 'tensor') throw new ShapeError(`${operation}: one tensor alone has no name (put it into an object: { w })`);
  const tensors = leaves.map(({ path, leaf }) => ({ name: nameOfPath(path), tensor: leaf }));
  const names = tensors.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new ShapeError(`${operation}: two tensors have the name '${twice}' (leave dots out of the keys)`);
  return { structure, tensors };
}

export type Plain = Extract<Structure, { kind: 'plain' }>['value'];

/** A plain value as text: -0, NaN and infinities are values like others. */
export const valueText = (value: Plain): string =>
  typeof value === 'string' ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : `${value}`;

/** The structure with its plain values changed; `change` gets each with its name. */
export function mapPlain(structure: Structure, change: (value: Plain, name: string) => Plain, path = ''): Structure {
  switch (structure.kind) {
    case 'tensor':
      return structure;
    case 'plain':
      return { kind: 'plain', value: change(structure.value, nameOfPath(path)) };
    case 'tuple':
      return { kind: 'tuple', items: structure.items.map((item, index) => mapPlain(item, change, `${path}[${index}]`)) };
    case 'object':
      return {
        kind: 'object',
        entries: Object.fromEntries(
          Object.entries(structure.entries).map(([key, entry]) => [key, mapPlain(entry, change, entryPath(path, key))]),
        ),
      };
  }
}
