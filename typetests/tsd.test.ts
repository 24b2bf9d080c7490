/**
 * Runs tsd, and the compiler inside it, on the `*.test-d.ts` files, against the source.
 *
 * tsd also wants the typings it tests among the package's files; the source is not, and what is published has its own test.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

// seam: tsd is CommonJS with a default export, which Vitest and the compiler see differently
const { default: tsd } = createRequire(import.meta.url)('tsd') as typeof import('tsd');
const root = join(import.meta.dirname, '..');

async function complaints(...testFiles: readonly string[]): Promise<readonly string[]> {
  const found = await tsd({ cwd: root, typingsFile: 'src/index.ts', testFiles: [...testFiles] });
  return found
    .filter(({ fileName }) => !fileName.endsWith('package.json'))
    .map(({ fileName, line, message }) => `${fileName.slice(root.length + 1)}:${line} ${message}`);
}

it('the four common errors', async () => {
  expect(await complaints('typetests/*.test-d.ts')).toEqual([]);
});

it('bites: an error that is expected and none, and a type that is another', async () => {
  const folder = mkdtempSync(join(root, 'typetests/.tsd-'));
  try {
    writeFileSync(
      join(folder, 'wrong.test-d.ts'),
      `import { expectError, expectType } from 'tsd';
import { ones, type Tensor } from 'adjoint';
expectError(ones([2]).add(ones([2])));
expectType<Tensor<[3]>>(ones([2]));
`,
    );
    const said = await complaints(`${folder.slice(root.length + 1)}/*.test-d.ts`);
    expect(said.map((text) => text.replace(/^.*?:/, '')).sort()).toEqual([
      '3 Expected an error, but found none.',
      expect.stringMatching(/^4 Argument of type 'Tensor<\[2\]>' is not assignable/),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
