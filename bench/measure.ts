/**
 * One row: everybody prepares, results are compared, then rounds alternate between the peers, so that a busy machine is busy for all.
 *
 * Invariant: nobody whose result differs is timed.
 */
import { inputsOf } from './inputs.ts';
import type { Peer, Prepared } from './peers/peer.ts';
import type { Row } from './rows.ts';
import { taskOf } from './tasks.ts';
import { distance, referenceOf, toleranceOf } from './verify.ts';

export interface Timing {
  readonly best: number;
  readonly median: number;
  readonly milliseconds: readonly number[];
  /** Processor time of the best run, the software device's included: what to compare on a busy machine. */
  readonly processor: number;
  /** From the reference; see verify.ts. */
  readonly distance: number;
}

export interface RowResult {
  readonly row: string;
  readonly group: string;
  readonly flops: number;
  readonly bytes: number;
  readonly reference: string;
  /** A sentence where there is no timing: the peer cannot do the task, or its result is wrong. */
  readonly peers: Readonly<Record<string, Timing | { readonly problem: string }>>;
}

export interface MeasureOptions {
  readonly rounds: number;
  /** Called after each round. */
  readonly onRound?: () => void;
}

/** Whoever takes this long for one run has three samples at most, and one if it takes ten times this long. */
const longest = 2000;

/** Runs shorter than this are repeated within a round, in a loop that waits at its end: a single one would measure the waiting. */
const shortest = 25;

interface Sample {
  readonly wall: number;
  readonly processor: number;
}

async function timed(prepared: Prepared, repeats: number): Promise<Sample> {
  const before = process.cpuUsage();
  const start = performance.now();
  await prepared.run(repeats);
  const wall = (performance.now() - start) / repeats;
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: (user + system) / 1000 / repeats };
}

/** Runs until a round is long enough, which also warms what is compiled and allocated on the way. */
async function warm(prepared: Prepared): Promise<{ readonly first: Sample; readonly repeats: number }> {
  for (let repeats = 1; ; ) {
    const first = await timed(prepared, repeats);
    const { wall } = first;
    if (wall * repeats >= shortest) return { first, repeats };
    repeats = Math.min(4 * repeats, Math.ceil((1.2 * shortest) / wall));
  }
}

export function summary(milliseconds: readonly number[]): { readonly best: number; readonly median: number } {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return { best: sorted[0] ?? 0, median: ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2 };
}

export async function measureRow(row: Row, peers: readonly Peer[], options: MeasureOptions): Promise<RowResult> {
  const task = taskOf(row);
  const inputs = inputsOf(task);
  const evaluated = referenceOf(row, task, inputs);
  let reference = evaluated;
  const results: Record<string, Timing | { problem: string }> = {};
  const runners: {
    readonly name: string;
    readonly prepared: Prepared;
    readonly distance: number;
    readonly repeats: number;
    readonly rounds: number;
    readonly samples: Sample[];
  }[] = [];

  for (const { name, prepare } of peers) {
    try {
      const prepared = await prepare(row, task, inputs);
      reference ??= prepared.outputs;
      const far = distance(reference, prepared.outputs);
      if (far > toleranceOf(row)) {
        results[name] = {
          problem: `wrong result: ${far.toExponential(1)} from the reference, ${toleranceOf(row).toExponential()} allowed`,
        };
        prepared.dispose();
        continue;
      }
      const { first, repeats } = await warm(prepared);
      const { wall } = first;
      runners.push({
        name,
        prepared,
        distance: far,
        repeats,
        rounds: wall < longest ? options.rounds : wall < 10 * longest ? 2 : 0,
        // what takes long is warm after its first run
        samples: wall < longest ? [] : [first],
      });
    } catch (error) {
      results[name] = { problem: `does not run: ${error instanceof Error ? error.message : error}` };
    }
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const { prepared, repeats, rounds, samples } of runners) if (round < rounds) samples.push(await timed(prepared, repeats));
    options.onRound?.();
  }
  for (const { name, prepared, distance, samples } of runners) {
    const milliseconds = samples.map(({ wall }) => wall);
    results[name] = { ...summary(milliseconds), milliseconds, processor: Math.min(...samples.map((one) => one.processor)), distance };
    prepared.dispose();
  }
  const elements = [...inputs, ...(runners[0]?.prepared.outputs ?? [])].reduce((sum, { length }) => sum + length, 0);
  return {
    row: row.name,
    group: row.group,
    flops: task.flops,
    bytes: 4 * elements,
    reference: evaluated === undefined ? (peers[0]?.name ?? 'none') : 'f64 evaluator',
    peers: results,
  };
}
