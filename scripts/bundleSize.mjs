/**
 * What travels to a page: the runtime with everything that it exports, and a perceptron compiled ahead of time with as much of the
 * runtime as it needs. Minified and gzipped; without the adapters of Node, which only Node imports.
 *
 * usage: node scripts/bundleSize.mjs   (npm run bench:size); fails where one is over its limit
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

export const bundles = [
  { name: 'adjoint/runtime', limit: 15_000, entry: "export * from 'adjoint/runtime';" },
  {
    name: 'a compiled MLP',
    limit: 30_000,
    entry: "import { tensor, vjp } from 'adjoint/runtime';\nexport { mlp } from './bench/size/mlp.adjoint.ts';\nexport { tensor, vjp };",
  },
];

/** Compiles what is measured. Throws if it does not compile. */
export function compilePrograms() {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/adjoint.js', 'build', 'bench/size'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bench:size: the perceptron does not compile:\n${stdout}${stderr}`);
}

/**
 * Bytes of the bundle that a module of this text becomes.
 * @param {string} text
 */
export async function bundleBytes(text) {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: resolve(root), loader: 'ts' },
    conditions: ['adjoint-source'],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
    outdir: 'bundle',
    plugins: [
      {
        name: 'leave out what is imported later',
        setup: ({ onResolve }) => onResolve({ filter: /./ }, ({ kind }) => (kind === 'dynamic-import' ? { external: true } : undefined)),
      },
    ],
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}

/**
 * `adjoint/runtime: 14.8 kB gzipped, of 15 at most`; `isOver` where it is more.
 * @param {{ name: string, limit: number }} bundle
 * @param {number} bytes
 */
export function judge({ name, limit }, bytes) {
  const kilobytes = (/** @type {number} */ count) => (count / 1000).toFixed(1).replace(/\.0$/, '');
  return { line: `${name}: ${kilobytes(bytes)} kB gzipped, of ${kilobytes(limit)} at most`, isOver: bytes > limit };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  compilePrograms();
  for (const bundle of bundles) {
    const { line, isOver } = judge(bundle, await bundleBytes(bundle.entry));
    console.log(line);
    if (isOver) process.exitCode = 1;
  }
}
