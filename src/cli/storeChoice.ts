/**
 * One choice into the tuning file of an adapter.
 *
 * Invariant: the file is replaced whole, so that whoever reads sees all of the old one or all of the new one.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AdapterIdentity } from '../tuning/adapterIdentity.ts';
import { emptyTuning, type MeasuredChoice, parseTuning, printTuning } from '../tuning/tuningFile.ts';

/** Beside those that are there; the file is replaced whole. What is refused of it is written over. */
export function storeChoice(file: string, adapter: AdapterIdentity, key: string, choice: MeasuredChoice): void {
  const known = readStored(file, adapter);
  const { choices } = typeof known === 'object' ? known : emptyTuning(adapter);
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, printTuning({ ...emptyTuning(adapter), choices: { ...choices, [key]: choice } }));
  renameSync(fresh, file);
}

function readStored(file: string, adapter: AdapterIdentity): ReturnType<typeof parseTuning> {
  try {
    return parseTuning(readFileSync(file, 'utf8'), file, adapter);
  } catch {
    return emptyTuning(adapter);
  }
}
