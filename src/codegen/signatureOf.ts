/**
 * What callers have to know of a graph's program, without compiling it: names, shapes and dtypes of what goes in and comes out.
 *
 * Invariant: of the same graph and names the program's own ports say the same.
 */
import { isPrimitive } from '../graph/build.ts';
import { reachable } from '../graph/graph.ts';
import type { Graph, Value } from '../graph/value.ts';
import type { NamedType, Signature } from '../program/program.ts';
import { sizeOf, symbolOf } from '../types/dim.ts';
import { symbolsOf } from '../types/size.ts';
import { CompileError } from './compileError.ts';

export interface PortNames {
  /** Paths for messages and labels, in the order of the graph's outputs: `y`, `loss`. */
  readonly outputNames?: readonly string[];
  /** The same for inputs; otherwise the names that they carry. */
  readonly inputNames?: readonly string[];
}

/** Throws a `CompileError` where no input has a symbolic axis. */
export function signatureOf(graph: Graph, options: PortNames = {}): Signature {
  boundSymbols(graph);
  const names = namesOf(graph, options);
  const types = (values: readonly Value[], named: readonly string[]): readonly NamedType[] =>
    values.map(({ shape, dtype }, i) => ({ name: named[i] ?? '', shape, dtype }));
  return { name: graph.name, inputs: types(graph.inputs, names.inputs), outputs: types(graph.outputs, names.outputs) };
}

export function namesOf(graph: Graph, { inputNames, outputNames }: PortNames): { readonly inputs: string[]; readonly outputs: string[] } {
  return {
    inputs: graph.inputs.map((value, i) => inputNames?.[i] ?? (isPrimitive(value, 'input') ? value.params.name : `data${i}`)),
    outputs: graph.outputs.map((_, i) => outputNames?.[i] ?? (graph.outputs.length === 1 ? 'y' : `y${i}`)),
  };
}

/** The symbols whose size an input's axis is. Throws where a size needs another. */
export function boundSymbols(graph: Graph): readonly string[] {
  const bound = new Set(graph.inputs.flatMap(({ shape }) => shape.flatMap((dim) => symbolOf(dim) ?? [])));
  const needed = [...graph.inputs, ...reachable(graph.outputs)].flatMap(({ shape }) => shape.flatMap((dim) => symbolsOf(sizeOf(dim))));
  const unknown = needed.find((symbol) => !bound.has(symbol));
  if (unknown !== undefined)
    throw new CompileError(
      `compile: no input of ${graph.name} has the axis '${unknown}' (its size is taken from the inputs: pass a tensor that has the axis, or give it a size, such as '${unknown}=3')`,
    );
  return [...bound];
}
