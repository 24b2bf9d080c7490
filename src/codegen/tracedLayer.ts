/**
 * What `layer(f)` and `jit(f)` let the build see of f: how to trace it. It finds them by these tags.
 *
 * Invariant: the symbols are registered, so that what any copy of the package made is found.
 */
import type { Graph } from '../graph/value.ts';
import type { BackwardInput } from '../program/compiledLayer.ts';
import type { Structure } from '../program/structure.ts';

/** The key under which a layer carries its definition; one for all copies of the package. */
export const layerTag: unique symbol = Symbol.for('adjoint.layer') as never;

export const jitTag: unique symbol = Symbol.for('adjoint.jit') as never;

export interface TracedFunction {
  readonly result: Structure;
  readonly forward: Graph;
  /** Positions of inputs whose memory the program may write. */
  readonly donated: readonly number[];
}

/** A traced layer: its graphs forward, forward with residuals, and backward. */
export interface TracedLayer extends TracedFunction {
  /** The results, then the residuals. */
  readonly residualForward: Graph;
  readonly backward: Graph;
  readonly backwardInputs: readonly BackwardInput[];
}

/** What a layer carries for the build: how to trace it. */
export interface LayerDefinition {
  /** Traces the function forward and backward. `parameters` are the parameters' names. Throws what the function throws. */
  trace(name: string, args: readonly Structure[], parameters: readonly string[]): TracedLayer;
}

/** As `LayerDefinition`, without a backward: a jitted function is differentiated before it is compiled. */
export interface JitDefinition {
  trace(name: string, args: readonly Structure[], parameters: readonly string[]): TracedFunction;
}

export interface TaggedJit {
  readonly [jitTag]: JitDefinition;
}

export function isTaggedJit(value: unknown): value is TaggedJit {
  return typeof value === 'function' && jitTag in value;
}

/** A layer, as the build sees it. */
export interface TaggedLayer {
  readonly [layerTag]: LayerDefinition;
}

/** Whether a value is what `layer(f)` gives. */
export function isTaggedLayer(value: unknown): value is TaggedLayer {
  return typeof value === 'function' && layerTag in value;
}
