/**
 * `adjoint build --tune`: measures the tiles of the products of some files on the adapter at hand, and keeps the fastest in the user's
 * cache, for this build, and for whatever runs here later.
 *
 * Invariant: each choice is on disk as soon as it is known; what is known is not measured again.
 */
import { join } from 'node:path';
import { compileFiles, isCompiledLayer, type NamedFunction } from '../codegen/compileFiles.ts';
import type { Choices } from '../program/choices.ts';
import type { Program } from '../program/program.ts';
import { cacheFolder } from '../runtime/adapters/software.ts';
import { openSession } from '../runtime/session.ts';
import { raceVariants } from '../tuning/raceVariants.ts';
import { fileName, storedChoices } from '../tuning/storedChoices.ts';
import { type Finding, tune, usualSizes } from '../tuning/tune.ts';
import type { MeasuredChoice } from '../tuning/tuningFile.ts';
import { storeChoice } from './storeChoice.ts';

/** Errors: `DeviceUnavailableError`. Files with errors are left out: the build reports them. */
export async function tuneFiles(
  paths: readonly string[],
  sizes: readonly number[] = usualSizes,
  say: (line: string) => void = console.log,
): Promise<Choices> {
  const session = await openSession();
  const { device, info } = session;
  try {
    const known = storedChoices(device.adapterInfo);
    if (known.problem !== undefined) say(known.problem);
    say(`tuning for ${known.adapter}`);
    const programs: Program[] = [];
    await compileFiles(
      paths,
      '.',
      ['layer', 'jit'],
      ({ layers = [] }) => programs.push(...layers.flatMap(programsOf)),
      () => ({ variants: 'all' }),
    );
    const file = join(cacheFolder(), fileName(known.identity));
    const choices = await tune(programs, {
      known,
      sizes,
      device: session.abilities,
      measure: (task) => raceVariants(session, task, info.kind === 'software'),
      onFinding: (finding, done, total) => {
        if (finding.choice !== undefined) storeChoice(file, known.identity, finding.key, finding.choice);
        for (const line of findingLines(finding, done, total)) say(line);
      },
    });
    say(`${choices.tiles.size} choices are stored for this adapter (${file})`);
    return choices;
  } finally {
    session.close();
  }
}

function programsOf({ compiled }: NamedFunction): readonly Program[] {
  return isCompiledLayer(compiled) ? [compiled.forward, compiled.residualForward, compiled.backward] : [compiled.forward];
}

function findingLines({ key, choice, remarks }: Finding, done: number, total: number): readonly string[] {
  return [
    `${done} of ${total}: ${key}: ${choice === undefined ? 'the cost model chooses' : outcome(choice)}`,
    ...remarks.map((remark) => `  ${remark}`),
  ];
}

function outcome({ tile, milliseconds, model }: MeasuredChoice): string {
  if (tile === model.tile) return `${tile}, as the cost model says`;
  return `${tile} takes ${(milliseconds / model.milliseconds).toFixed(2)} of what the cost model's ${model.tile} does`;
}
