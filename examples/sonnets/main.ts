/**
 * Trains the model on the sonnets, prints what it writes, draws the loss, and saves what would be needed to go on.
 *
 * `npm run sonnets`, `npm run sonnets -- --steps 200`, `npm run sonnets -- --resume`
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { init, tensor } from 'adjoint';
import { warmupCosine } from 'adjoint/nn';
import { loadSafetensors, saveSafetensors } from 'adjoint/safetensors';
import { SingleBar } from 'cli-progress';
import { writeLineChart } from '../plots/lineChart.ts';
import { context, initialise, type Text } from './model.ts';
import { sample } from './sample.ts';
import { optimizer, step, validate } from './step.ts';
import { splitText, windowsOf } from './text.ts';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '400' }, resume: { type: 'boolean', default: false }, folder: { type: 'string' } },
});
const steps = Number(values.steps);
if (!Number.isInteger(steps) || steps < 1) {
  console.error(`sonnets: --steps is ${values.steps} (give a whole number from 1)`);
  process.exit(2);
}
const folder = values.folder ?? new URL('.', import.meta.url).pathname;
const checkpoint = `${folder}/sonnets.safetensors`;
const batch = 16;
const reportEvery = 10;

const device = await init();
const { train, validation } = splitText();
console.log(`${train.length} characters to train on, ${validation.length} to validate; ${device.description}`);

const rateAt = warmupCosine({ rate: 3e-3, warmup: Math.min(100, steps / 10), steps });

/** Places to read at, drawn by the number of the step: a run that is resumed draws as one that was not interrupted. */
function batchAt(numbers: Int32Array, seed: number): readonly [Text, Text] {
  let state = (seed + 1) * 0x9e3779b9;
  const starts = Array.from({ length: batch }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return (state >>> 0) % (numbers.length - context);
  });
  const { read, next } = windowsOf(numbers, starts, context);
  return [tensor(read, ['batch', 't=64']), tensor(next, ['batch', 't=64'])];
}

let training = { parameters: initialise(1), state: optimizer.initialise(initialise(1)), done: 0 };
if (values.resume && existsSync(checkpoint)) training = await loadSafetensors(checkpoint, training);

const losses: [number, number][] = [];
const bar = new SingleBar({
  format: '{bar} {value}/{total} steps | loss {loss} | {eta_formatted} left',
  noTTYOutput: true,
  notTTYSchedule: 10_000,
});
bar.start(steps, training.done, { loss: '-' });
const begin = performance.now();
while (training.done < steps) {
  const { loss, parameters, state } = step(
    training.parameters,
    training.state,
    ...batchAt(train, training.done),
    tensor(rateAt(training.done)),
  );
  training = { parameters, state, done: training.done + 1 };
  if (training.done % reportEvery === 0) {
    const value = await loss.item();
    losses.push([training.done, value]);
    bar.update(training.done, { loss: value.toFixed(3) });
  }
}
bar.stop();

const held = await Promise.all([0, 1, 2, 3].map((seed) => validate(training.parameters, ...batchAt(validation, seed)).item()));
const mean = held.reduce((sum, one) => sum + one, 0) / held.length;
console.log(`validation loss ${mean.toFixed(3)} a character after ${((performance.now() - begin) / 1000).toFixed(0)} s`);

let seed = 1;
const random = (): number => {
  seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
  return (seed >>> 0) / 2 ** 32;
};
console.log(`\n${await sample(training.parameters, 'Shall I compare thee', { length: 300, temperature: 0.8, random })}\n`);

await saveSafetensors(checkpoint, training);
await writeLineChart(`${folder}/sonnets.svg`, [{ name: 'training', points: losses }], {
  title: 'Sonnets, a character-level transformer',
  x: 'step',
  y: 'loss a character',
});
console.log(`saved in ${checkpoint}; the loss is drawn in sonnets.svg beside it`);
