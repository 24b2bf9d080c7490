/** What travels to a page stays small: the runtime, and a program compiled ahead of time. The same figures as `npm run bench:size`. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { bundleBytes, bundles, compilePrograms, judge } from '../scripts/bundleSize.mjs';

beforeAll(compilePrograms);

test.each(bundles)('$name is at most $limit bytes, minified and gzipped', async (bundle) => {
  const bytes = await bundleBytes(bundle.entry);
  const { line, isOver } = judge(bundle, bytes);
  console.log(line);
  expect(bytes).toBeGreaterThan(5000);
  expect(isOver, line).toBe(false);
});

test('a bundle that grows is refused: the compiler is one', async () => {
  const [runtime = expect.fail('no bundles')] = bundles;
  const bytes = await bundleBytes("export { compile } from './src/codegen/compile.ts';\nexport * from 'adjoint/runtime';");
  expect(judge(runtime, bytes)).toMatchObject({
    isOver: true,
    line: expect.stringMatching(/^adjoint\/runtime: [\d.]+ kB gzipped, of 15 at most$/),
  });
});

test.each([
  ['examples/linear/linear.adjoint.ts', 61_000],
  ['bench/size/mlp.adjoint.ts', 55_000],
])('%s, with what kernels have in common written once, is at most %i characters', (file, limit) => {
  expect(readFileSync(file, 'utf8').length).toBeLessThanOrEqual(limit);
});
