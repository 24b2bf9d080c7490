/**
 * `npm run mutants`: every small mistake in the hand-written gradients and the layers of the examples, and whether the types refuse it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { corpus } from './corpus.ts';
import { judge } from './judge.ts';
import { type Reason, report, type Scores, scoresOf } from './report.ts';

const scoreFile = join(import.meta.dirname, 'score.json');
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const command = new Command('mutants')
  .description(
    'Makes every small mistake in the gradients and layers of the examples and the library, and asks the types. Minutes for all.',
  )
  .argument('[words...]', 'only files whose path has one of these words')
  .option('--record', 'write the score that later runs must reach', false)
  .parse();
const words = command.args;
const chosen = corpus.filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)));
if (chosen.length === 0) command.error(`mutants: no file of the corpus has ${words.map((word) => `'${word}'`).join(' or ')} in its path`);

const start = performance.now();
const judgement = await judge(chosen);
if (command.opts<{ record: boolean }>().record) {
  const scores: Scores = { ...(words.length === 0 ? {} : (read(scoreFile) as Scores)), ...scoresOf(judgement.verdicts) };
  const sorted = Object.fromEntries(Object.entries(scores).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(scoreFile, `${JSON.stringify(sorted, undefined, 2)}\n`);
}
const reasons = read(join(import.meta.dirname, 'survivors.json')) as readonly Reason[];
const { text, complaints } = report(judgement, reasons, read(scoreFile) as Scores);
console.log(`${text}\n${((performance.now() - start) / 1000).toFixed(1)} s`);
process.exitCode = complaints.length === 0 ? 0 : 1;
