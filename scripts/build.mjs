/**
 * Builds dist from nothing: no file of an earlier build may stay, for `npm pack` packs whatever is there.
 *
 * The declarations name WebGPU's objects and `Symbol.dispose`, which a stranger's compiler may not know: TypeScript 5.9
 * has no WebGPU, TypeScript 6's DOM library has, and `@webgpu/types` contradicts it. So each face brings along empty
 * interfaces, which merge with whichever definition is there and stand in for it where there is none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

const compiler = join(root, 'node_modules/typescript-7/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;

const standIns = ['GPU', 'GPUAdapter', 'GPUAdapterInfo', 'GPUBuffer', 'GPUDevice', 'GPUComputePipeline', 'GPUBindGroup'];
writeFileSync(join(dist, 'webgpu.d.ts'), `${standIns.map((name) => `interface ${name} {}`).join('\n')}\n`);
for (const face of ['index', 'compiler', 'runtime', 'safetensors', 'testing']) {
  const file = join(dist, `${face}.d.ts`);
  if (!existsSync(file)) continue;
  writeFileSync(file, `/// <reference lib="esnext.disposable" />\n/// <reference path="./webgpu.d.ts" />\n${readFileSync(file, 'utf8')}`);
}
