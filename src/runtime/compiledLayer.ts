/**
 * A compiled layer as a function: what a generated module exports.
 *
 * Invariant: the signature is the source's. Arguments are checked against the layer's structure and dims before anything
 * runs, and results carry the caller's dims, as the types say.
 */
import type { CompiledLayer } from '../program/compiledLayer.ts';
import { flatten, gradientStructure, leavesOf, type Structure, unflatten } from '../program/structure.ts';
import { differenceOf } from '../program/structureDifference.ts';
import type { Dim } from '../types/dim.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tie } from '../types/tie.ts';
import { bindDims, boundShape, type SubstituteSizes } from './bindDims.ts';
import { type DeferredTensor, run } from './deferredTensor.ts';
import { hasTensorHandle, type TensorHandle, tensorHandle } from './tensorHandle.ts';

const definitionKey: unique symbol = Symbol.for('adjoint.compiledLayer') as never;

interface Definition extends CompiledLayer {
  readonly substitute: SubstituteSizes | undefined;
}

interface Compiled {
  readonly [definitionKey]: Definition;
}

/** The layer as a function of type `F`, its source's. `substitute` is that of `adjoint/sizes`, for layers with computed sizes. */
export function compiledLayer<F>(layer: CompiledLayer, substitute?: SubstituteSizes): F {
  const definition: Definition = { ...layer, substitute };
  const call = (...args: readonly unknown[]): unknown => {
    const { tensors, wrap } = readArguments(definition, args);
    return nest(definition.result, run(definition.forward, tensors, { donate: definition.donated ?? [] }), wrap);
  };
  // seam: F is the type of the source that this definition was built from
  return Object.assign(call, { [definitionKey]: definition }) as F;
}

export function isCompiledLayer(f: unknown): f is Compiled {
  return typeof f === 'function' && definitionKey in f;
}

/** `vjp` of a compiled layer: runs its compiled backward. Errors: as the call; `ShapeError` if dy does not fit y. */
export function compiledPullback(f: Compiled, args: readonly unknown[]): { readonly y: unknown; backward(dy: unknown): unknown } {
  const definition = f[definitionKey];
  const { tensors, wrap, bound } = readArguments(definition, args);
  const outputs = run(definition.residualForward, tensors);
  const resultCount = definition.forward.outputs.length;
  const results = outputs.slice(0, resultCount);
  const cotangentStructure = gradientStructure(definition.result);
  const backward = (dy: unknown): unknown => {
    const cotangents = readTensors(definition, cotangentStructure, dy, 'dy is');
    bindDims(definition.name, [], dimsOf(definition, cotangentStructure, cotangents, bound));
    const sources = {
      argument: tensors,
      result: results,
      residual: outputs.slice(resultCount),
      cotangent: cotangents.map((tensor) => tensor[tensorHandle].deferred(definition.name)),
    } as const;
    const inputs = definition.backwardInputs.map(({ from, index }) => sources[from][index] as DeferredTensor);
    return nest(gradientStructure({ kind: 'tuple', items: definition.arguments }), run(definition.backward, inputs), wrap);
  };
  return { y: nest(definition.result, results, wrap), backward };
}

interface Arguments {
  readonly tensors: readonly DeferredTensor[];
  readonly bound: ReadonlyMap<Dim, Dim>;
  /** Makes a result a tensor of the caller's kind and dims. */
  readonly wrap: (tensor: DeferredTensor, tie?: Tie) => unknown;
}

/** Results nested as the layer's type says, parameters and gradients with their names. */
function nest(structure: Structure, tensors: readonly DeferredTensor[], wrap: Arguments['wrap']): unknown {
  const types = leavesOf(structure);
  return unflatten(
    structure,
    tensors.map((tensor, index) => wrap(tensor, types[index]?.leaf.tie)),
  );
}

function readArguments(definition: Definition, args: readonly unknown[]): Arguments {
  const structure: Structure = { kind: 'tuple', items: definition.arguments };
  const found = readTensors(definition, structure, args, 'the arguments are');
  const first = found[0] as TensorHandle; // seam: the build refuses layers without tensors
  const bound = bindDims(
    definition.name,
    definition.typeParameters,
    dimsOf(definition, structure, found, new Map()),
    definition.substitute,
  );
  return {
    tensors: found.map((tensor) => tensor[tensorHandle].deferred(definition.name)),
    bound,
    wrap: (tensor, tie) => first[tensorHandle].wrap(tensor.withShape(boundShape(tensor.shape, bound, definition.substitute)), tie),
  };
}

function dimsOf({ substitute }: Definition, structure: Structure, tensors: readonly TensorHandle[], bound: ReadonlyMap<Dim, Dim>) {
  return leavesOf(structure).map(({ path, leaf }, index) => ({
    path: path || 'dy', // arguments have paths; a result that is one tensor has none, and neither has its cotangent
    expected: boundShape(leaf.shape, bound, substitute),
    given: tensors[index]?.shape ?? [],
  }));
}

/** The tensors of nested arguments in the structure's order. Throws a `ShapeError` where the nesting or a plain value differs. */
function readTensors(definition: CompiledLayer, expected: Structure, nested: unknown, what: string): readonly TensorHandle[] {
  const { structure, leaves } = flatten(nested, hasTensorHandle);
  const problem = differenceOf(expected, structure, () => true);
  if (problem !== undefined) {
    throw new ShapeError(
      `${definition.name}: ${what} not what the layer was built for: ${problem} (give its structure and plain values, or build it for these)`,
    );
  }
  const byPath = new Map(leaves.map(({ path, leaf }) => [path, leaf]));
  return leavesOf(expected).flatMap(({ path }) => byPath.get(path) ?? []);
}
