/**
 * What a shape rule says when it refuses. At compile time the sentence is a type; at run time it is this error's message.
 *
 * Invariant: every rule writes its sentence once, as a type and a function of one name, so both texts agree.
 */
import { AdjointError } from './adjointError.ts';

/** A shape, dtype or axis that does not fit. The message names the operation, the shapes and what to try. */
export class ShapeError extends AdjointError {
  static override readonly name: string = 'ShapeError';
}

declare const reason: unique symbol;

/** The type of a result that the shape rules refuse: it has no members, and says why. */
export interface Refused<Sentence> {
  readonly [reason]: Sentence;
}
