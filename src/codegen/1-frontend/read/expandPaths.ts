/**
 * What the command line names, as files: files, folders (everything below) and globs.
 *
 * Invariant: absolute paths, sorted, each once; generated files are kept apart, since they are never sources.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isGeneratedPath, isSourcePath, sourcePathOf } from '../write/generatedPath.ts';

export interface ExpandedPaths {
  readonly sources: readonly string[];
  /** Sources that were named one by one, so that a file without layers is worth a note. */
  readonly named: ReadonlySet<string>;
  /** Generated files among what was named; their sources are in `sources`. */
  readonly generated: readonly string[];
  /** What named nothing. */
  readonly unknown: readonly string[];
}

const skippedFolders = new Set(['node_modules', 'dist', 'coverage']);

export function expandPaths(paths: readonly string[], cwd: string): ExpandedPaths {
  const sources = new Set<string>();
  const named = new Set<string>();
  const generated = new Set<string>();
  const unknown: string[] = [];
  const add = (file: string): void => {
    const source = sourcePathOf(file);
    if (isSourcePath(file)) sources.add(file);
    if (source === undefined) return;
    generated.add(file);
    if (existsSync(source)) sources.add(source);
  };
  for (const path of paths) {
    const at = resolve(cwd, path);
    if (existsSync(at)) {
      if (statSync(at).isDirectory()) {
        for (const file of filesBelow(at)) add(file);
      } else if (isSourcePath(at)) {
        named.add(at);
        sources.add(at);
      } else if (isGeneratedPath(at)) add(at);
      else unknown.push(path);
    } else {
      const files = isGlob(path) ? glob(at) : [];
      if (files.length === 0) unknown.push(path);
      for (const file of files) add(file);
    }
  }
  return { sources: [...sources].sort(), named, generated: [...generated].sort(), unknown };
}

/** Links are not followed: a workspace may link to itself. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || skippedFolders.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}

const isGlob = (path: string): boolean => /[*?{]/.test(path);

/** The files below the part of the pattern before its first wildcard that match the pattern. */
function glob(pattern: string): readonly string[] {
  const path = pattern.replaceAll('\\', '/');
  const base = path.slice(0, path.search(/[*?{]/)).replace(/[^/]*$/, '');
  const matches = globExpression(path);
  return existsSync(base) ? filesBelow(resolve(base)).filter((file) => matches.test(file.replaceAll('\\', '/'))) : [];
}

const wildcards: Readonly<Record<string, string>> = {
  '**/': '(?:[^/]+/)*',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
  '{': '(?:',
  ',': '|',
  '}': ')',
};

/** `*` and `?` within a folder, `**` across folders, `{a,b}` for either. */
function globExpression(pattern: string): RegExp {
  let braces = 0;
  const text = pattern.replace(/\*\*\/|\*\*|[*?{},]|[.+^$()|[\]\\]/g, (token) => {
    if (token === '{') braces += 1;
    const isLiteral = (token === ',' || token === '}') && braces === 0;
    if (token === '}' && braces > 0) braces -= 1;
    return isLiteral ? token : (wildcards[token] ?? `\\${token}`);
  });
  return new RegExp(`^${text}${')'.repeat(braces)}$`);
}
