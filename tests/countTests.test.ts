/** The count of tests fails when a runner does, in every way a runner can. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { countTests, readPlainLine } from '../scripts/countTests.mjs';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'adjoint-count-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A runner that prints a text and ends with a code. */
const says = (name: string, text: string, code = 0) => ({
  name,
  command: process.execPath,
  arguments: ['-e', `process.stdout.write(${JSON.stringify(text)}); process.exitCode = ${code}`],
});

async function count(...runners: Parameters<typeof countTests>[0]) {
  let printed = '';
  const sum = await countTests(runners, (text) => {
    printed += text;
  });
  return { sum, printed, last: printed.trimEnd().split('\n').at(-1) };
}

const good = says('good', 'working\n7 passed, 0 failed\n');

describe('runners that end with the plain line', () => {
  test('numbers add up, output is passed on, the last line is plain', async () => {
    const { sum, printed, last } = await count(good, says('other', '2 passed, 0 failed, 3 skipped\n'));
    expect(sum).toEqual({ passed: 9, failed: 0, skipped: 3 });
    expect(printed).toContain('working\n');
    expect(last).toBe('9 passed, 0 failed, 3 skipped');
  });

  test.each([
    ['a failing test', says('bad', '1 passed, 2 failed\n', 1), '8 passed, 2 failed', '1 passed, 2 failed'],
    ['a failing test that exits well', says('bad', '1 passed, 1 failed\n', 0), '8 passed, 1 failed', '1 passed, 1 failed'],
    ['a crash before counting', says('bad', 'oh no\n', 3), '7 passed, 1 failed', 'bad: 0 passed, 0 failed'],
    ['an end without a count', says('bad', 'all is well\n', 0), '7 passed, 1 failed', 'no count of its tests'],
    ['no tests', says('bad', '0 passed, 0 failed\n', 0), '7 passed, 1 failed', 'ran no test'],
    ['only skipped tests', says('bad', '0 passed, 0 failed, 4 skipped\n', 0), '7 passed, 1 failed, 4 skipped', 'ran no test'],
    ['a crash after counting', says('bad', '5 passed, 0 failed\n', 1), '12 passed, 1 failed', 'although none of its tests failed'],
    ['a command that is not there', { name: 'bad', command: join(folder, 'absent'), arguments: [] }, '7 passed, 1 failed', 'ENOENT'],
  ])('%s fails', async (_, bad, line, said) => {
    const { sum, printed, last } = await count(good, bad);
    expect(sum.failed).toBeGreaterThan(0);
    expect(last).toBe(line);
    expect(printed).toContain(said);
  });

  test('no runner at all fails', async () => {
    expect((await count()).sum.failed).toBe(1);
  });

  test('colours and later text do not hide the line', () => {
    expect(readPlainLine('\u001b[32m3 passed, 1 failed\u001b[39m\n\n')).toEqual({ passed: 3, failed: 1, skipped: 0 });
    expect(readPlainLine('some 3 passed, 1 failed here\n')).toBeUndefined();
  });
});

describe('Vitest', () => {
  /** Runs Vitest for real over a small project, through the counting. */
  async function vitest(name: string, files: Record<string, string>) {
    const project = join(folder, name);
    mkdirSync(project);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text);
    const json = join(project, 'report.json');
    const args = ['run', '--root', project, '--reporter=json', `--outputFile.json=${json}`];
    return count({
      name,
      command: process.execPath,
      arguments: [join(root, 'node_modules/vitest/vitest.mjs'), ...args, '--globals', '--pool=forks'],
      json,
    });
  }

  test('passes, failures and skips are counted', async () => {
    const { sum, last } = await vitest('mixed', {
      'a.test.js': `test('a', () => { expect(1).toBe(1) }); test('b', () => { expect(1).toBe(2) }); test.skip('c', () => {});`,
    });
    expect(sum).toEqual({ passed: 1, failed: 1, skipped: 1 });
    expect(last).toBe('1 passed, 1 failed, 1 skipped');
  });

  test('a file that does not load is a failure', async () => {
    const { sum } = await vitest('broken', { 'a.test.js': `test('a', () => {});`, 'b.test.js': `throw new Error('no');` });
    expect(sum).toMatchObject({ passed: 1, failed: 1 });
  });

  test('an error outside every test is a failure', async () => {
    const { sum } = await vitest('stray', { 'a.test.js': `test('a', () => { void Promise.reject(new Error('stray')); });` });
    expect(sum).toMatchObject({ passed: 1, failed: 1 });
  });

  test('no test file is a failure', async () => {
    const { sum } = await vitest('empty', {});
    expect(sum).toMatchObject({ passed: 0, failed: 1 });
  });
});

test('the exit code follows the count', () => {
  const script = join(folder, 'exit.mjs');
  const module = JSON.stringify(join(root, 'scripts/countTests.mjs'));
  const run = (text: string) => {
    writeFileSync(
      script,
      `import { countTests } from ${module};
       const { failed } = await countTests([{ name: 'one', command: 'node', arguments: ['-e', 'console.log("${text}")'] }], (t) => process.stdout.write(t));
       process.exitCode = failed === 0 ? 0 : 1;`,
    );
    return spawnSync(process.execPath, [script], { encoding: 'utf8' }).status;
  };
  expect(run('1 passed, 0 failed')).toBe(0);
  expect(run('1 passed, 1 failed')).toBe(1);
});
