/**
 * Loads TypeScript for the bench as it ships: types taken away, and nothing added. `tsx` wraps every function in a call that keeps its name,
 * which is half the JavaScript of a small call; what is published has none of that.
 *
 * usage: node --import ./bench/shippedTypescript.mjs …
 */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from 'esbuild';

if (isMainThread) register(import.meta.url);

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { code } = await transform(await readFile(fileURLToPath(url), 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
  });
  return { format: 'module', shortCircuit: true, source: code };
}
