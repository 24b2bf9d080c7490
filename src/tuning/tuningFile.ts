/**
 * What was measured on one adapter, as a file: plain JSON with a format number.
 *
 * Invariant: a file is taken whole or not at all; what is wrong with it is one sentence.
 */
import { type AdapterIdentity, isSameAdapter, showAdapter } from './adapterIdentity.ts';

/** Raised also where tiles change so much that what was measured no longer holds. */
export const tuningFormat = 1;

export interface MeasuredChoice {
  readonly tile: string;
  readonly milliseconds: number;
  /** What the cost model would have taken, and how long that took: the same if it was right. */
  readonly model: { readonly tile: string; readonly milliseconds: number };
}

export interface TuningFile {
  readonly format: typeof tuningFormat;
  readonly adapter: AdapterIdentity;
  readonly choices: Readonly<Record<string, MeasuredChoice>>;
}

export function emptyTuning(adapter: AdapterIdentity): TuningFile {
  return { format: tuningFormat, adapter, choices: {} };
}

/** Keys in order, so that equal contents are equal files. */
export function printTuning({ format, adapter, choices }: TuningFile): string {
  const sorted = Object.fromEntries(Object.entries(choices).sort(([left], [right]) => (left < right ? -1 : 1)));
  return `${JSON.stringify({ format, adapter, choices: sorted }, undefined, 2)}\n`;
}

/** The file, or why it is refused. `path` is for the sentence. */
export function parseTuning(text: string, path: string, adapter: AdapterIdentity): TuningFile | string {
  const refused = (why: string): string => `tuning: ${path} is ignored: ${why} (delete it, or run adjoint build --tune)`;
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return refused('it is no JSON');
  }
  if (!isObject(file) || typeof file.format !== 'number') return refused('it is no tuning file');
  if (file.format !== tuningFormat) return refused(`its format is ${file.format}, not ${tuningFormat}`);
  const of = readAdapter(file.adapter);
  if (of === undefined) return refused('it does not say which adapter it is of');
  if (!isSameAdapter(of, adapter)) return refused(`it is of ${showAdapter(of)}, not of ${showAdapter(adapter)}`);
  if (!isObject(file.choices)) return refused('it has no choices');
  const wrong = Object.entries(file.choices).find(([, choice]) => !isChoice(choice));
  if (wrong !== undefined) return refused(`its choice for '${wrong[0]}' is damaged`);
  // seam: every choice was checked
  return { format: tuningFormat, adapter: of, choices: file.choices as TuningFile['choices'] };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTime = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isTimedTile = (value: unknown): boolean => isObject(value) && typeof value.tile === 'string' && isTime(value.milliseconds);

const isChoice = (value: unknown): boolean => isTimedTile(value) && isObject(value) && isTimedTile(value.model);

function readAdapter(value: unknown): AdapterIdentity | undefined {
  if (!isObject(value)) return undefined;
  const { vendor, architecture, device, description, dawn } = value;
  const isText = (one: unknown): one is string => typeof one === 'string';
  if (!isText(vendor) || !isText(architecture) || !isText(device) || !isText(description) || !isText(dawn)) return undefined;
  return { vendor, architecture, device, description, dawn };
}
