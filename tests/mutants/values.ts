/**
 * Whether two variants of a file compute the same: results, and gradients for a random cotangent, in f64, on several seeded inputs.
 *
 * Invariant: the same inputs for both; what throws differs from what does not.
 */
import { pathToFileURL } from 'node:url';
import { evaluate } from '../../src/graph/evaluate.ts';
import { makeGraph } from '../../src/graph/graph.ts';
import { uniform } from '../../src/graph/testing/uniform.ts';
import { parameters } from '../../src/language/parameters.ts';
import { sourcesOf } from '../../src/language/realize.ts';
import { traceFunction } from '../../src/language/traceFunction.ts';
import { vjp } from '../../src/language/vjp.ts';
import type { Structure } from '../../src/program/structure.ts';
import { type Dim, sizeTextOf } from '../../src/types/dim.ts';
import type { Given } from './corpus.ts';

export type Layer = (...args: never[]) => unknown;

/** How a layer is called. */
export interface Call {
  readonly name: string;
  readonly given: readonly Given[];
  /** In the place of `given`. */
  readonly structures?: readonly Structure[];
  /** Only the result is compared: gradients are part of it. */
  readonly forwardOnly?: true;
  /** The first argument is a model's parameters. */
  readonly ofParameters?: true;
  /** What is called, made from what is exported. */
  readonly called?: (exported: Layer) => Layer;
}

const symbols = { batch: 3 };
const draws = [
  { seed: 1, low: -1, high: 1 },
  { seed: 1000, low: 0.1, high: 2 },
  { seed: 2000, low: -3, high: 3 },
];
const tolerance = 1e-9;

const isShape = (given: Given): given is readonly Dim[] => Array.isArray(given);

function structureOf(given: Given): Structure {
  if (typeof given === 'number') return { kind: 'plain', value: given };
  if (isShape(given)) return { kind: 'tensor', type: { shape: given, dtype: 'f32' } };
  return { kind: 'object', entries: Object.fromEntries(Object.entries(given).map(([name, entry]) => [name, structureOf(entry)])) };
}

const elementsOf = (shape: readonly Dim[]): number =>
  shape.reduce<number>((product, dim) => product * (dim === 'batch' ? symbols.batch : Number(sizeTextOf(dim))), 1);

/** Runs one call for every draw: the elements of all its results and gradients. */
async function valuesOf(given: Layer, call: Call): Promise<readonly Float64Array[]> {
  const made = call.called === undefined ? given : call.called(given);
  const layer = call.ofParameters ? ofParameters(made) : made;
  const structures = call.structures ?? call.given.map(structureOf);
  const forward = traceFunction('layer', layer, { kind: 'tuple', items: structures });
  const { inputs, outputs } = call.forwardOnly
    ? forward
    : traceFunction('layer', pullback(layer), { kind: 'tuple', items: [...structures, forward.result] });
  const { leaves, sources } = sourcesOf(outputs, 'mutants', new Set(inputs));
  const created = await Promise.all(sources.map((source) => source.data()));
  const graph = makeGraph('mutant', [...inputs, ...leaves], outputs);
  return draws.flatMap(({ seed, low, high }) => {
    const drawn = inputs.map(({ shape, dtype }, index) => {
      const numbers = uniform(elementsOf(shape), seed + index, low, high);
      return dtype === 'f32' ? numbers : numbers.map((x) => Math.abs(Math.trunc(x)));
    });
    return evaluate(graph, [...drawn, ...created], symbols);
  });
}

const ofParameters =
  (layer: Layer) =>
  (model: object, ...rest: never[]): unknown =>
    layer(parameters(model) as never, ...rest);

const pullback =
  (layer: Layer) =>
  (...args: never[]): unknown => {
    // seam: any layer, called with what its table of arguments says
    const { y, backward } = vjp(layer as (...given: never[]) => never)(...args.slice(0, -1));
    return [y, ...(backward(args.at(-1) as never) as unknown[])];
  };

async function loaded(path: string): Promise<Readonly<Record<string, Layer>>> {
  return (await import(pathToFileURL(path).href)) as Readonly<Record<string, Layer>>;
}

/** The call as it can be made: with gradients if the result has any, or not at all. */
async function possible(layer: Layer, call: Call): Promise<readonly { readonly call: Call; readonly values: readonly Float64Array[] }[]> {
  for (const attempt of call.structures === undefined ? [call] : [call, { ...call, forwardOnly: true as const }]) {
    try {
      return [{ call: attempt, values: await valuesOf(layer, attempt) }];
    } catch (error) {
      // A call by hand is one that can be made.
      if (call.structures === undefined) throw error;
    }
  }
  return [];
}

/** Compares variants of one file with it; its own values are computed once. */
export function comparison(
  original: string,
  calls: readonly Call[],
  uncalled: readonly string[],
): (variant: string) => Promise<string | undefined> {
  const expected = once(async () => {
    const exported = await loaded(original);
    const made = (await Promise.all(calls.map((call) => possible(named(exported, call.name), call)))).flat();
    const [missed] = [...uncalled, ...calls.map(({ name }) => name)].filter((name) => !made.some(({ call }) => call.name === name));
    return { made, missed };
  });
  /** Undefined where the variant computes what the original does; else in words what differs. What nothing calls may differ. */
  return async (variant) => {
    const [{ made, missed }, exported] = [await expected(), await loaded(variant)];
    for (const { call, values } of made) {
      try {
        if (!areEqual(values, await valuesOf(named(exported, call.name), call))) return `${call.name} computes other numbers`;
      } catch (error) {
        return `${call.name} throws: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
    return missed === undefined ? undefined : `nothing calls ${missed}`;
  };
}

function named(exported: Readonly<Record<string, Layer>>, name: string): Layer {
  const layer = exported[name];
  if (layer === undefined) throw new Error(`mutants: the corpus calls '${name}', which its file does not export`);
  return layer;
}

function once<T>(compute: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}

function areEqual(left: readonly Float64Array[], right: readonly Float64Array[]): boolean {
  return (
    left.length === right.length &&
    left.every((elements, index) => {
      const others = right[index] ?? new Float64Array();
      return (
        elements.length === others.length &&
        elements.every((x, at) => Math.abs(x - (others[at] ?? Number.NaN)) <= tolerance * Math.max(1, Math.abs(x)))
      );
    })
  );
}
