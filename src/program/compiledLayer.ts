/**
 * A layer as generated code holds it: its programs forward and backward, and how arguments and results are nested.
 *
 * Invariant: plain data. `residualForward` gives the results and then the residuals; `backward` takes what
 * `backwardInputs` lists and gives one gradient for each floating-point tensor among the arguments.
 */
import type { Program } from './program.ts';
import type { Structure } from './structure.ts';

/** Where an input of the backward program comes from. `index` counts tensors. */
export interface BackwardInput {
  readonly from: 'argument' | 'result' | 'residual' | 'cotangent';
  readonly index: number;
}

/** A function as a program, with how its arguments and its result are nested. */
export interface CompiledFunction<P extends Program = Program> {
  readonly name: string;
  /** The dims that are type parameters of a generic layer: each takes whatever dim it meets, the same one everywhere. */
  readonly typeParameters: readonly string[];
  /** One entry an argument. */
  readonly arguments: readonly Structure[];
  readonly result: Structure;
  readonly forward: P;
}

/** A layer as a generated module holds it: its programs, and how arguments and results are nested. Plain data. */
export interface CompiledLayer<P extends Program = Program> extends CompiledFunction<P> {
  readonly residualForward: P;
  readonly backward: P;
  readonly backwardInputs: readonly BackwardInput[];
  /** The arguments' tensors, by position, whose memory `forward` may write. `residualForward` leaves them, for backward. */
  readonly donated?: readonly number[];
}
