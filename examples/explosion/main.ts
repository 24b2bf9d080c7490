/** Trains the same network in five ways and prints how large the gradients are, and what becomes of the loss. */
import { init } from 'adjoint';
import { SingleBar } from 'cli-progress';
import { cures, depth, train } from './model.ts';

const steps = 40;
const { description } = await init();
console.log(`${depth} layers, ${steps} steps; ${description}`);
const bar = new SingleBar({ format: '{bar} {value}/{total} {name}', noTTYOutput: true, notTTYSchedule: 10_000 });
bar.start(cures.length, 0, { name: '' });
const rows: string[] = [];
for (const [at, cure] of cures.entries()) {
  bar.update(at, { name: cure.name });
  const { norm, first, last } = await train(cure, steps);
  rows.push([cure.name.padEnd(40), ...[norm, first, last].map((value) => value.toExponential(1).padStart(10))].join(''));
}
bar.update(cures.length, { name: '' });
bar.stop();
console.log(`${''.padEnd(40)}${['|gradient|', 'loss', 'after'].map((title) => title.padStart(10)).join('')}\n${rows.join('\n')}`);
