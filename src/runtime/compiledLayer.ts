/**
 * A compiled layer as a function: what a generated module exports.
 *
 * Invariant: the signature is the source's. Arguments are checked against the layer's structure before anything runs.
 */
import type { CompiledLayer } from '../program/compiledLayer.ts';
import { flatten, gradientStructure, leavesOf, type Structure, unflatten } from '../program/structure.ts';
import { type DeferredTensor, run } from './deferredTensor.ts';
import { AdjointError, ShapeMismatchError } from './errors.ts';
import { hasTensorHandle, type TensorHandle, tensorHandle } from './tensorHandle.ts';

const definitionKey: unique symbol = Symbol.for('adjoint.compiledLayer') as never;

interface Compiled {
  readonly [definitionKey]: CompiledLayer;
}

type Wrap = (tensor: DeferredTensor) => unknown;

/** The layer as a function of type `F`, its source's. */
export function compiledLayer<F>(definition: CompiledLayer): F {
  const call = (...args: readonly unknown[]): unknown => {
    const { tensors, wrap } = readTensors(definition, { kind: 'tuple', items: definition.arguments }, args, 'arguments');
    return unflatten(definition.result, run(definition.forward, tensors).map(wrap));
  };
  // seam: F is the type of the source that this definition was built from
  return Object.assign(call, { [definitionKey]: definition }) as F;
}

export function isCompiledLayer(f: unknown): f is Compiled {
  return typeof f === 'function' && definitionKey in f;
}

/** `vjp` of a compiled layer: runs its compiled backward. Errors: as the call; `ShapeMismatchError` if dy does not fit. */
export function compiledPullback(f: Compiled, args: readonly unknown[]): { readonly y: unknown; backward(dy: unknown): unknown } {
  const definition = f[definitionKey];
  const argumentsStructure: Structure = { kind: 'tuple', items: definition.arguments };
  const { tensors, wrap } = readTensors(definition, argumentsStructure, args, 'arguments');
  const outputs = run(definition.residualForward, tensors);
  const resultCount = definition.forward.outputs.length;
  const results = outputs.slice(0, resultCount);
  const backward = (dy: unknown): unknown => {
    const sources = {
      argument: tensors,
      result: results,
      residual: outputs.slice(resultCount),
      cotangent: readTensors(definition, gradientStructure(definition.result), dy, 'the cotangent').tensors,
    } as const;
    const inputs = definition.backwardInputs.map(({ from, index }) => sources[from][index] as DeferredTensor);
    return unflatten(gradientStructure(argumentsStructure), run(definition.backward, inputs).map(wrap));
  };
  return { y: unflatten(definition.result, results.map(wrap)), backward };
}

function readTensors(definition: CompiledLayer, expected: Structure, nested: unknown, what: string): { readonly tensors: readonly DeferredTensor[]; readonly wrap: Wrap } {
  const { leaves } = flatten(nested, hasTensorHandle);
  const byPath = new Map<string, TensorHandle>(leaves.map(({ path, leaf }) => [path, leaf]));
  const wanted = leavesOf(expected);
  const found = wanted.map(({ path, leaf }) => {
    const tensor = byPath.get(path);
    const type = `${leaf.dtype}[${leaf.shape.join(', ')}]`;
    if (tensor === undefined) throw new ShapeMismatchError(definition.name, path, type, 'nothing', `give ${what} of the layer's structure`);
    return tensor;
  });
  const [first] = found;
  if (first === undefined) throw new AdjointError(`${definition.name}: the layer takes no tensors (a compiled layer takes at least one)`);
  const wrap: Wrap = (tensor) => first[tensorHandle].wrap(tensor);
  return { tensors: found.map((tensor) => tensor[tensorHandle].deferred(definition.name)), wrap };
}
