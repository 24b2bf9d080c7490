/**
 * Random programs for as long as one likes: `npm run differential -- --seeds 1000 --from 5000`. Ends at the first that fails, with its
 * seed and the smallest program that fails, as text.
 */
import { parseArgs } from 'node:util';
import { reportOf } from '../src/codegen/testing/checkProgram.ts';
import { softwareDevice } from '../src/codegen/testing/softwareDevice.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '0' } } });
const [count, from] = [Number(values.seeds), Number(values.from)];
if (!Number.isInteger(count) || !Number.isInteger(from) || count < 1 || from < 0) {
  console.error('differential: seeds and from are whole numbers (npm run differential -- --seeds 1000 --from 0)');
  process.exit(1);
}

const device = await softwareDevice();
for (let seed = from; seed < from + count; seed++) {
  const report = await reportOf(device, seed);
  if (report !== undefined) {
    console.error(report);
    process.exit(1);
  }
  if ((seed - from + 1) % 50 === 0) console.log(`${seed - from + 1} of ${count} programs agree`);
}
console.log(`${count} programs agree, seeds ${from} to ${from + count - 1}`);
process.exit(0);
