import { AdjointError } from '../types/adjointError.ts';

/**
 * A broken invariant of a graph: a mistake of this library, never the user's. The language checks shapes first and
 * says so in the user's terms; what reaches here is a bug worth reporting.
 */
export class GraphError extends AdjointError {
  static override readonly name: string = 'GraphError';
  /** The text is `internal: <subject>: <what is wrong>`; the subject is a primitive or a function of this folder. */
  constructor(subject: string, wrong: string) {
    super(`internal: ${subject}: ${wrong}`);
  }
}
