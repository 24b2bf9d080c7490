/**
 * Runs every test runner, streams what they print, adds up their numbers, and ends with the plain line
 * `N passed, N failed` (and `, N skipped` if any).
 *
 * Invariant: the line never says more than the runners showed. A runner that crashes, counts nothing, or exits
 * with an error although no test of it failed, adds one failure of its own, with the reason in a sentence.
 *
 * A runner either writes Vitest's JSON report (`json`), or ends its output with the plain line itself.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ name: string, command: string, arguments: readonly string[], json?: string }} Runner */

const ansi = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const plainLine = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

/** @param {string} output @returns {Counts | undefined} the last plain line's numbers */
export function readPlainLine(output) {
  const lines = output.replace(ansi, '').split(/\r?\n/);
  const match = lines
    .reverse()
    .map((line) => plainLine.exec(line.trim()))
    .find((found) => found !== null);
  return match ? { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3] ?? 0) } : undefined;
}

/** @param {string} text Vitest's JSON report @returns {Counts} a file that did not load is a failure */
export function readVitestReport(text) {
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const report = JSON.parse(text);
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {Counts} counts */
export function plain({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * Runs a command without standard input, passing its output on.
 * @param {string} command @param {readonly string[]} args @param {(text: string) => void} write
 * @returns {Promise<{ code: number | null, output: string, problem?: string }>}
 */
export function stream(command, args, write) {
  return new Promise((done) => {
    let output = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const pipe of [child.stdout, child.stderr]) {
      pipe.setEncoding('utf8');
      pipe.on('data', (text) => {
        output += text;
        write(text);
      });
    }
    child.on('error', (error) => done({ code: null, output, problem: error.message }));
    child.on('close', (code, signal) => done(signal ? { code, output, problem: `ended by ${signal}` } : { code, output }));
  });
}

/** @param {Runner} runner @param {string} output @returns {Counts | undefined} */
function readCounts(runner, output) {
  try {
    return runner.json === undefined ? readPlainLine(output) : readVitestReport(readFileSync(runner.json, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {readonly Runner[]} runners @param {(text: string) => void} write
 * @returns {Promise<Counts>} the sum; 0 failed only if every runner counted tests and ended well
 */
export async function countTests(runners, write) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const rows = [];
  for (const runner of runners) {
    const start = performance.now();
    const { code, output, problem } = await stream(runner.command, runner.arguments, write);
    const counts = readCounts(runner, output);
    const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
    const complaint =
      problem ??
      (counts === undefined ? `ended with code ${code} and no count of its tests` : undefined) ??
      (passed + failed === 0 ? 'ran no test' : undefined) ??
      (code !== 0 && failed === 0 ? `ended with code ${code} although none of its tests failed` : undefined);
    sum.passed += passed;
    sum.failed += failed + (complaint === undefined ? 0 : 1);
    sum.skipped += skipped;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    rows.push(
      `${runner.name}: ${plain({ passed, failed, skipped })} in ${seconds} s${complaint === undefined ? '' : `; failed: ${complaint}`}`,
    );
  }
  if (runners.length === 0) sum.failed += 1;
  write(`\n${rows.join('\n')}\n${plain(sum)}\n`);
  return sum;
}

/** @param {string} name @param {string} project a Vitest project, or `!` and the one to leave out @param {string} folder for the report @returns {Runner} */
export function vitestRunner(name, project, folder) {
  const json = join(folder, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${json}`];
  return {
    name,
    command: process.execPath,
    arguments: ['node_modules/vitest/vitest.mjs', 'run', `--project=${project}`, ...reporters],
    json,
  };
}

/** Runs what `choose` names, prints to stdout, and sets the exit code. @param {(folder: string) => readonly Runner[]} choose */
export async function main(choose) {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-tests-'));
  const { failed } = await countTests(choose(folder), (text) => process.stdout.write(text));
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = failed === 0 ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main((folder) => [
    { name: 'typetests', command: 'npm', arguments: ['run', '--silent', 'typetests'] },
    vitestRunner('vitest', '!typetests', folder),
  ]);
}
