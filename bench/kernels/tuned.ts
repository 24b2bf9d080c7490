/**
 * `npx tsx bench/kernels/tuned.ts [words]`: what the stored choices for this adapter gain over the cost model, row by row: processor time
 * on the software device. Rows whose choices are the model's own are one program, and are not timed.
 */
import { compile } from '../../src/codegen/compile.ts';
import type { Program } from '../../src/program/program.ts';
import { chooseVariant } from '../../src/runtime/planRun.ts';
import { openSession } from '../../src/runtime/session.ts';

import { storedChoices } from '../../src/tuning/storedChoices.ts';
import { type Candidate, measure } from './measure.ts';
import { rows } from './rows.ts';

const words = process.argv.slice(2);
const session = await openSession({ onMessage: () => {} });
const choices = storedChoices(session.device.adapterInfo);
const { abilities } = session;
console.log(`${choices.adapter}: ${choices.shipped} choices shipped, ${choices.cached} measured here`);

function candidate(name: string, program: Program): Candidate {
  return { name, program, variants: program.kernels.map((kernel) => chooseVariant(kernel, abilities)) };
}

const tiles = ({ variants }: Candidate): string => variants.map(({ name }) => name).join(', ');

for (const [name, graph] of rows) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  const modelled = compile(graph());
  const { flops } = modelled.statistics;
  const [model, tuned] = [candidate('model', modelled), candidate('tuned', compile(graph(), { choices }))];
  if (tiles(model) === tiles(tuned)) {
    console.log(name.padEnd(36), '1.00', ' the same');
    continue;
  }
  const runs = Math.ceil(2 ** 27 / Number(flops));
  const times = await measure(session, [model, tuned], 15, runs);
  const [before, after] = [times.get('model'), times.get('tuned')];
  const time = (one: typeof before): number => (session.info.kind === 'software' ? one?.processor : one?.wall) ?? Number.NaN;
  console.log(name.padEnd(36), (time(after) / time(before)).toFixed(2), ` ${tiles(tuned)} instead of ${tiles(model)}`);
}
session.close();
