/** The example trains on the real digits, as its README says. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', '--conditions=adjoint-source', 'examples/mnist/main.ts', ...args], {
    cwd: root,
  });

it.each([
  ['perceptron', 0.97],
  ['convolutional', 0.985],
])('the %s reaches a test accuracy of %f', { timeout: 900_000 }, async (model, least) => {
  const { stdout, stderr } = await run(model);
  const [line, accuracy] = /test accuracy (\S+) after \d+ s/.exec(stdout) ?? [];
  console.log(`${model}: ${line}`);
  expect(Number(accuracy)).toBeGreaterThanOrEqual(least);
  expect(stdout).toContain(`${model}: 60000 digits to train on, 10000 to test on`);
  expect(`${stdout}${stderr}`).toMatch(/steps \| loss \d\.\d+ \| \d+ images\/s/);
  const picture = join(root, `examples/mnist/${model}.svg`);
  expect(existsSync(picture) && readFileSync(picture, 'utf8')).toMatch(/^<svg.*<path[^>]* d="M/s);
});

it('refuses a model that it does not have', async () => {
  await expect(run('transformer')).rejects.toThrow("mnist: there is no model 'transformer' (take perceptron or convolutional)");
});
