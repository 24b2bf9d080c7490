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
  if (problem === undefined) return result;
  // What was awaited in it fails as well, later, when nobody listens.
  Promise.resolve(result).catch(() => undefined);
  throw new ShapeError(problem);
}

/** Values nested as `structure` says, parameters and gradients with their names. */
export function nest(structure: Structure, values: readonly Value[], symbols: SymbolSizes): unknown {
  const types = leavesOf(structure);
  return unflatten(
    structure,
    values.map((value, index) => new LazyTensor(value, symbols, undefined, types[index]?.leaf.tie)),
  );
}

/** The sizes of every symbolic axis among the tensors. */
export function symbolsOf(leaves: readonly Leaf<LazyTensor>[]): SymbolSizes {
  return Object.assign({}, ...leaves.map(({ leaf }) => leaf.symbols)) as SymbolSizes;
}

/** The same tensors in the order of `expected`: objects may list their entries in any order. */
export function inOrderOf(expected: Structure, nesting: Nesting): readonly LazyTensor[] {
  const byPath = new Map(nesting.leaves.map(({ path, leaf }) => [path, leaf]));
  return leavesOf(expected).flatMap(({ path }) => byPath.get(path) ?? []);
}
