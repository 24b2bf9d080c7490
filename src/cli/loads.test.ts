/** What a command loads before it knows which one it is: commands have the rest to themselves, since each module costs milliseconds. */
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** The files that an entry's static imports reach, types left out. */
async function loaded(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outdir: 'unwritten',
    write: false,
    metafile: true,
  });
  const [start] = Object.entries(metafile.outputs).filter(([, { entryPoint }]) => entryPoint === entry);
  const seen = new Set(start === undefined ? [] : [start[0]]);
  for (const path of seen) {
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && next in metafile.outputs) seen.add(next);
    }
  }
  return [...seen].flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}));
}

test('the command line starts without runtime, compiler and checker', async () => {
  const files = await loaded('src/cli/main.ts');
  expect(files).toContain('src/cli/buildCommand.ts');
  expect(files.filter((file) => /^src\/(runtime|codegen|safetensors|language|tuning)\//.test(file))).toEqual([]);
});

test('the build reads types without runtime, language and the phases that compile: its second thread has them', async () => {
  const files = await loaded('src/codegen/build.ts');
  expect(files).toContain('src/codegen/1-frontend/read/checkProgram.ts');
  expect(files.filter((file) => /^src\/(runtime|language|tuning|nn|graph)\/|^src\/codegen\/[2-5]-/.test(file))).toEqual([]);
});
