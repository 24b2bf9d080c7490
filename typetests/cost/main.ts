/** `npm run type-cost`: what the types cost, held against what is published; `-- --update` publishes it. Ends with its figure. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ceiling, complaints } from './gate.ts';
import { baselinePath, commonKeys, type Survey, survey, tablePath } from './survey.ts';
import { renderTable } from './table.ts';

const { once, ...measured } = survey();
for (const table of [measured.calls, measured.chains, measured.ranks]) {
  for (const [name, costs] of Object.entries(table)) {
    console.log(`${costs.map((cost) => `${cost ?? ''}`.padStart(7)).join('')}  ${name}`);
  }
}
if (process.argv.includes('--update')) {
  writeFileSync(baselinePath, `${JSON.stringify(measured, null, 1)}\n`);
  spawnSync(process.execPath, [createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome'), 'format', '--write', baselinePath]);
  writeFileSync(tablePath, renderTable(measured));
}
const found = complaints({ ...measured, once }, JSON.parse(readFileSync(baselinePath, 'utf8')) as Survey, commonKeys);
for (const complaint of found) console.error(complaint);
const dearest = Math.max(...commonKeys.map((key) => measured.calls[key]?.[0] ?? Number.NaN));
console.log(
  `type cost: ${dearest} instantiations for the dearest common operation (at most ${ceiling}); ${Object.keys(measured.calls).length} calls, ${found.length} beyond their budget`,
);
process.exitCode = found.length === 0 ? 0 : 1;
