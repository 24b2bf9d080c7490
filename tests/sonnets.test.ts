/** The example learns from the sonnets, writes, saves, and goes on from what it saved. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { draw } from '../examples/sonnets/sample.ts';
import { characters, decode, encode, splitText, windowsOf } from '../examples/sonnets/text.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'adjoint-sonnets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) =>
  promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--conditions=adjoint-source', 'examples/sonnets/main.ts', '--folder', folder, ...args],
    { cwd: root },
  );

it('knows its characters, and cuts windows whose next characters follow', () => {
  const { train, validation } = splitText();
  expect(characters).toHaveLength(61);
  expect(decode(train.subarray(0, 42))).toBe('From fairest creatures we desire increase,');
  expect(train.length + validation.length).toBeGreaterThan(94_000);
  const { read, next } = windowsOf(encode('abcdef'), [1, 0], 3);
  expect([decode(read), decode(next)]).toEqual(['bcdabc', 'cdebcd']);
});

it('draws by the shares of the powers', () => {
  const scores = Float32Array.of(0, Math.log(3));
  expect([0, 0.24, 0.26, 0.999999].map((at) => draw(scores, 1, at))).toEqual([0, 0, 1, 1]);
  expect(draw(scores, 0.1, 0.01)).toBe(1);
});

it('learns, writes, saves and resumes', { timeout: 900_000 }, async () => {
  const { stdout } = await run('--steps', '30');
  const [, loss] = /validation loss (\S+) a character/.exec(stdout) ?? [];
  console.log(`validation loss ${loss} after 30 steps`);
  expect(Number(loss)).toBeLessThan(3); // guessing evenly is ln 61 = 4.11
  expect(stdout).toMatch(/Shall I compare thee.{300}/s);
  expect(readFileSync(join(folder, 'sonnets.svg'), 'utf8')).toContain('<svg');
  const resumed = await run('--steps', '31', '--resume');
  const [, after] = /validation loss (\S+) a character/.exec(resumed.stdout) ?? [];
  expect(Math.abs(Number(after) - Number(loss))).toBeLessThan(0.2);
  await expect(run('--steps', 'many')).rejects.toThrow('sonnets: --steps is many (give a whole number from 1)');
});
