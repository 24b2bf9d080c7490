/**
 * What `layer(f)` lets the build see of f: how to trace it. The build finds exported layers by this tag.
 *
 * Invariant: the symbol is registered, so that a layer made by any copy of the package is found.
 */
import type { Graph } from '../graph/value.ts';
import type { BackwardInput } from '../program/compiledLayer.ts';
import type { Structure } from '../program/structure.ts';

export const layerTag: unique symbol = Symbol.for('adjoint.layer') as never;

export interface TracedLayer {
  readonly result: Structure;
  readonly forward: Graph;
  /** The results, then the residuals. */
  readonly residualForward: Graph;
  readonly backward: Graph;
  readonly backwardInputs: readonly BackwardInput[];
}

export interface LayerDefinition {
  /** Traces the function forward and backward. `parameters` are the parameters' names. Throws what the function throws. */
  trace(name: string, args: readonly Structure[], parameters: readonly string[]): TracedLayer;
}

export interface TaggedLayer {
  readonly [layerTag]: LayerDefinition;
}

export function isTaggedLayer(value: unknown): value is TaggedLayer {
  return typeof value === 'function' && layerTag in value;
}
