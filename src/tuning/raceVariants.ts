/**
 * Which variant of a kernel is the fastest on a device. All run once and are compared; those that agree take turns, and who falls
 * behind is out of the race. The fastest then meets the cost model's choice alone.
 *
 * Invariant: in the race the best time of each counts, in the duel the median ratio of pairs; a variant wins over the cost model's only
 * if it is faster in both, by more than the clock's noise.
 */
import type { KernelVariant } from '../program/program.ts';
import { chooseVariant, costOf, type DeviceAbilities } from '../runtime/planRun.ts';
import type { Session } from '../runtime/session.ts';
import { agreeing } from './agreement.ts';
import { KernelBench, type KernelTask } from './kernelTask.ts';
import { timeCommands } from './timeCommands.ts';

export interface TimedTile {
  readonly tile: string;
  /** Of one run. */
  readonly milliseconds: number;
}

export interface RaceResult {
  readonly best: TimedTile;
  readonly model: TimedTile;
  /** Variants that were not timed, and why. */
  readonly excluded: readonly { readonly tile: string; readonly why: string }[];
}

/** Or why there is none, in words. */
export type Measure = (task: KernelTask) => Promise<RaceResult | string>;

/** Gain below which the model's choice stays. */
const noise = 0.03;
const pairs = 7;
/** Of the cost model's order, so many are tried. */
const most = 10;
const rounds = 7;
/** After each of the first rounds, who takes so many times as long as the best is out. */
const cuts: readonly number[] = [2, 1.3, 1.15];
/** What is timed takes at least so many milliseconds, by repetition, which a few repetitions foretell. */
const [leastTime, fewRepeats] = [20, 32];
/** A kernel that takes less is not tuned: what surrounds it, and polling for its end, take as long. In milliseconds. */
const shortestKernel = 0.05;

interface Runner {
  readonly variant: KernelVariant;
  readonly pipeline: GPUComputePipeline;
  /** Of the first run, then the least. */
  wall: number;
  /** By the clock that decides. */
  best: number;
}

/** What the variant's tile is called in choices: halves are in the key. */
export const tileOf = ({ name }: KernelVariant): string => name.replace(/, f16$/, '');

/**
 * The variants for the kind of device that this one is: those that require what the first one requires that it can run. The cost model's
 * choice is the first.
 */
export function rivals({ kernel, symbols }: KernelTask, device: DeviceAbilities): readonly KernelVariant[] {
  const first = chooseVariant(kernel, device, symbols);
  const kind = JSON.stringify(first.requires);
  const alike = kernel.variants.filter(({ requires }) => JSON.stringify(requires) === kind);
  return first.cost === undefined ? alike : alike.toSorted((one, other) => costOf(one, symbols) - costOf(other, symbols));
}

/** `byProcessor`: processor time decides, if there is such a clock: for the software device. */
export async function raceVariants(session: Session, task: KernelTask, byProcessor: boolean): Promise<RaceResult | string> {
  const { device, abilities } = session;
  const variants = rivals(task, abilities).slice(0, most);
  const bench = new KernelBench(device, task);
  try {
    const excluded: RaceResult['excluded'][number][] = [];
    const ready: Runner[] = [];
    const results = [];
    for (const variant of variants) {
      try {
        const pipeline = await bench.pipeline(variant);
        bench.reset();
        const { wall } = await timeCommands(device, bench.record(pipeline, variant, 1));
        results.push(await bench.results());
        ready.push({ variant, pipeline, wall, best: Number.POSITIVE_INFINITY });
      } catch (error) {
        excluded.push({ tile: tileOf(variant), why: error instanceof Error ? error.message : String(error) });
      }
    }
    const right = agreeing(results);
    for (const [i, { variant }] of ready.entries()) if (!right.has(i)) excluded.push({ tile: tileOf(variant), why: 'its results differ' });
    const runners = ready.filter((_, i) => right.has(i));
    const [model] = runners;
    if (ready.length === 0) return `none of its variants runs: ${excluded[0]?.why}`;
    if (model === undefined) return 'its variants do not agree on the results';
    if (model.variant !== variants[0]) return `the result of ${variants[0]?.name} differs from that of most others`;
    const outcome = await new Race(device, bench, byProcessor).run(model, runners);
    return outcome === undefined ? `it takes less than ${shortestKernel} ms` : { ...outcome, excluded };
  } finally {
    bench.destroy();
  }
}

class Race {
  readonly #device: GPUDevice;
  readonly #bench: KernelBench;
  readonly #byProcessor: boolean;
  #repeats = 1;

  constructor(device: GPUDevice, bench: KernelBench, byProcessor: boolean) {
    this.#device = device;
    this.#bench = bench;
    this.#byProcessor = byProcessor;
  }

  async run(model: Runner, runners: readonly Runner[]): Promise<Pick<RaceResult, 'best' | 'model'> | undefined> {
    const shortest = runners.reduce((best, one) => (one.wall < best.wall ? one : best));
    this.#repeats = shortest.wall < leastTime ? fewRepeats : 1;
    const repeats = repeatsFor((await this.#time(shortest)) / this.#repeats);
    if (repeats === undefined) return undefined;
    this.#repeats = repeats;
    for (const runner of runners) runner.best = Number.POSITIVE_INFINITY;
    let racing = runners;
    for (let round = 0; round < rounds && racing.length > 1; round++) {
      for (const runner of racing) await this.#time(runner);
      const limit = Math.min(...racing.map(({ best }) => best)) * (cuts[round] ?? Number.POSITIVE_INFINITY);
      racing = racing.filter(({ best }) => best <= limit);
    }
    if (model.best === Number.POSITIVE_INFINITY) await this.#time(model);
    const fastest = runners.reduce((best, one) => (one.best < best.best ? one : best), model);
    const ratio = fastest === model ? 1 : await this.#duel(fastest, model);
    const milliseconds = model.best / this.#repeats;
    const best = { tile: tileOf((ratio < 1 ? fastest : model).variant), milliseconds: milliseconds * ratio };
    return { best, model: { tile: tileOf(model.variant), milliseconds } };
  }

  async #duel(challenger: Runner, model: Runner): Promise<number> {
    const ratios: number[] = [];
    for (let pair = 0; pair < pairs; pair++) ratios.push((await this.#time(challenger)) / (await this.#time(model)));
    return gain(challenger.best / model.best, ratios);
  }

  async #time(runner: Runner): Promise<number> {
    const { wall, processor } = await timeCommands(
      this.#device,
      this.#bench.record(runner.pipeline, runner.variant, this.#repeats),
      runner.best === Number.POSITIVE_INFINITY ? undefined : runner.wall,
    );
    const time = this.#byProcessor ? (processor ?? wall) : wall;
    runner.wall = runner.best === Number.POSITIVE_INFINITY ? wall : Math.min(runner.wall, wall);
    runner.best = Math.min(runner.best, time);
    return time;
  }
}

/** How often a kernel that takes so many milliseconds is run to be timed; undefined if it is too short for that. */
export function repeatsFor(milliseconds: number): number | undefined {
  return milliseconds < shortestKernel ? undefined : Math.ceil(leastTime / milliseconds);
}

/** What part of the model's time the challenger takes: the median of pairs, or 1 if it is not faster by the best times, too. */
export function gain(ratioOfBest: number, ratiosOfPairs: readonly number[]): number {
  const median = ratiosOfPairs.toSorted((a, b) => a - b)[ratiosOfPairs.length >> 1] ?? 1;
  return Math.max(ratioOfBest, median) < 1 - noise ? median : 1;
}
