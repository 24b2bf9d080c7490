/**
 * How tensors are nested in arguments and results: tuples and objects of any depth, with plain values kept as they are.
 *
 * Invariant: plain data, so that a generated module can hold it; the leaves are numbered depth first, entries in order.
 * Source: JAX's pytrees, without custom nodes.
 */
import type { Dim } from '../types/dim.ts';
import { type DType, isFloating } from '../types/dtype.ts';
import { gradientTie, type Tie } from '../types/tie.ts';

/** The shape and dtype of one tensor, and which parameter it is or is the gradient of. */
export interface TensorType {
  readonly shape: readonly Dim[];
  readonly dtype: DType;
  readonly tie?: Tie | undefined;
}

/** How tensors are nested: tuples and objects of any depth, with plain values kept as they are. */
export type Structure =
  | { readonly kind: 'tensor'; readonly type: TensorType }
  | { readonly kind: 'tuple'; readonly items: readonly Structure[] }
  | { readonly kind: 'object'; readonly entries: Readonly<Record<string, Structure>> }
  | { readonly kind: 'plain'; readonly value: string | number | boolean | null | undefined };

/** A leaf with the way to it: `p.w`, `[0]`. */
export interface Leaf<T> {
  readonly path: string;
  readonly leaf: T;
}

/** The path of an entry: `p.w`. */
export const entryPath = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** The name of what lies at a path, with dots, as PyTorch's state_dict has it: `layers[0].w` -> `layers.0.w`. */
export const nameOfPath = (path: string): string => path.replaceAll(/\[(\d+)\]/g, '.$1').replace(/^\./, '');

/** The tensors of a structure, in order. */
export function leavesOf(structure: Structure, path = ''): readonly Leaf<TensorType>[] {
  switch (structure.kind) {
    case 'tensor':
      return [{ path, leaf: structure.type }];
    case 'tuple':
      return structure.items.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
    case 'object':
      return Object.entries(structure.entries).flatMap(([key, entry]) => leavesOf(entry, entryPath(path, key)));
    case 'plain':
      return [];
  }
}

/** The place of a path in a sentence. */
export const placeOf = (path: string): string => (path === '' ? 'the value' : `'${path}'`);

/** Reads nested arguments: the tensors in order, and how they were nested. `isTensor` knows a tensor; what else is no plain data throws a `TypeError`. */
export function flatten<T extends TensorType>(
  nested: unknown,
  isTensor: (value: unknown) => value is T,
): { readonly structure: Structure; readonly leaves: readonly Leaf<T>[] } {
  const leaves: Leaf<T>[] = [];
  const visit = (value: unknown, path: string): Structure => {
    if (isTensor(value)) {
      leaves.push({ path, leaf: value });
      const { shape, dtype, tie } = value;
      return { kind: 'tensor', type: { shape, dtype, ...(tie && { tie }) } };
    }
    if (Array.isArray(value)) return { kind: 'tuple', items: value.map((item, index) => visit(item, `${path}[${index}]`)) };
    if (value === null || value === undefined || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return { kind: 'plain', value };
    }
    if (isPlainObject(value)) {
      return { kind: 'object', entries: mapEntries(value, (entry, key) => visit(entry, entryPath(path, key))) };
    }
    const got = typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value;
    throw new TypeError(
      `arguments: ${placeOf(path)} is a ${got} (take tensors, numbers, strings, booleans, null, and arrays or plain objects of them)`,
    );
  };
  return { structure: visit(nested, ''), leaves };
}

const mapEntries = <T, R>(entries: Readonly<Record<string, T>>, map: (entry: T, key: string) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, map(entry, key)]));

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Nests leaves the way a structure says. `leaves` has one entry for each tensor of the structure, in order. */
export function unflatten(structure: Structure, leaves: readonly unknown[]): unknown {
  const rest = leaves.values();
  const build = (node: Structure): unknown => {
    switch (node.kind) {
      case 'tensor':
        return rest.next().value;
      case 'tuple':
        return node.items.map(build);
      case 'object':
        return mapEntries(node.entries, build);
      case 'plain':
        return node.value;
    }
  };
  return build(structure);
}

/** The structure of gradients: floating-point tensors stay, parameters as gradients of theirs; everything else becomes null. */
export function gradientStructure(structure: Structure): Structure {
  switch (structure.kind) {
    case 'tuple':
      return { kind: 'tuple', items: structure.items.map(gradientStructure) };
    case 'object':
      return { kind: 'object', entries: mapEntries(structure.entries, gradientStructure) };
    case 'tensor':
      if (isFloating(structure.type.dtype)) return { kind: 'tensor', type: gradientType(structure.type) };
  }
  return { kind: 'plain', value: null };
}

function gradientType({ shape, dtype, tie }: TensorType): TensorType {
  const tied = gradientTie(tie);
  return { shape, dtype, ...(tied && { tie: tied }) };
}
