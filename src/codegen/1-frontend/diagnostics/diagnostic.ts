/**
 * What the build has to say about a place in a source file.
 *
 * Invariant: plain data; `file` is relative to the folder the build was started in, with forward slashes; lines and columns
 * count from 1.
 */
import type { DiagnosticCode } from './catalogue.ts';

/** A place in a source file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What the build says of one mistake, and where it is. */
export interface Diagnostic extends Position {
  readonly code: DiagnosticCode;
  /** A note does not fail the build. */
  readonly severity: 'error' | 'note';
  /** One sentence: `<layer>: <what is wrong> (<what to try>)`. */
  readonly message: string;
  /** More to know, one line each. */
  readonly notes: readonly string[];
}
