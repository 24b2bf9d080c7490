/**
 * Two structures compared: in words for people, and as a key for caches.
 *
 * Invariant: equal keys mean equal structures, plain values included; NaN, -0 and undefined are values like others.
 */
import { sameItems } from './sameItems.ts';
import { entryPath, isPlainObject, placeOf, type Structure, type TensorType } from './structure.ts';

type SameTensor = (expected: TensorType, got: TensorType) => boolean;

const sameType: SameTensor = (expected, got) => showTensorType(expected) === showTensorType(got);

/** `f32[n=3, in=2]` */
export function showTensorType({ shape, dtype }: TensorType): string {
  return `${dtype}[${shape.join(', ')}]`;
}

/** How `got` differs, in words, with the path to the place; undefined where it does not. */
export function differenceOf(expected: Structure, got: Structure, isSame: SameTensor = sameType, path = ''): string | undefined {
  const place = placeOf(path);
  if (expected.kind === 'tensor' && got.kind === 'tensor' && isSame(expected.type, got.type)) return undefined;
  if (expected.kind === 'plain' && got.kind === 'plain' && Object.is(expected.value, got.value)) return undefined;
  if (expected.kind === 'tuple' && got.kind === 'tuple') {
    if (expected.items.length !== got.items.length) return `${place} has ${got.items.length} items, not ${expected.items.length}`;
    return firstDefined(
      expected.items.map((item, index) => differenceOf(item, got.items[index] as Structure, isSame, `${path}[${index}]`)),
    );
  }
  if (expected.kind === 'object' && got.kind === 'object') {
    const missing = Object.keys(expected.entries).find((key) => !Object.hasOwn(got.entries, key));
    if (missing !== undefined) return `${place} has no '${missing}'`;
    const extra = Object.keys(got.entries).find((key) => !Object.hasOwn(expected.entries, key));
    if (extra !== undefined) return `${place} has '${extra}' too many`;
    return firstDefined(
      Object.entries(expected.entries).map(([key, entry]) =>
        differenceOf(entry, got.entries[key] as Structure, isSame, entryPath(path, key)),
      ),
    );
  }
  return `${place} is ${describe(got)}, not ${describe(expected)}`;
}

/**
 * Of earlier calls the one with this very structure, and the tensors in order. Makes nothing but lists: for calls that are like one before.
 * Entries in another order count as another structure.
 */
export function findSame<Call extends { readonly given: Structure | undefined }, T extends TensorType>(
  calls: readonly Call[],
  nested: unknown,
  isTensor: (value: unknown) => value is T,
): { readonly call: Call; readonly leaves: readonly T[] } | undefined {
  for (const call of calls) {
    const leaves: T[] = [];
    if (call.given && isSame(call.given, nested, isTensor, leaves)) return { call, leaves };
  }
  return undefined;
}

/** Of so many calls, the last ones: the others have to be looked at as if they were the first of their kind. */
export const withLast = <Call>(calls: readonly Call[], call: Call): readonly Call[] => [call, ...calls].slice(0, 4);

function isSame<T extends TensorType>(expected: Structure, value: unknown, isTensor: (value: unknown) => value is T, leaves: T[]): boolean {
  switch (expected.kind) {
    case 'plain':
      return Object.is(expected.value, value);
    case 'tensor': {
      if (!isTensor(value)) return false;
      const { shape, dtype, tie } = expected.type;
      leaves.push(value);
      return (
        dtype === value.dtype &&
        sameItems(shape, value.shape) &&
        (tie === value.tie || (tie?.of === value.tie?.of && tie?.name === value.tie?.name))
      );
    }
    case 'tuple':
      return (
        Array.isArray(value) &&
        value.length === expected.items.length &&
        expected.items.every((item, index) => isSame(item, value[index], isTensor, leaves))
      );
    case 'object': {
      if (!isPlainObject(value)) return false;
      const [keys, given] = [Object.keys(expected.entries), Object.keys(value)];
      return sameItems(keys, given) && keys.every((key) => isSame(expected.entries[key] as Structure, value[key], isTensor, leaves));
    }
  }
}

const firstDefined = (texts: readonly (string | undefined)[]): string | undefined => texts.find((text) => text !== undefined);

function describe(structure: Structure): string {
  if (structure.kind === 'tensor') return showTensorType(structure.type);
  if (structure.kind === 'plain') return `${structure.value}`;
  return structure.kind === 'tuple' ? 'an array' : 'an object';
}

const tieKey = ({ tie }: TensorType): string => (tie === undefined ? '' : `${tie.of}${JSON.stringify(tie.name)}`);

/** A text that is equal for equal structures only; with `anyPlain` also for structures that differ in plain values. */
export function structureKey(structure: Structure, anyPlain = false): string {
  switch (structure.kind) {
    case 'tensor':
      return `${showTensorType(structure.type)}${tieKey(structure.type)}`;
    case 'tuple':
      return `(${structure.items.map((item) => structureKey(item, anyPlain)).join(';')})`;
    case 'object':
      return `{${Object.entries(structure.entries)
        .map(([key, entry]) => `${JSON.stringify(key)}:${structureKey(entry, anyPlain)}`)
        .join(';')}}`;
    case 'plain':
      return anyPlain ? '*' : plainKey(structure.value);
  }
}

function plainKey(value: Extract<Structure, { kind: 'plain' }>['value']): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return Object.is(value, -0) ? '-0' : `${value}`;
}
