/**
 * Everything CI runs, in the order in which mistakes are cheapest to find. A step that fails does not stop the
 * others: one run says all that is wrong. Ends with the plain line of the tests, where every failed step that is not a
 * test counts as one failure, so that the line never says 0 failed of a run that failed.
 */
import { plain, readPlainLine, stream } from './countTests.mjs';

const node = process.execPath;
const write = (/** @type {string} */ text) => process.stdout.write(text);

/** @type {readonly { name: string, command: string, arguments: readonly string[] }[]} */
const steps = [
  { name: 'lint', command: 'npm', arguments: ['run', '--silent', 'lint'] },
  { name: 'types', command: 'npm', arguments: ['run', '--silent', 'typecheck'] },
  { name: 'links', command: node, arguments: ['scripts/checkLinks.mjs'] },
  { name: 'generated files', command: 'npm', arguments: ['run', '--silent', 'generated'] },
  { name: 'doctor', command: 'npm', arguments: ['run', '--silent', 'doctor'] },
];

const start = performance.now();
const seconds = (/** @type {number} */ since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const rows = [];
let failedSteps = 0;

for (const step of steps) {
  const begin = performance.now();
  write(`\n== ${step.name}\n`);
  const { code, problem } = await stream(step.command, step.arguments, write);
  if (code !== 0) failedSteps += 1;
  rows.push(`${code === 0 ? 'passed' : 'FAILED'}  ${step.name} (${seconds(begin)})${problem ? `: ${problem}` : ''}`);
}

write('\n== tests\n');
const begin = performance.now();
const { code, output } = await stream('npm', ['test', '--silent'], write);
const counts = readPlainLine(output) ?? { passed: 0, failed: 1, skipped: 0 };
const failed = code !== 0 && counts.failed === 0 ? 1 : counts.failed;
rows.push(`${failed === 0 ? 'passed' : 'FAILED'}  tests (${seconds(begin)})`);

write(`\n${rows.join('\n')}\ntotal ${seconds(start)}\n${plain({ ...counts, failed: failed + failedSteps })}\n`);
process.exitCode = failed + failedSteps === 0 ? 0 : 1;
