/** Modules that are built with stored choices: they say so, and come out the same without the store. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Choices } from '../program/choices.ts';
import { plainOptions, type TemporaryProject, temporaryProject } from './1-frontend/testing/temporaryProject.ts';
import { readChoiceComments } from './1-frontend/write/recordedChoices.ts';
import { type BuildOptions, build } from './build.ts';

let project: TemporaryProject | undefined;
afterEach(() => project?.remove());

const model = `import { layer, type Tensor } from 'adjoint';
export const product = layer((x: Tensor<['n=64', 'in=64']>, w: Tensor<['in=64', 'out=64']>) => x.matmul(w));
`;
const key = 'f32 NN 1x64x64x64';
const choices: Choices = {
  adapter: 'a test, Dawn 1.2',
  tiles: new Map([
    [key, 'quadSwap 4x8'],
    ['f32 NN 1x1x1x1', 'quadSwap 4x4'],
  ]),
};

test('a module lists the choices that it took; it keeps them until it is told otherwise', async () => {
  project = temporaryProject({ 'model.ts': model }, plainOptions);
  const { folder } = project;
  const run = async (options: BuildOptions): Promise<string> => {
    const { ok, files } = await build(['model.ts'], { cwd: folder, ...options });
    return `${ok} ${files.map(({ status }) => status).join(' ')}`;
  };
  const module = (): string => readFileSync(join(folder, 'model.adjoint.ts'), 'utf8');
  expect(await run({ choices })).toBe('true written');
  expect(module()).toContain("name: 'quadSwap 4x8'");
  expect(module()).toContain(`// Tuned by \`adjoint build --tune\` on a test, Dawn 1.2\n// choice: ${key} -> quadSwap 4x8\n`);
  expect([...(readChoiceComments(module())?.tiles ?? [])]).toEqual([[key, 'quadSwap 4x8']]);

  // on another machine, where nothing is stored
  expect(await run({ check: true })).toBe('true unchanged');

  expect(await run({ choices: 'none' })).toBe('true written');
  expect(readChoiceComments(module())).toBeUndefined();
  expect(module()).not.toContain("name: 'quadSwap 4x8'");
});
