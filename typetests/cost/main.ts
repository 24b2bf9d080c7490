/** `npm run type-cost`: prints the instantiations of every bench and holds them against baseline.json; `-- --update` renews it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benches, chains } from './benches.ts';
import { type Costs, exceeded } from './gate.ts';
import { chainCosts, cost } from './measure.ts';

const path = join(import.meta.dirname, 'baseline.json');
const measured: Costs = {
  ...Object.fromEntries(Object.entries(benches).map(([name, bench]) => [name, cost(bench)])),
  ...Object.fromEntries(Object.entries(chains).flatMap(([name, bench]) => Object.entries(chainCosts(name, bench)))),
};
for (const [name, instantiations] of Object.entries(measured)) console.log(`${instantiations.toFixed(1).padStart(9)}  ${name}`);

if (process.argv.includes('--update')) {
  writeFileSync(path, `${JSON.stringify(measured, null, 2)}\n`);
} else {
  const complaints = exceeded(measured, JSON.parse(readFileSync(path, 'utf8')) as Costs);
  for (const complaint of complaints) console.error(complaint);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}
