/**
 * A source file that exists only in memory, beside a file to build: it says generic layers' instantiations, `linear<'N', 'I', 'O'>`.
 *
 * Invariant: what it imports never changes. So it is part of the program from the start, empty, and the program in which it says
 * something takes everything but the checker from the one before.
 */
import { basename } from 'node:path';
import type { CompilerOptions } from 'ts-morph';
import { siblingSpecifier } from './siblingSpecifier.ts';

export const probePathOf = (path: string): string => path.replace(/\.([mc]?ts)$/, '.adjoint-probe.$1');

export interface Instantiation {
  /** The name of the export. */
  readonly name: string;
  readonly typeParameters: readonly string[];
}

/** The instantiations are the types of `probe0`, `probe1`, and so on. */
export function probeText(options: CompilerOptions, path: string, instantiations: readonly Instantiation[] = []): string {
  const lines = instantiations.map(
    ({ name, typeParameters }, index) =>
      `export declare const probe${index}: typeof source.${name}<${typeParameters.map((parameter) => `'${parameter}'`).join(', ')}>;`,
  );
  return [`import type * as source from '${siblingSpecifier(options, basename(path))}';`, ...lines, ''].join('\n');
}
