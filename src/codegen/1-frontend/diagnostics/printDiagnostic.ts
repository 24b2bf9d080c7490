/**
 * Diagnostics as text: `file:line:column: error: sentence`, which editors and terminals turn into links.
 *
 * Invariant: without `sourceText` one line each, and one for each note.
 */
import type { Diagnostic } from './diagnostic.ts';

/** What `printDiagnostic` may quote from. */
export interface PrintOptions {
  /** The text of a file, to quote the line with a caret under the column. */
  readonly sourceText?: (file: string) => string | undefined;
}

/** A diagnostic as text, in the way of compilers: file, line, column, sentence, and the line itself with a caret. */
export function printDiagnostic(diagnostic: Diagnostic, options: PrintOptions = {}): string {
  const { file, line, column, severity, message, notes } = diagnostic;
  const text = options.sourceText?.(file)?.split('\n')[line - 1]?.trimEnd();
  const number = `${line}`;
  const margin = ' '.repeat(number.length);
  const quoted = text === undefined || text === '' ? [] : [`${number} | ${text}`, `${margin} | ${caretPadding(text, column)}^`];
  return [`${file}:${line}:${column}: ${severity}: ${message}`, ...quoted, ...notes.map((note) => `  note: ${note}`)].join('\n');
}

/** Tabs stay tabs, so that the caret stands under its column. */
function caretPadding(text: string, column: number): string {
  return text.slice(0, column - 1).replace(/[^\t]/g, ' ');
}

/** By file, then by position. */
export function compareDiagnostics(left: Diagnostic, right: Diagnostic): number {
  const byFile = left.file < right.file ? -1 : left.file > right.file ? 1 : 0;
  return byFile || left.line - right.line || left.column - right.column;
}
