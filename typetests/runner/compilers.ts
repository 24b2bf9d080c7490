/**
 * Runs the supported compilers on the type tests' project, once each.
 *
 * Invariant: nothing tells where the project lies; a compiler that says something that is no diagnostic is an error.
 */
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');

export const compilers = { '5.9': 'typescript-5', '6.0': 'typescript', '7.0': 'typescript-7' } as const;
export type Compiler = keyof typeof compilers;

export interface Diagnostic {
  /** From 1. */
  readonly line: number;
  /** `TS2345: Argument of type …`, all its lines. */
  readonly text: string;
}

/** Per file, what a compiler says of the project in `folder`. */
export function diagnose(compiler: Compiler, folder: string): ReadonlyMap<string, readonly Diagnostic[]> {
  const tsc = join(root, 'node_modules', compilers[compiler], 'bin/tsc');
  const { stdout, stderr, error } = spawnSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', folder], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  if (error !== undefined || stderr.trim() !== '') throw error ?? new Error(`tsc ${compiler}: ${stderr}`);
  return parse(stdout.replaceAll(`${root}/`, ''), (file) => relative(folder, join(root, file)));
}

/** The compiler's plain output by file. Throws on a line that belongs to no file. */
export function parse(output: string, name: (file: string) => string = (file) => file): ReadonlyMap<string, readonly Diagnostic[]> {
  const byFile = new Map<string, Diagnostic[]>();
  for (const part of output.split(/^(?=\S)/m).filter((text) => text.trim() !== '')) {
    const [, file, line, text] = /^(.+?)\((\d+),\d+\): error (TS\d+: [\s\S]*)$/.exec(part.trimEnd()) ?? [];
    if (file === undefined || text === undefined) throw new Error(`tsc: ${part}`);
    byFile.set(name(file), [...(byFile.get(name(file)) ?? []), { line: Number(line), text }]);
  }
  return byFile;
}
