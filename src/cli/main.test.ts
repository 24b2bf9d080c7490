/** The command as a process: what it prints where, and its exit codes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot, plainOptions, type TemporaryProject, temporaryProject } from '../codegen/1-frontend/testing/temporaryProject.ts';

let project: TemporaryProject;
const cache = mkdtempSync(join(tmpdir(), 'adjoint-cli-'));
beforeAll(() => {
  const model = `import { layer, type Tensor } from 'adjoint';\nconsole.log('the module runs');\nexport const f = layer((x: Tensor<['n']>) => x.neg());\n`;
  const wrong = `import { layer, type Tensor } from 'adjoint';\nexport const g = layer((x: Tensor<[number]>) => x.neg());\n`;
  const product = `import { layer, type Tensor } from 'adjoint';\nexport const p = layer((x: Tensor<['n=160', 'k=160'], 'i32'>, w: Tensor<['m=160', 'k=160'], 'i32'>) => x.matmul(w.T));\n`;
  project = temporaryProject({ 'model.ts': model, 'wrong.ts': wrong, 'product.ts': product }, plainOptions);
});
afterAll(() => {
  project.remove();
  rmSync(cache, { recursive: true });
});

const adjoint = (...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
  const env = { ...process.env, ADJOINT_DEVICE: 'software', ADJOINT_TUNING: 'all', XDG_CACHE_HOME: cache };
  return spawnSync(process.execPath, [join(packageRoot, 'bin/adjoint.js'), ...args], { cwd: project.folder, encoding: 'utf8', env });
};

test('build writes and exits with 0; --check exits with 1 before and 0 after', () => {
  expect(adjoint('build', '--check', 'model.ts')).toMatchObject({
    status: 1,
    stdout: 'model.adjoint.ts: missing (run adjoint build), f\n0 up to date, 1 to renew, 0 errors\n',
  });
  expect(adjoint('build', 'model.ts')).toMatchObject({
    status: 0,
    stdout: '1 written, 0 up to date, 0 errors\n',
    stderr: 'the module runs\n',
  });
  expect(adjoint('build', '--check', 'model.ts')).toMatchObject({ status: 0, stdout: '1 up to date, 0 to renew, 0 errors\n' });
});

test('--json prints the result and nothing else on standard output, whatever the module prints', () => {
  const { status, stdout } = adjoint('build', 'model.ts', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    files: [{ source: 'model.ts', layers: [{ name: 'f', signature: 'f(x: f32[n]): f32[n]' }] }],
  });
});

test('errors go to standard error with their positions, and the exit code is 1', () => {
  const { status, stdout, stderr } = adjoint('build', 'wrong.ts');
  expect(status).toBe(1);
  expect(stdout).toBe('0 written, 0 up to date, 1 error\n');
  expect(stderr).toMatch(/^wrong\.ts:2:28: error: g: the shape of 'x' is not literal: Tensor<\[number\]>: .*\n$/);
});

test('a command line that makes no sense exits with 2', () => {
  expect(adjoint('bild').status).toBe(2);
  expect(adjoint('build').status).toBe(2);
  expect(adjoint('build', '--chek', 'model.ts').status).toBe(2);
});

test('--version and --help', () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  expect(adjoint('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
  const help = adjoint('build', '--help');
  expect(help.status).toBe(0);
  expect(help.stdout).toContain('Exit codes:');
  expect(help.stdout).toContain('Examples:');
});

test('explain speaks of shapes, kernels and figures, on the terminal and as JSON', () => {
  const { status, stdout } = adjoint('explain', 'model.ts', '--size', 'n=1000');
  expect(status).toBe(0);
  expect(stdout).toContain(`model.ts

layer f(x: f32[n]): f32[n]
  gradients  x: f32[n]

  forward: 1 dispatch, 1 submit, no barriers
    1. map neg: x -> y; 8 kB; map
         neg: f32[n] (model.ts:3)
    1 kFLOP; 8 kB moved, at least 8 kB (1x); 0.125 FLOP a byte
    memory: inputs 4 kB, outputs 4 kB, temporaries 0 B (0 B without reuse); peak 8 kB (8 kB without reuse)
`);
  expect(stdout).not.toContain('@compute');
  expect(adjoint('explain', 'model.ts', '--size', 'n=1000', '--wgsl').stdout).toMatch(/^@compute @workgroup_size\(\d+\)$/m);
  const json = JSON.parse(adjoint('explain', 'model.ts', '--json').stdout) as { files: { functions: { name: string }[] }[] };
  expect(json.files[0]?.functions[0]?.name).toBe('f');
  expect(adjoint('explain', 'wrong.ts')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('is not literal') });
  expect(adjoint('explain', 'model.ts', '--size', 'n=0').status).toBe(2);
});

test('build --tune measures, stores what it found, and builds with it', () => {
  expect(adjoint('build', '--tune', '--check', 'product.ts').status).toBe(2);
  expect(adjoint('build', '--tune-sizes', '0', 'product.ts').status).toBe(2);
  const { status, stdout } = adjoint('build', '--tune', 'product.ts');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^1 of \d+: i32 NT 1x160x160x160: quadSwap \S+(, as the cost model says| takes 0\.\d\d of what .*)$/m);
  expect(readFileSync(join(project.folder, 'product.adjoint.ts'), 'utf8')).toMatch(/^\/\/ choice: i32 NT 1x160x160x160 -> quadSwap /m);
  expect(readdirSync(join(cache, 'adjoint/tuning'))).toHaveLength(1);
});

test('doctor exits with 0 exactly if the device computes, and says how many choices there are', () => {
  const { status, stdout } = adjoint('doctor', '--json');
  const report = JSON.parse(stdout) as { ok: boolean; tuning: string };
  expect(status).toBe(report.ok ? 0 : 1);
  expect(report.tuning).toMatch(/^choices for this adapter: \d+ measured here \(.*\.json\)/);
});
