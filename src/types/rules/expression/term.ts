/**
 * The parts of an expression, as they stand on the stack.
 *
 * Invariant: `text` is the part as it could be written again, with single spaces and the parentheses it had.
 */
import type { DType } from '../../dtype.ts';
import type { Shape } from '../../shape.ts';

/**
 * A part of an expression: its dtype ('number' for a plain number), its shape, its text, whether a suffix can follow the text
 * as it stands, and the products in it, whose names are checked last, because type parameters leave that open.
 */
export interface Term {
  readonly dtype: DType | 'number';
  readonly shape: Shape;
  readonly text: string;
  readonly form: 'atom' | 'compound';
  readonly products: readonly (readonly [left: Term, right: Term])[];
}

/** The same as a type: a tuple, cheap to take apart. */
export type TermType = readonly [
  dtype: unknown,
  shape: readonly unknown[],
  text: string,
  form: 'atom' | 'compound',
  products: readonly unknown[],
];
