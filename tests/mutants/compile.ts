/**
 * What TypeScript 7 says of many variants of files, all in one program.
 *
 * A variant is refused where it stands, or because what it exports no longer has the types of the original's exports: then whoever
 * calls it is refused.
 *
 * Invariant: a variant is refused by the rules of shapes alone. Syntax errors and unknown names are the generator's mistakes and throw.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export interface Variant {
  /** Its file in the folder of the run. */
  readonly name: string;
  readonly text: string;
  /** The file that it is a variant of, and what that exports. */
  readonly original: string;
  readonly exported: readonly string[];
}

export interface Diagnostic {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly text: string;
}

/** TS2304, 2448, 2552 and the like: names that are not there, or not yet; TS1…: syntax. */
const generatorsMistake = /^TS(1\d{3}|2304|2305|2307|2448|2451|2454|2552)$/;

/** A folder inside the package, so that `adjoint` resolves; not in node_modules, where nothing would. */
export function scratchFolder(root: string): string {
  const folder = join(root, 'tests/mutants/.scratch', `${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Writes the variants and gives what is said of each; those that are accepted have an empty list. */
export function compile(root: string, folder: string, variants: readonly Variant[]): ReadonlyMap<string, readonly Diagnostic[]> {
  for (const variant of variants) {
    mkdirSync(dirname(join(folder, variant.name)), { recursive: true });
    writeFileSync(join(folder, variant.name), fileOf(root, folder, variant));
  }
  const config = join(folder, 'tsconfig.json');
  const files = variants.map(({ name }) => name);
  writeFileSync(
    config,
    JSON.stringify({ extends: relative(folder, join(root, 'tsconfig.json')), compilerOptions: { rootDir: root }, files, include: [] }),
  );
  const tsc = join(root, 'node_modules/typescript-7/bin/tsc');
  const { stdout, stderr, error } = spawnSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', config], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 256 * 2 ** 20,
  });
  if (error !== undefined || stderr.trim() !== '') throw error ?? new Error(`tsc: ${stderr}`);
  const said = new Map<string, Diagnostic[]>(files.map((name) => [name, []]));
  for (const part of stdout.split(/^(?=\S)/m).filter((text) => text.trim() !== '')) {
    const [, file = '', line, column, code = '', text = ''] = /^(.+?)\((\d+),(\d+)\): error (TS\d+): ([\s\S]*)$/.exec(part.trimEnd()) ?? [];
    // Errors in the library's own files are another test's; what they would do to mutants, they do to the originals, too.
    if (file.startsWith('..')) continue;
    const diagnostics = said.get(file);
    if (diagnostics === undefined) throw new Error(`mutants: tsc: ${part}`);
    if (generatorsMistake.test(code)) throw new Error(`mutants: not a mistake of shapes: ${part}`);
    diagnostics.push({ line: Number(line), column: Number(column), code, text });
  }
  return said;
}

function fileOf(root: string, folder: string, { name, text, original, exported }: Variant): string {
  const from = dirname(join(folder, name));
  const to = (path: string): string => relative(from, path).replace(/^(?!\.)/, './');
  const fixed = text.replace(
    /(from ')(\.[^']*)(')/g,
    (_, before: string, path: string, after: string) => `${before}${to(join(root, dirname(original), path))}${after}`,
  );
  if (exported.length === 0) return fixed;
  const types = exported.map((value) => `${value}: typeof original.${value}`).join('; ');
  return [
    fixed.trimEnd(),
    '',
    `import type * as original from '${to(join(root, original))}';`,
    `export const sameTypes: { ${types} } = { ${exported.join(', ')} };`,
    '',
  ].join('\n');
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });
