/**
 * `npm run bench:build`: how long `adjoint build` takes for a transformer's block, from the command to the written module, with Node's start
 * and the reading of types. Fails above five seconds.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const limit = 5;
const runs = 3;
const root = resolve(import.meta.dirname, '../..');
const generated = join(import.meta.dirname, 'transformerBlock.adjoint.ts');

let best = Number.POSITIVE_INFINITY;
for (let i = 0; i < runs; i++) {
  rmSync(generated, { force: true });
  const start = performance.now();
  const { status } = spawnSync(process.execPath, ['bin/adjoint.js', 'build', join(import.meta.dirname, 'transformerBlock.ts')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`bench: adjoint build ended with ${status}`);
  console.log(`${wall.toFixed(2)} s`);
  best = Math.min(best, wall);
}
const kilobytes = readFileSync(generated).length / 1000;
rmSync(generated);
console.log(`adjoint build of a transformer block: ${best.toFixed(2)} s, the best of ${runs}; the module has ${kilobytes.toFixed(0)} kB`);
process.exitCode = best < limit ? 0 : 1;
