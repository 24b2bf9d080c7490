import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from 'ts-morph';
import typescript from 'typescript';
import { afterEach, expect, test } from 'vitest';
import { packageRoot, plainOptions, type TemporaryProject, temporaryProject } from './1-frontend/testing/temporaryProject.ts';
import { type BuildResult, build } from './build.ts';

const model = `import { type Dim, layer, type Tensor } from 'adjoint';

export const linear = layer(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; b: Tensor<[O]> }) =>
  x.matmul(p.w).add(p.b),
);
export const ofBatch = layer(linear<'batch', 'in=4', 3>);
export default layer((x: Tensor<['batch']>) => x.exp());
`;

let project: TemporaryProject | undefined;
afterEach(() => project?.remove());

const start = (files: Readonly<Record<string, string>>, options?: Readonly<Record<string, unknown>>): TemporaryProject => {
  project = temporaryProject(files, options);
  return project;
};

const statuses = ({ files }: BuildResult): Record<string, string> =>
  Object.fromEntries(files.map(({ generated, status }) => [generated, status]));

test('missing, written, up to date, stale, orphaned', async () => {
  const { folder, write } = start({ 'src/model.ts': model, 'src/other.ts': 'export const one = 1;\n' }, plainOptions);
  const generated = join(folder, 'src/model.adjoint.ts');
  const run = (check: boolean): Promise<BuildResult> => build(['src'], { cwd: folder, check });

  const missing = await run(true);
  expect([missing.ok, statuses(missing)]).toEqual([false, { 'src/model.adjoint.ts': 'missing' }]);
  expect(existsSync(generated)).toBe(false);

  const written = await run(false);
  expect([written.ok, statuses(written), written.diagnostics]).toEqual([true, { 'src/model.adjoint.ts': 'written' }, []]);
  const first = readFileSync(generated, 'utf8');
  const fresh = await run(true);
  expect([fresh.ok, statuses(fresh)]).toEqual([true, { 'src/model.adjoint.ts': 'unchanged' }]);

  rmSync(generated);
  await run(false);
  expect(readFileSync(generated, 'utf8')).toBe(first);
  expect(first).not.toContain(folder);

  write('src/model.ts', model.replace('x.exp()', 'x.tanh()'));
  const stale = await run(true);
  expect([stale.ok, statuses(stale)]).toEqual([false, { 'src/model.adjoint.ts': 'stale' }]);
  expect(readFileSync(generated, 'utf8')).toBe(first);

  rmSync(join(folder, 'src/model.ts'));
  const orphaned = await run(true);
  expect([orphaned.ok, statuses(orphaned)]).toEqual([false, { 'src/model.adjoint.ts': 'orphaned' }]);
  expect((await run(false)).ok).toBe(true);
});

test('the generated module type-checks, also with isolated declarations and checked indices', async () => {
  const { folder, write } = start({ 'model.ts': model }, { ...plainOptions, isolatedDeclarations: false });
  await build(['model.ts'], { cwd: folder });
  expect(readFileSync(join(folder, 'model.adjoint.ts'), 'utf8')).toContain(`import type * as source from './model.js';`);
  write(
    'use.ts',
    `import type { Tensor } from 'adjoint';
import twice, { linear, ofBatch } from './model.adjoint.js';
export const y = (x: Tensor<['n=2', 'k=4']>, w: Tensor<['k=4', 'o=3']>, b: Tensor<['o=3']>): Tensor<['n=2', 'o=3']> => linear(x, { w, b });
export const z: (x: Tensor<['batch']>) => Tensor<['batch']> = twice;
// @ts-expect-error: 'k=4' is not 'in=4'
export const wrong = (x: Tensor<['batch', 'k=4']>, p: { w: Tensor<['in=4', 3]>; b: Tensor<[3]> }) => ofBatch(x, p);
`,
  );
  const tsc = join(packageRoot, 'node_modules/typescript-7/bin/tsc');
  const loose = spawnSync(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
  expect(userLines(loose.stdout)).toEqual([]);
  const options = { ...plainOptions, isolatedDeclarations: true, declaration: true, noUncheckedIndexedAccess: true };
  write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: ['model.adjoint.ts'] }));
  const isolated = spawnSync(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
  expect(userLines(isolated.stdout).filter((line) => line.includes('model.adjoint.ts'))).toEqual([]);
});

