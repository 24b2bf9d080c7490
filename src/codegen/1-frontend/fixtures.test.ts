/**
 * What the build says of each fixture, at which line and column: fixtures/<case>/input.ts against expected.txt.
 * UPDATE_SNAPSHOTS=1 renews the expectations.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type BuildResult, build } from '../build.ts';
import { messages } from './diagnostics/catalogue.ts';
import { printDiagnostic } from './diagnostics/printDiagnostic.ts';

const folder = join(import.meta.dirname, 'fixtures');
const cases = readdirSync(folder);

let result: BuildResult;
beforeAll(async () => {
  result = await build(
    cases.map((name) => `${name}/input.ts`),
    { cwd: folder, check: true },
  );
});

function outcome(name: string): string {
  const file = `${name}/input.ts`;
  const layers = result.files
    .filter(({ source }) => source === file)
    .flatMap(({ status, layers }) => [status, ...layers.map((layer) => layer.signature)]);
  const sourceText = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const diagnostics = result.diagnostics
    .filter((diagnostic) => diagnostic.file === file)
    .map((diagnostic) => printDiagnostic(diagnostic, { sourceText }));
  return `${[...layers, ...diagnostics].join('\n')}\n`;
}

describe('fixtures', () => {
  test.each(cases)('%s', (name) => {
    const expected = join(folder, name, 'expected.txt');
    const got = outcome(name);
    if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(expected, got);
    expect(got).toBe(existsSync(expected) ? readFileSync(expected, 'utf8') : '(no expected.txt: run with UPDATE_SNAPSHOTS=1)');
  });

  test('every code of the catalogue is shown, but those of the file system and the checker', () => {
    const elsewhere = ['no_such_file', 'broken_config', 'type_error', 'nothing_to_explain', 'not_generated'];
    const shown = new Set<string>(result.diagnostics.map(({ code }) => code));
    expect(Object.keys(messages).filter((code) => !shown.has(code))).toEqual(elsewhere);
  });

  test('a sound layer beside a failing one is not written: the file is built as a whole', () => {
    expect(result.files.find(({ source }) => source === 'bodyThrows/input.ts')).toMatchObject({ status: 'failed', layers: [] });
  });
});
