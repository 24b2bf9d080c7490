/**
 * `npx tsx bench/kernels/main.ts [words]`: processor time of each row's program, or of those rows whose names have one of the words;
 * with ALL=1 of every variant that the device can run.
 */

import { compile } from '../../src/codegen/compile.ts';
import { lineLanes } from '../../src/program/lineLanes.ts';
import type { Program } from '../../src/program/program.ts';
import { abilitiesOf, chooseVariant } from '../../src/runtime/planRun.ts';
import { openSession } from '../../src/runtime/session.ts';
import { type Candidate, measure } from './measure.ts';
import { rows } from './rows.ts';

const words = process.argv.slice(2);
const session = await openSession({ device: 'software', onMessage: () => {} });
const abilities = abilitiesOf(session.device, session.device.adapterInfo);

function candidatesOf(name: string, program: Program): readonly Candidate[] {
  const chosen = program.kernels.map((kernel) => chooseVariant(kernel, abilities));
  return [{ name, program, variants: chosen }];
}

for (const [name, graph] of rows) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  const program = compile(graph(), { lines: abilities.subgroupSize === lineLanes });
  const flops = Number(program.statistics.flops);
  for (const [, { processor, wall, compile: compiling }] of await measure(session, candidatesOf(name, program))) {
    const kernels = program.kernels.map((kernel) => chooseVariant(kernel, abilities).name).join(', ');
    const text = program.kernels.flatMap(({ variants }) => variants.map(({ wgsl }) => wgsl.length)).reduce((sum, size) => sum + size, 0);
    console.log(
      name.padEnd(36),
      `${processor.toFixed(2)} ms`.padStart(11),
      `(wall ${wall.toFixed(2)})`.padStart(15),
      `${(flops / processor / 1e6).toFixed(2)} GFLOP/s a core`.padStart(22),
      `compiled in ${compiling.toFixed(0)} ms`.padStart(20),
      `${(text / 1000).toFixed(0)} kB`.padStart(7),
      ` ${program.kernels.length}: ${kernels}`,
    );
  }
}
session.close();
