/** What is wrong with a file of tensors, or with what it is read for. */
import { AdjointError } from '../types/adjointError.ts';

/** A file that is truncated, oversized, contradicts itself, or does not hold what it is read for. Nothing was loaded. */
export class SafetensorsError extends AdjointError {
  /** The path, or how the caller called the bytes. */
  readonly file: string;

  constructor(operation: string, file: string, problem: string, remedy: string) {
    super(`${operation}: ${file}: ${problem} (${remedy})`);
    this.file = file;
  }
}
