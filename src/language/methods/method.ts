/**
 * What a method of a tensor is: from the receiver's value and the arguments to the value of the result.
 *
 * Invariant: methods see values only; who calls them makes tensors of the results, with the sizes of all the operands' symbolic axes.
 */
import type { Origin } from '../../graph/build.ts';
import type { Value } from '../../graph/value.ts';

/** One call of a method. */
export interface Call {
  readonly operation: string;
  /** The receiver's. */
  readonly value: Value;
  /** The place that called. */
  readonly at: Origin;
  /** The value of another tensor. Throws a `ShapeError` for what is none, with `sentence` if given; `TensorDisposedError`. */
  tensor(operand: unknown, sentence?: string): Value;
  /** The same, or a number, which takes the receiver's dtype. */
  tensorOrNumber(operand: unknown): Value;
}

// `never[]`: a table holds methods of any arguments, which types check at the caller.
export type Method = (call: Call, ...args: never[]) => Value;

/** One method for each of the names. */
export function each<Name extends string, M extends Method>(names: readonly Name[], method: (name: Name) => M): Readonly<Record<Name, M>> {
  return Object.fromEntries(names.map((name) => [name, method(name)])) as Record<Name, M>;
}
