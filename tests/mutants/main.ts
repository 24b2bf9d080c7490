/**
 * `npm run mutants`: every small mistake in the hand-written gradients and the layers of the examples, and whether the types refuse it.
 * `--record` writes the score that later runs must reach.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpus } from './corpus.ts';
import { judge } from './judge.ts';
import { type Reason, report, type Scores, scoresOf } from './report.ts';

const scoreFile = join(import.meta.dirname, 'score.json');
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const start = performance.now();
const judgement = await judge(corpus);
if (process.argv.includes('--record')) writeFileSync(scoreFile, `${JSON.stringify(scoresOf(judgement.verdicts), undefined, 2)}\n`);
const reasons = read(join(import.meta.dirname, 'survivors.json')) as readonly Reason[];
const { text, complaints } = report(judgement, reasons, read(scoreFile) as Scores);
console.log(`${text}\n${((performance.now() - start) / 1000).toFixed(1)} s`);
process.exitCode = complaints.length === 0 ? 0 : 1;
