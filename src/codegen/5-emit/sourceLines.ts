/** Where the user wrote a value: the first frame of its origin's stack outside this package. */
import type { Value } from '../../graph/value.ts';

/** What to call a place in a source file; undefined: leave it out. */
export type SourceName = (file: string, line: number) => string | undefined;

/** Deterministic whatever the machine: the file's name without its folder. */
export const basenameAndLine: SourceName = (file, line) => `${file.slice(file.lastIndexOf('/') + 1)}:${line}`;

const packageFolder = filePath(new URL('../../', import.meta.url).href);

function filePath(location: string): string {
  return decodeURI(location.replace(/^file:\/\//, ''));
}

/** Tests stand beside the code they test, and are users of it. */
const isOwn = (file: string): boolean => file.startsWith(packageFolder) && !/\.test\.[jt]s$/.test(file);

export function sourceLine(value: Value, name: SourceName): string | undefined {
  for (const frame of value.origin?.stack?.split('\n').slice(1) ?? []) {
    // `at name (file:///a.ts:1:2)`, `at file:///a.ts:1:2`, `at async /a.ts:1:2`
    const place = frame
      .trim()
      .replace(/^at (async )?/, '')
      .replace(/^.* \((.*)\)$/, '$1');
    const [, location, line] = /^((?:file:\/\/|\/|[A-Za-z]:[\\/]).*):(\d+):\d+$/.exec(place) ?? [];
    if (location === undefined || line === undefined) continue;
    const file = filePath(location);
    if (!isOwn(file)) return name(file, Number(line));
  }
  return undefined;
}
