import { AdjointError } from '../types/adjointError.ts';

/** A graph that the compiler does not turn into kernels. The message is a sentence: `<what>: <what is wrong>: <shapes> (<what to try>)`. */
export class CompileError extends AdjointError {
  static override readonly name: string = 'CompileError';
}
