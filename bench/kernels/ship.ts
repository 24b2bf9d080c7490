/**
 * `npx tsx bench/kernels/ship.ts [words]`: measures the products of the rows here on the adapter at hand, and writes the table of it that
 * ships with the package; with words, of the rows whose names have one of them, beside what is there. `npm run format` after it.
 */
import { writeFileSync } from 'node:fs';
import { compile } from '../../src/codegen/compile.ts';
import { openSession } from '../../src/runtime/session.ts';
import { isSameHardware } from '../../src/tuning/adapterIdentity.ts';
import { raceVariants } from '../../src/tuning/raceVariants.ts';
import { shippedTuning } from '../../src/tuning/shipped/shippedTuning.ts';
import { storedChoices } from '../../src/tuning/storedChoices.ts';
import { tune, usualSizes } from '../../src/tuning/tune.ts';
import { emptyTuning, type MeasuredChoice, printTuning } from '../../src/tuning/tuningFile.ts';
import { rows } from './rows.ts';

const words = process.argv.slice(2);
const session = await openSession({ onMessage: () => {} });
const { device, info } = session;
const { identity } = storedChoices(device.adapterInfo, 'off');
const shipped = shippedTuning.find(({ adapter }) => isSameHardware(adapter, identity));
const choices: Record<string, MeasuredChoice> = words.length === 0 ? {} : { ...shipped?.choices };
const name = `${identity.vendor} ${identity.architecture || identity.device}`.replaceAll(/[^a-z0-9]+(.)/gi, (_, letter: string) =>
  letter.toUpperCase(),
);

for (const [row, graph] of rows) {
  if (words.length > 0 && !words.some((word) => row.includes(word))) continue;
  await tune([compile(graph(), { variants: 'all' })], {
    known: { adapter: '', tiles: new Map(Object.entries(choices).map(([key, { tile }]) => [key, tile])) },
    sizes: usualSizes,
    device: session.abilities,
    measure: (task) => raceVariants(session, task, info.kind === 'software'),
    onFinding: ({ key, choice, remarks }) => {
      console.log(
        row.padEnd(36),
        key.padEnd(44),
        choice ? `${choice.tile}, ${(choice.milliseconds / choice.model.milliseconds).toFixed(2)} of ${choice.model.tile}` : '',
        ...remarks,
      );
      if (choice === undefined) return;
      const rounded = (milliseconds: number): number => Number(milliseconds.toPrecision(3));
      const { tile, milliseconds, model } = choice;
      choices[key] = { tile, milliseconds: rounded(milliseconds), model: { tile: model.tile, milliseconds: rounded(model.milliseconds) } };
      writeFileSync(
        new URL(`../../src/tuning/shipped/${name}.ts`, import.meta.url),
        `/** Measured by bench/kernels/ship.ts; not edited. */\nimport type { TuningFile } from '../tuningFile.ts';\n\nexport const ${name}: TuningFile = ${printTuning({ ...emptyTuning(identity), choices }).trimEnd()};\n`,
      );
    },
  });
}
session.close();
