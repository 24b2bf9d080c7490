/**
 * Tensors nested in arguments and results, and the values under them.
 *
 * Invariant: `nest` is the inverse of `unnest`.
 */
import type { Value } from '../graph/value.ts';
import { flatten, type Leaf, leavesOf, type Structure, unflatten } from '../program/structure.ts';
import { asyncProblem } from '../types/rules/result.ts';
import type { SymbolSizes } from '../types/rules/sizes.ts';
import { ShapeError } from '../types/shapeError.ts';
import { isLazyTensor, LazyTensor } from './lazyTensor.ts';

export interface Nesting {
  readonly structure: Structure;
  readonly leaves: readonly Leaf<LazyTensor>[];
}

/** The tensors in nested arguments. Throws a `TypeError` on what is neither a tensor nor plain data. */
export function unnest(nested: unknown): Nesting {
  return flatten(nested, isLazyTensor);
}

/** A function's result. Throws a `ShapeError` if it is a promise. */
export function requireSettled(operation: string, result: unknown): unknown {
  const problem = asyncProblem(operation, result);
  if (problem !== undefined) throw new ShapeError(problem);
  return result;
}

/** Values nested as `structure` says. */
export function nest(structure: Structure, values: readonly Value[], symbols: SymbolSizes): unknown {
  return unflatten(
    structure,
    values.map((value) => new LazyTensor(value, symbols)),
  );
}

/** The sizes of every symbolic axis among the tensors. */
export function symbolsOf(leaves: readonly Leaf<LazyTensor>[]): SymbolSizes {
  return Object.assign({}, ...leaves.map(({ leaf }) => leaf.symbols)) as SymbolSizes;
}

/** How two structures differ, in words; undefined where they do not. */
export function differenceOf(expected: Structure, got: Structure, path = ''): string | undefined {
  const where = path === '' ? 'the value' : `'${path}'`;
  if (expected.kind !== got.kind) return `${where} is ${describe(got)}, not ${describe(expected)}`;
  if (expected.kind === 'tensor' && got.kind === 'tensor') {
    const same = describe(expected) === describe(got);
    return same ? undefined : `${where} is ${describe(got)}, not ${describe(expected)}`;
  }
  if (expected.kind === 'tuple' && got.kind === 'tuple') {
    if (expected.items.length !== got.items.length) return `${where} has ${got.items.length} items, not ${expected.items.length}`;
    return firstDefined(expected.items.map((item, index) => differenceOf(item, got.items[index] as Structure, `${path}[${index}]`)));
  }
  if (expected.kind === 'object' && got.kind === 'object') {
    const missing = Object.keys(expected.entries).find((key) => !Object.hasOwn(got.entries, key));
    if (missing !== undefined) return `${where} has no '${missing}'`;
    const extra = Object.keys(got.entries).find((key) => !Object.hasOwn(expected.entries, key));
    if (extra !== undefined) return `${where} has '${extra}' too many`;
    return firstDefined(
      Object.entries(expected.entries).map(([key, entry]) =>
        differenceOf(entry, got.entries[key] as Structure, path === '' ? key : `${path}.${key}`),
      ),
    );
  }
  return undefined;
}

const firstDefined = (texts: readonly (string | undefined)[]): string | undefined => texts.find((text) => text !== undefined);

function describe(structure: Structure): string {
  const names = { tuple: 'an array', object: 'an object' } as const;
  if (structure.kind === 'tensor') return `${structure.type.dtype}[${structure.type.shape.join(', ')}]`;
  return structure.kind === 'plain' ? `${structure.value}` : names[structure.kind];
}

/** The same tensors in the order of `expected`: objects may list their entries in any order. */
export function inOrderOf(expected: Structure, nesting: Nesting): readonly LazyTensor[] {
  const byPath = new Map(nesting.leaves.map(({ path, leaf }) => [path, leaf]));
  return leavesOf(expected).flatMap(({ path }) => byPath.get(path) ?? []);
}
