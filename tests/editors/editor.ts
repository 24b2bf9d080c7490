/**
 * What a test asks of an editor's language service, whichever process gives it.
 *
 * Invariant: positions count from 0, as in the language server protocol.
 */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Diagnosis {
  readonly start: Position;
  readonly end: Position;
  readonly text: string;
}

export interface Editor {
  readonly name: string;
  /** Shows a file with this text, saved or not. Again: changes the text. */
  show(path: string, text: string): Promise<void>;
  diagnostics(path: string): Promise<readonly Diagnosis[]>;
  hover(path: string, at: Position): Promise<string>;
  completions(path: string, at: Position): Promise<readonly string[]>;
  close(): void;
}

/** The position just after the only occurrence of `text`; `into` counts back from its end. */
export function positionAfter(source: string, text: string, into = 0): Position {
  const at = source.indexOf(text);
  if (at < 0 || source.indexOf(text, at + 1) >= 0) throw new Error(`'${text}' does not stand exactly once`);
  const before = source.slice(0, at + text.length - into).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}
