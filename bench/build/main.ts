/**
 * `npm run bench:build`: how long `adjoint build` takes for a transformer's block, from the command to the written module, with Node's start
 * and the reading of types. Fails above five seconds where the package is installed, as users have it. In a checkout the command runs from
 * TypeScript, and reads the types of all of src: printed beside it.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { projectWithPackage } from './installedPackage.ts';

const limit = 5;
const runs = 5;
const root = resolve(import.meta.dirname, '../..');
const source = join(import.meta.dirname, 'transformerBlock.ts');

interface Subject {
  readonly command: string;
  readonly file: string;
  readonly seconds: number[];
}

/** Seconds from the command's start to its end; throws where it fails. */
function secondsOf(command: string, file: string): number {
  const generated = file.replace(/\.ts$/, '.adjoint.ts');
  rmSync(generated, { force: true });
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [command, 'build', file], { cwd: dirname(file), stdio: ['ignore', 'ignore', 'inherit'] });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`bench: adjoint build ended with ${status}`);
  kilobytes = readFileSync(generated).length / 1000;
  rmSync(generated);
  return seconds;
}

let kilobytes = 0;
using project = projectWithPackage(root, source);
const installed: Subject = { command: join(project.folder, 'node_modules/adjoint/bin/adjoint.js'), file: project.source, seconds: [] };
const checkout: Subject = { command: join(root, 'bin/adjoint.js'), file: source, seconds: [] };
for (let i = 0; i < runs; i++) for (const { command, file, seconds } of [installed, checkout]) seconds.push(secondsOf(command, file));

console.log(`adjoint build of a transformer block, the best of ${runs}; the module has ${kilobytes.toFixed(0)} kB`);
for (const [name, { seconds }] of Object.entries({ installed, checkout })) {
  console.log(`${name.padEnd(9)} ${Math.min(...seconds).toFixed(2)} s  (${seconds.map((one) => one.toFixed(2)).join(', ')})`);
}
process.exitCode = Math.min(...installed.seconds) < limit ? 0 : 1;
