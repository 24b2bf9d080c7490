/**
 * Generated modules on disk.
 *
 * Invariant: only files that begin with the build's mark are ever overwritten, and only where something changed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generatedMark } from './generateModule.ts';

export type GeneratedState = 'missing' | 'stale' | 'unchanged' | 'foreign';

/** What is at `path`, compared with the text that should be there. */
export function stateOf(path: string, text: string): GeneratedState {
  if (!existsSync(path)) return 'missing';
  const present = readFileSync(path, 'utf8');
  // A checkout may have given the file other line ends.
  if (present.replaceAll('\r\n', '\n') === text) return 'unchanged';
  return present.startsWith(generatedMark) ? 'stale' : 'foreign';
}

export function isGeneratedFile(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').startsWith(generatedMark);
}

export function writeGenerated(path: string, text: string): void {
  writeFileSync(path, text);
}
