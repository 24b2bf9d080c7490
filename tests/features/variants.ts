/**
 * Graphs on a session, every variant of every kernel in turn, against the f64 evaluator.
 *
 * Invariant: what is said to have run has run: names come from the variants that were executed, and a graph of which no variant
 * is wanted is an error.
 */
import { at } from '../../src/codegen/at.ts';
import { compile } from '../../src/codegen/compile.ts';
import { errorOf, inputsFor } from '../../src/codegen/testing/differential.ts';
import * as b from '../../src/graph/build.ts';
import { evaluate } from '../../src/graph/evaluate.ts';
import { makeGraph } from '../../src/graph/graph.ts';
import { substitute } from '../../src/graph/substitute.ts';
import type { Graph } from '../../src/graph/value.ts';
import type { KernelVariant, Program } from '../../src/program/program.ts';
import { hostArrays } from '../../src/runtime/hostData.ts';
import type { Session } from '../../src/runtime/session.ts';
import { sizeOf } from '../../src/types/dim.ts';

/** The same with halves at the boundary in the place of f32. Arithmetic is in f32 either way: kernels differ in how they load and store. */
export function inHalves(graph: Graph): Graph {
  const halves = graph.inputs.map((value) => {
    if (value.dtype !== 'f32' || !('name' in value.params)) return { input: value, value };
    const input = b.input(value.params.name, value.shape, 'f16');
    return { input, value: b.cast(input, 'f32') };
  });
  const outputs = substitute(graph.outputs, (value) => halves[graph.inputs.indexOf(value)]?.value);
  return makeGraph(
    graph.name,
    halves.map(({ input }) => input),
    outputs.map((value) => (value.dtype === 'f32' ? b.cast(value, 'f16') : value)),
  );
}

/** Executes with exactly these variants, whatever they require of subgroups' size: quads are quads in any subgroup. */
async function run(session: Session, program: Program, chosen: readonly KernelVariant[], inputs: readonly ArrayLike<number>[]) {
  const kernels = program.kernels.map((kernel, i) => {
    const { requires, cost: _, ...variant } = at(chosen, i);
    const { subgroupSize, ...others } = requires;
    return {
      ...kernel,
      variants: [{ ...variant, requires: requires.subgroupMatrix === undefined ? others : { ...others, subgroupSize } }],
    };
  });
  const tensors = program.inputs.map(({ shape, dtype }, i) =>
    session.upload(hostArrays[dtype].from(at(inputs, i)), shape, shape.map(sizeOf).map(Number), dtype),
  );
  const outputs = session.execute({ ...program, kernels } as Program, tensors);
  const elements = await Promise.all(outputs.map((output) => output.data()));
  for (const tensor of [...tensors, ...outputs]) tensor.dispose();
  return elements;
}

export interface Ran {
  /** The variants that ran, each once. */
  readonly names: readonly string[];
  /** As `errorOf` counts it: as a part of 1 + |expected|. */
  readonly error: number;
}

export interface Wanted {
  /** Those of which each runs. */
  readonly variants: (variant: KernelVariant) => boolean;
  /** Of all tiles, not of those alone that the cost model takes. */
  readonly tiles?: 'all';
}

/** All variants that are wanted, one of each kernel at a time; a kernel without one runs its last. */
export async function everyVariant(session: Session, graph: Graph, wanted: Wanted): Promise<Ran> {
  const inputs = inputsFor(graph);
  const expected = evaluate(graph, inputs);
  const storageBuffers = session.device.limits.maxStorageBuffersPerShaderStage;
  const program = compile(graph, { storageBuffers, lines: true, ...(wanted.tiles && { variants: wanted.tiles }) });
  const pools = program.kernels.map(({ variants }) => variants.filter(wanted.variants));
  const rounds = Math.max(...pools.map(({ length }) => length));
  if (rounds === 0) throw new Error(`${graph.name}: none of its variants is wanted (${tilesOf(program)})`);
  const names = new Set<string>();
  let error = 0;
  for (let round = 0; round < rounds; round++) {
    const chosen = program.kernels.map(({ variants }, i) => {
      const pool = at(pools, i);
      return pool[Math.min(round, pool.length - 1)] ?? at(variants, variants.length - 1);
    });
    const elements = await run(session, program, chosen, inputs);
    error = Math.max(error, ...elements.map((output, i) => errorOf(output, at(expected, i))));
    for (const variant of chosen.filter(wanted.variants)) names.add(variant.name);
  }
  return { names: [...names], error };
}

const tilesOf = ({ kernels }: Program): string => kernels.flatMap(({ variants }) => variants.map(({ name }) => name)).join(', ');
