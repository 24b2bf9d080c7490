/**
 * `adjoint build`: the build with its results on the terminal.
 *
 * Invariant: what was found goes to standard output, and with --json nothing else does; errors go to standard error.
 */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { BuildResult, BuiltFile, FileStatus } from '../codegen/build.ts';
import type { Choices } from '../program/choices.ts';

export interface BuildFlags {
  readonly check?: boolean;
  readonly json?: boolean;
  readonly tune?: boolean;
  readonly tuneSizes?: readonly number[];
  /** False: choices that modules were built with are forgotten. */
  readonly tuned?: boolean;
}

/** Gives the exit code. */
export async function runBuild(paths: readonly string[], flags: BuildFlags): Promise<number> {
  const { check = false, json = false } = flags;
  // Here, not above: the checker takes a second to load, and `adjoint doctor` does not need it.
  const { build, printDiagnostic } = await import('../codegen/build.ts');
  const choices = flags.tune === true ? await tuned(paths, flags) : undefined;
  const onTerminal = process.stdout.isTTY === true && !json;
  const result = await build(paths, {
    check,
    choices: flags.tuned === false ? 'none' : choices,
    onFile: (file) => onTerminal && console.log(progressLine(file)),
  });
  if (json) {
    console.log(JSON.stringify(result, undefined, 2));
    return result.ok ? 0 : 1;
  }
  const options = process.stderr.isTTY === true ? { sourceText: readSource } : {};
  for (const diagnostic of result.diagnostics) console.error(printDiagnostic(diagnostic, options));
  if (!onTerminal) for (const file of result.files) if (isNews(file.status)) console.log(progressLine(file));
  console.log(summary(result, check));
  return result.ok ? 0 : 1;
}

async function tuned(paths: readonly string[], { tuneSizes, json = false }: BuildFlags): Promise<Choices> {
  const { tuneFiles } = await import('./tuneFiles.ts');
  return tuneFiles(paths, tuneSizes, json ? console.error : console.log);
}

/** `2,64,512` */
export function readTuneSizes(text: string): readonly number[] {
  const sizes = text.split(',').map(Number);
  if (sizes.every((size) => Number.isInteger(size) && size > 0)) return sizes.toSorted((a, b) => a - b);
  throw new InvalidArgumentError('sizes are whole, positive numbers, as in 2,64,512.');
}

const remarks: { readonly [S in FileStatus]: string } = {
  written: 'written',
  unchanged: 'up to date',
  missing: 'missing (run adjoint build)',
  stale: 'stale (run adjoint build)',
  orphaned: 'orphaned: its source exports no layers (delete it)',
  failed: 'not written, because of errors',
};

const isNews = (status: FileStatus): boolean => status === 'missing' || status === 'stale' || status === 'orphaned';

function progressLine({ generated, status, layers }: BuiltFile): string {
  const built = layers.length === 0 ? '' : `, ${layers.map(({ name }) => name).join(', ')}`;
  return `${generated}: ${remarks[status]}${built}`;
}

function summary({ files, diagnostics }: BuildResult, check: boolean): string {
  const count = (...statuses: readonly FileStatus[]): number => files.filter(({ status }) => statuses.includes(status)).length;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const parts = check
    ? [`${count('unchanged')} up to date`, `${count('missing', 'stale', 'orphaned')} to renew`]
    : [`${count('written')} written`, `${count('unchanged')} up to date`];
  return [...parts, `${errors} ${errors === 1 ? 'error' : 'errors'}`].join(', ');
}

function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // the file that a diagnostic names need not exist
  }
}
