/** The example trains on the real digits, as its README says. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('reaches a test accuracy of 0.95', { timeout: 600_000 }, async () => {
  const root = join(import.meta.dirname, '..');
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--conditions=adjoint-source', 'examples/mnist/main.ts'],
    { cwd: root },
  );
  const [line, accuracy] = /test accuracy (\S+) after \d+ s/.exec(stdout) ?? [];
  console.log(line);
  expect(Number(accuracy)).toBeGreaterThanOrEqual(0.95);
  expect(stdout).toContain('60000 digits to train on, 10000 to test on');
  expect(`${stdout}${stderr}`).toMatch(/steps \| loss \d\.\d+ \| \d+ images\/s/);
});
