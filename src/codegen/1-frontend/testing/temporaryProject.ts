/** A project of a user's in a temporary folder, in which `adjoint` is this checkout. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const packageRoot = resolve(import.meta.dirname, '../../../..');

export interface TemporaryProject {
  readonly folder: string;
  write(path: string, text: string): void;
  remove(): void;
}

/** `compilerOptions` undefined: without a tsconfig.json. */
export function temporaryProject(
  files: Readonly<Record<string, string>>,
  compilerOptions?: Readonly<Record<string, unknown>>,
): TemporaryProject {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-build-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(packageRoot, join(folder, 'node_modules/adjoint'), 'dir');
  write('package.json', JSON.stringify({ type: 'module' }));
  if (compilerOptions !== undefined) write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['.'] }));
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Options of a project that imports its own files by `.js`. */
export const plainOptions = {
  target: 'es2022',
  lib: ['es2023', 'esnext.disposable', 'dom'],
  module: 'nodenext',
  types: [],
  customConditions: ['adjoint-source'],
  strict: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  noEmit: true,
} as const;
