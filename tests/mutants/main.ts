/**
 * `npm run mutants`: every small mistake in the hand-written gradients and the layers of the examples, and whether the types refuse it.
 * `--record` writes the score that later runs must reach.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpus } from './corpus.ts';
import { judge } from './judge.ts';
import { type Reason, report, type Score } from './report.ts';

const scoreFile = join(import.meta.dirname, 'score.json');
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const reasons = read(join(import.meta.dirname, 'survivors.json')) as readonly Reason[];
const recording = process.argv.includes('--record');
const recorded = recording ? { refused: 0, mutants: 0, share: 0 } : (read(scoreFile) as Score);

const start = performance.now();
const { text, score, complaints } = report(await judge(corpus), reasons, recorded);
if (recording) writeFileSync(scoreFile, `${JSON.stringify(score, undefined, 2)}\n`);
console.log(`${text}\n${((performance.now() - start) / 1000).toFixed(1)} s`);
process.exitCode = complaints.length === 0 ? 0 : 1;
