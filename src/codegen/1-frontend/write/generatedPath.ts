/**
 * Where the generated module of a source lies: `linear.ts` has `linear.adjoint.ts` beside it.
 *
 * Invariant: a path is a source's or a generated module's, never both; declaration files are neither.
 */
const source = /^(.*?)(\.adjoint)?\.(ts|mts|cts)$/;

export function isSourcePath(path: string): boolean {
  const [, , generated, extension] = source.exec(path) ?? [];
  return extension !== undefined && generated === undefined && !/\.d\.[mc]?ts$/.test(path);
}

export function isGeneratedPath(path: string): boolean {
  return source.exec(path)?.[2] !== undefined;
}

/** `linear.ts` -> `linear.adjoint.ts`. */
export function generatedPathOf(path: string): string {
  return path.replace(/\.([mc]?ts)$/, '.adjoint.$1');
}

/** The source that a generated module would have, where its path says so. */
export function sourcePathOf(path: string): string | undefined {
  return isGeneratedPath(path) ? path.replace(/\.adjoint(\.[mc]?ts)$/, '$1') : undefined;
}
