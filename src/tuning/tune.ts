/**
 * From programs to choices: finds the products that no choice is known for, has each measured once, and hands out what was found as
 * soon as it is known, so that an interrupted run keeps what is finished.
 *
 * Invariant: measuring is the caller's, and so is storing; nothing here has a clock or a disk.
 */
import { type Choices, keyAt } from '../program/choices.ts';
import type { Kernel, KernelVariant, Program } from '../program/program.ts';
import type { DeviceAbilities } from '../runtime/planRun.ts';
import { bytesOfTask, type KernelTask } from './kernelTask.ts';
import { type Measure, rivals } from './raceVariants.ts';
import type { MeasuredChoice } from './tuningFile.ts';

export interface TuneOptions {
  /** What is known already, and is not measured again. */
  readonly known: Choices;
  /** What each symbolic size is taken to be, in turn. */
  readonly sizes: readonly number[];
  readonly device: DeviceAbilities;
  readonly measure: Measure;
  readonly onFinding: (finding: Finding, done: number, total: number) => void;
}

export interface Finding {
  readonly key: string;
  /** Undefined: the cost model goes on choosing. */
  readonly choice: MeasuredChoice | undefined;
  /** In words: why there is no choice, or which variants were left out. */
  readonly remarks: readonly string[];
}

/** The sizes that the cost model looks at, too. */
export const usualSizes: readonly number[] = [2, 512];

/** Buffers of one kernel take no more than this. */
const mostBytes = 2 ** 30;

/** `programs` were compiled with all variants. Gives all choices, those that were known among them. */
export async function tune(programs: readonly Program[], options: TuneOptions): Promise<Choices> {
  const { known, measure, onFinding } = options;
  const tasks = tasksOf(programs, options);
  const tiles = new Map(known.tiles);
  let done = 0;
  for (const [key, task] of tasks) {
    const finding = await findingOf(key, task, measure);
    if (finding.choice !== undefined) tiles.set(key, finding.choice.tile);
    done += 1;
    onFinding(finding, done, tasks.size);
  }
  return { adapter: known.adapter, tiles };
}

async function findingOf(key: string, task: KernelTask, measure: Measure): Promise<Finding> {
  const none = (why: string): Finding => ({ key, choice: undefined, remarks: [why] });
  const bytes = bytesOfTask(task);
  if (bytes === undefined) return none('its sizes do not come out whole and positive');
  if (bytes > mostBytes) return none(`its buffers would take ${Math.ceil(bytes / 2 ** 20)} MiB`);
  const race = await measure(task);
  if (typeof race === 'string') return none(race);
  const { best, model, excluded } = race;
  return { key, choice: { ...best, model }, remarks: excluded.map(({ tile, why }) => `${tile} is left out: ${why}`) };
}

/** One for each key that nothing is known for. */
function tasksOf(programs: readonly Program[], { known, sizes, device }: TuneOptions): ReadonlyMap<string, KernelTask> {
  const tasks = new Map<string, KernelTask>();
  for (const program of programs) {
    for (const kernel of program.kernels) {
      for (const { key, symbols } of keysOf(program, kernel, sizes, device)) {
        if (!known.tiles.has(key) && !tasks.has(key)) tasks.set(key, { program, kernel, symbols });
      }
    }
  }
  return tasks;
}

interface SizedKey {
  readonly key: string;
  readonly symbols: Readonly<Record<string, number>>;
}

function keysOf(program: Program, kernel: Kernel, sizes: readonly number[], device: DeviceAbilities): readonly SizedKey[] {
  if (!kernel.variants.some(({ choiceKeys }) => choiceKeys !== undefined)) return [];
  const sized = sizes.map((size) => ({ size, symbols: Object.fromEntries(program.symbols.map((symbol) => [symbol, size])) }));
  const [usual] = sized.slice(-1);
  const variants = rivals({ program, kernel, symbols: usual?.symbols ?? {} }, device);
  const key = variants[0]?.choiceKeys?.[0];
  if (key === undefined || variants.length < 2) return [];
  return hasSizes(variants)
    ? sized.map(({ size, symbols }) => ({ key: keyAt(key, size), symbols }))
    : [{ key, symbols: usual?.symbols ?? {} }];
}

/** A cost is there where sizes decide. */
const hasSizes = (variants: readonly KernelVariant[]): boolean => variants.some(({ cost }) => cost !== undefined);
