/**
 * A value is one node of a graph: a primitive, its operands and its parameters, with the shape and dtype that follow.
 * Values are immutable, and a graph is no more than the values reached from its outputs.
 *
 * Invariant: `level` is greater than that of every operand, so sorting by it gives a topological order.
 */
import type { Dim } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import type { Primitive, PrimitiveParams } from './primitive.ts';

/** One node of a graph: a primitive, its operands and parameters, and the shape and dtype of its result. */
export interface Value<P extends Primitive = Primitive> {
  readonly primitive: P;
  readonly operands: readonly Value[];
  readonly params: PrimitiveParams[P];
  readonly shape: readonly Dim[];
  readonly dtype: DType;
  readonly level: number;
  /** True if the value depends on something that has no data yet: an `input`, or an `identity` made by `vjp`. */
  readonly traced: boolean;
  /** Where the user wrote it: an `Error` whose stack is formatted only when someone asks. */
  readonly origin?: { readonly stack?: string };
}

/** A function as values: `inputs` are leaves (`input` or `data`), every other leaf reached is a `constant` or an `iota`. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}
