/** How long a program takes from its first line to its first numbers, in processes of their own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const programs = {
  'compiled ahead of time': `
    import { randn } from 'adjoint/random';
    import { tensor } from 'adjoint/runtime';
    import { mlp } from './bench/size/mlp.adjoint.ts';
    const p = { w1: randn(['in=784', 'hidden=128']), b1: randn(['hidden=128']), w2: randn(['hidden=128', 'class=10']), b2: randn(['class=10']) };
    export const run = () => mlp(p, tensor(new Float32Array(64 * 784), ['batch', 'in=784'])).data();`,
  'compiled at run time': `
    import { jit, tensor, randn } from 'adjoint';
    const f = jit((x, w) => x.matmul(w).tanh());
    const w = randn(['in=784', 'hidden=128']);
    export const run = () => f(tensor(new Float32Array(64 * 784), ['batch', 'in=784']), w).data();`,
};

const main = `
  const start = performance.now();
  const { run } = await import('./program.mjs');
  const imported = performance.now();
  await run();
  const first = performance.now();
  await run();
  console.log(JSON.stringify({ import: imported - start, first: first - start, second: performance.now() - first }));
  process.exit(0);`;

export interface FirstResult {
  readonly program: string;
  /** cold: the first process on a machine; warm: a later one. */
  readonly state: 'cold' | 'warm';
  /** In milliseconds: until all is imported, until the first numbers, and from there to the next ones. */
  readonly import: number;
  readonly first: number;
  readonly second: number;
}

export async function firstResults(root: string): Promise<readonly FirstResult[]> {
  const results: FirstResult[] = [];
  for (const [program, contents] of Object.entries(programs)) {
    const folder = mkdtempSync(join(tmpdir(), 'adjoint-overhead-'));
    await build({
      stdin: { contents, resolveDir: root, loader: 'ts' },
      conditions: ['adjoint-source'],
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['webgpu', '@sparticuz/chromium'],
      outfile: join(folder, 'program.mjs'),
    });
    writeFileSync(join(folder, 'main.mjs'), main);
    const env = { ...process.env, ADJOINT_DEVICE: 'software', ADJOINT_QUIET: '1', XDG_CACHE_HOME: join(folder, 'cache') };
    // packages are found from here
    const link = spawnSync('ln', ['-s', join(root, 'node_modules'), join(folder, 'node_modules')]);
    if (link.status !== 0) throw new Error('overhead: the packages could not be linked');
    for (const state of ['cold', 'warm', 'warm', 'warm'] as const) {
      const { stdout, stderr, status } = spawnSync(process.execPath, ['main.mjs'], { cwd: folder, env, encoding: 'utf8' });
      if (status !== 0) throw new Error(`overhead: ${program} fails:\n${stderr}`);
      results.push({ program, state, ...JSON.parse(stdout) });
    }
    rmSync(folder, { recursive: true });
  }
  return results;
}