/** What the compiler says of the project's own files: the package is checked by its own options. */
const userLines = (output: string): readonly string[] => output.split('\n').filter((line) => /^[\w.]+\.ts\(/.test(line));

test('without a tsconfig.json, by glob, and by the name of the generated module', async () => {
  const { folder } = start({ 'a/model.ts': model });
  const result = await build(['**/*.ts'], { cwd: folder });
  expect([statuses(result), result.diagnostics]).toEqual([{ 'a/model.adjoint.ts': 'written' }, []]);
  expect(readFileSync(join(folder, 'a/model.adjoint.ts'), 'utf8')).toContain(`from './model.ts';`);
  const again = await build(['a/model.adjoint.ts'], { cwd: folder, check: true });
  expect([again.ok, statuses(again)]).toEqual([true, { 'a/model.adjoint.ts': 'unchanged' }]);
});

test('type errors come first, and nothing is built from the file', async () => {
  const wrong = model.replace('x.matmul(p.w)', 'x.matmul(p.b)');
  const { folder } = start(
    {
      'model.ts': wrong,
      'good.ts': `import { layer, type Tensor } from 'adjoint';\nexport const f = layer((x: Tensor<[2]>) => x.neg());\n`,
    },
    plainOptions,
  );
  const result = await build(['.'], { cwd: folder });
  expect(statuses(result)).toEqual({ 'model.adjoint.ts': 'failed', 'good.adjoint.ts': 'written' });
  expect(result.ok).toBe(false);
  expect(new Set(result.diagnostics.map(({ code }) => code))).toEqual(new Set(['type_error']));
  expect(result.diagnostics[0]).toMatchObject({ file: 'model.ts', line: 4, severity: 'error' });
  expect(existsSync(join(folder, 'model.adjoint.ts'))).toBe(false);
});

test('a file that the build did not write is never overwritten', async () => {
  const mine = '// mine\n';
  const { folder } = start({ 'model.ts': model, 'model.adjoint.ts': mine }, plainOptions);
  const result = await build(['model.ts'], { cwd: folder });
  expect(result.diagnostics).toMatchObject([{ code: 'not_generated', file: 'model.adjoint.ts' }]);
  expect(readFileSync(join(folder, 'model.adjoint.ts'), 'utf8')).toBe(mine);
});

test.each([
  ['text that is no JSON', '{ "compilerOptions": { '],
  ['a base that is not there', '{ "extends": "./none.json" }'],
])('a tsconfig.json of %s', async (_, text) => {
  const { folder } = start({ 'bad/model.ts': model, 'bad/tsconfig.json': text, 'good/model.ts': model });
  const result = await build(['.'], { cwd: folder });
  expect(result.diagnostics).toMatchObject([{ code: 'broken_config', file: 'bad/tsconfig.json' }]);
  expect([result.ok, statuses(result)]).toEqual([false, { 'good/model.adjoint.ts': 'written' }]);
});

test('a path that names nothing', async () => {
  const { folder } = start({});
  const result = await build(['absent.ts', 'no/*.ts'], { cwd: folder });
  expect(result.ok).toBe(false);
  expect(result.diagnostics.map(({ code, file }) => [code, file])).toEqual([
    ['no_such_file', 'absent.ts'],
    ['no_such_file', 'no/*.ts'],
  ]);
});

test('a module that ends its process fails alone', async () => {
  const { folder } = start(
    { 'model.ts': `${model}process.exit(3);\n`.replace('import', "import process from 'node:process';\nimport") },
    { ...plainOptions, types: ['node'], typeRoots: [join(packageRoot, 'node_modules/@types')] },
  );
  const result = await build(['model.ts'], { cwd: folder });
  expect(result.diagnostics).toMatchObject([{ code: 'module_throws', file: 'model.ts' }]);
  expect(result.diagnostics[0]?.message).toContain('exit code 3');
});

test('the checker that ts-morph brings is the TypeScript that this package is developed with', () => {
  expect(typescript.versionMajorMinor).toBe(ts.versionMajorMinor);
});
