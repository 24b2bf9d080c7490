/**
 * Runs a function on tensors that have shapes but no data, and keeps what it records.
 *
 * Invariant: inputs are named by their path in the arguments, so that messages can point at `p.w`.
 */
import { input } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { leavesOf, type Structure } from '../program/structure.ts';
import { nest, requireSettled, unnest } from './nested.ts';

export interface Trace {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly result: Structure;
}

/** `argumentsStructure` is a tuple, one item an argument; `names` are the parameters' names, where known. */
export function traceFunction(
  operation: string,
  f: (...args: never[]) => unknown,
  argumentsStructure: Structure,
  names: readonly string[] = [],
): Trace {
  const inputs = leavesOf(argumentsStructure).map(({ path, leaf }) => input(namePath(path, names), leaf.shape, leaf.dtype));
  const { structure, leaves } = unnest(requireSettled(operation, f(...(nest(argumentsStructure, inputs, {}) as never[]))));
  return { inputs, outputs: leaves.map(({ leaf }) => leaf.value), result: structure };
}

/** `[1].w` -> `p.w` where the second parameter is called p. */
function namePath(path: string, names: readonly string[]): string {
  return path.replace(/^\[(\d+)\]/, (index, position: string) => names[Number(position)] ?? `argument${index}`);
}
