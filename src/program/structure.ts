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

/** Reads nested arguments: the tensors in order, and how they were nested. `isTensor` knows a tensor; what else is no plain data throws a `TypeError`. */
export function flatten<T extends TensorType>(
  nested: unknown,
  isTensor: (value: unknown) => value is T,
  path = '',
): { readonly structure: Structure; readonly leaves: readonly Leaf<T>[] } {
  if (isTensor(nested)) {
    const { shape, dtype, tie } = nested;
    return { structure: { kind: 'tensor', type: { shape, dtype, ...(tie && { tie }) } }, leaves: [{ path, leaf: nested }] };
  }
  if (Array.isArray(nested)) {
    const items = nested.map((item, index) => flatten(item, isTensor, `${path}[${index}]`));
    return { structure: { kind: 'tuple', items: items.map(({ structure }) => structure) }, leaves: items.flatMap(({ leaves }) => leaves) };
  }
  if (typeof nested === 'object' && nested !== null && isPlainObject(nested)) {
    const entries = Object.entries(nested).map(([key, entry]) => [key, flatten(entry, isTensor, entryPath(path, key))] as const);
    return {
      structure: { kind: 'object', entries: Object.fromEntries(entries.map(([key, { structure }]) => [key, structure])) },
      leaves: entries.flatMap(([, { leaves }]) => leaves),
    };
  }
  if (nested === null || nested === undefined || typeof nested === 'string' || typeof nested === 'number' || typeof nested === 'boolean') {
    return { structure: { kind: 'plain', value: nested }, leaves: [] };
  }
  const got = typeof nested === 'object' ? `a ${nested.constructor?.name ?? 'object'}` : `a ${typeof nested}`;
  throw new TypeError(
    `arguments: ${path === '' ? 'the value' : `'${path}'`} is ${got} (take tensors, numbers, strings, booleans, null, and arrays or plain objects of them)`,
  );
}

function isPlainObject(value: object): boolean {
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
        return Object.fromEntries(Object.entries(node.entries).map(([key, entry]) => [key, build(entry)]));
      case 'plain':
        return node.value;
    }
  };
  return build(structure);
}

/** The structure of gradients: floating-point tensors stay, parameters as gradients of theirs; everything else becomes null. */
export function gradientStructure(structure: Structure): Structure {
  switch (structure.kind) {
    case 'tensor':
      return isFloating(structure.type.dtype) ? { kind: 'tensor', type: gradientType(structure.type) } : { kind: 'plain', value: null };
    case 'tuple':
      return { kind: 'tuple', items: structure.items.map(gradientStructure) };
    case 'object':
      return {
        kind: 'object',
        entries: Object.fromEntries(Object.entries(structure.entries).map(([key, entry]) => [key, gradientStructure(entry)])),
      };
    case 'plain':
      return { kind: 'plain', value: null };
  }
}

function gradientType({ shape, dtype, tie }: TensorType): TensorType {
  const tied = gradientTie(tie);
  return { shape, dtype, ...(tied && { tie: tied }) };
}
