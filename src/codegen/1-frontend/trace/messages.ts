/**
 * What passes between the build and the thread that runs the user's modules.
 *
 * Invariant: plain data, so that it crosses as it is.
 */
import type { CompiledFunction, CompiledLayer } from '../../../program/compiledLayer.ts';
import type { DescribedProgram } from '../../../program/program.ts';
import type { Structure } from '../../../program/structure.ts';
import type { VariantOptions } from '../../compile.ts';

export interface TraceRequest {
  /** Absolute path of the module. */
  readonly file: string;
  readonly layers: readonly LayerRequest[];
  readonly variants: VariantOptions;
}

export interface LayerRequest {
  readonly name: string;
  /** Those of a generic layer; in the structures they are axes of the same names. */
  readonly typeParameters: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly structure: Structure }[];
  readonly result: Structure;
}

export interface TraceFailure {
  readonly code:
    | 'module_throws'
    | 'not_a_layer'
    | 'shape_differs'
    | 'not_a_tensor_operation'
    | 'reads_outside'
    | 'donates_nothing'
    | 'body_throws'
    | 'not_compiled';
  readonly message: string;
  /** The stack, innermost first, in the user's TypeScript. */
  readonly frames: readonly Frame[];
}

export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type LayerAnswer = { readonly name: string } & (
  | { readonly compiled: CompiledFunction<DescribedProgram> | CompiledLayer<DescribedProgram> }
  | { readonly failure: TraceFailure }
);

/** One answer a request, in order. */
export type TraceAnswer = { readonly layers: readonly LayerAnswer[] } | { readonly failure: TraceFailure };
