/** `npm run bench`: measures this project and its peers on one adapter, prints a table and writes it with what it was measured on. */
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { chooseDevice } from '../src/runtime/openDevice.ts';
import { openAdapter } from './adapter.ts';
import { measureRow, type RowResult } from './measure.ts';
import { measurePeaks } from './peaks.ts';
import { openAdjoint } from './peers/adjoint.ts';
import { openJaxJs } from './peers/jaxJs.ts';
import type { Peer } from './peers/peer.ts';
import { openTfjs } from './peers/tfjs.ts';
import { environment, ownVersion, page, type Report, versionOf, write } from './report.ts';
import { type Row, rows } from './rows.ts';
import { leastGains, sweepRows } from './sweep.ts';

interface Options {
  readonly rows: readonly string[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly sweep: number | undefined;
  readonly seed: number;
  readonly gpu: boolean;
  readonly robustness: boolean;
  readonly peers: readonly string[];
  readonly out: string;
  readonly write: boolean;
}

const list = (text: string): readonly string[] => text.split(',').map((word) => word.trim());

function positive(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number from 1');
  return count;
}

const command = new Command('bench')
  .description('measures adjoint, jax-js and tfjs on one WebGPU adapter; results are compared first')
  .option('--rows <words>', 'only rows of these groups, or with these words in their names', list, [])
  .option('--rounds <count>', 'how often each is measured', positive, 5)
  .option('--quick', 'few rows', false)
  .option('--sweep <count>', 'instead, so many products of random sizes up to 700; nothing is written', positive)
  .option('--seed <number>', 'which random sizes', positive, 1)
  .option('--gpu', 'also measures what the device can do at most, and says which part of it each row reaches', false)
  .option('--no-robustness', 'without the checks of indices that browsers have on')
  .option('--peers <names>', 'whom to measure beside adjoint', list, ['jax-js', 'tfjs'])
  .option('--out <folder>', 'where the table and the JSON go', join(import.meta.dirname, 'results'))
  .option('--no-write', 'only print');

const openers: Readonly<Record<string, () => Promise<Peer>>> = {
  'jax-js': () => openJaxJs(versionOf('@jax-js/jax')),
  tfjs: () => openTfjs(versionOf('@tensorflow/tfjs-core')),
};

async function openPeers(names: readonly string[]): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const name of names) {
    const open = openers[name];
    if (!open) throw new Error(`bench: there is no peer ${name} (the peers: ${Object.keys(openers).join(', ')})`);
    peers.push(await open());
  }
  return peers;
}

const chosen = ({ rows: words, quick, sweep, seed }: Options): readonly Row[] =>
  (sweep === undefined ? rows : sweepRows(sweep, seed)).filter((row) =>
    words.length === 0 ? !quick || row.quick : words.some((word) => row.group === word || row.name.includes(word)),
  );

async function main(options: Options): Promise<void> {
  const selected = chosen(options);
  if (selected.length === 0) {
    const groups = [...new Set(rows.map(({ group }) => group))].join(', ');
    throw new Error(`bench: no row has ${options.rows.join(', ')} (the groups: ${groups})`);
  }
  const adapter = await openAdapter({ device: chooseDevice({}), robustness: options.robustness });
  const about = environment(adapter);
  const peaks = options.gpu ? await measurePeaks(adapter.gpu) : undefined;
  const peers = [await openAdjoint(adapter.gpu, ownVersion), ...(await openPeers(options.peers))];
  const versions = Object.fromEntries(peers.map(({ name, version }) => [name, version]));

  const bar = new SingleBar({ format: '{bar} {value}/{total} | {row} | {eta_formatted} left', noTTYOutput: true, notTTYSchedule: 20_000 });
  bar.start(selected.length * options.rounds, 0, { row: '' });
  const results: RowResult[] = [];
  for (const [index, row] of selected.entries()) {
    bar.update(index * options.rounds, { row: row.name });
    results.push(await measureRow(row, peers, { rounds: options.rounds, onRound: () => bar.increment() }));
  }
  bar.update(bar.getTotal());
  bar.stop();

  const packages = { webgpu: versionOf('webgpu') };
  const { robustness, rounds } = options;
  const report: Report = { ...about, robustness, rounds, versions: { ...versions, ...packages }, peaks, rows: results };
  console.log(`\n${page(report)}`);
  if (options.sweep !== undefined) console.log(leastGains(results, Object.keys(versions), 8).join('\n'));
  else if (options.write) console.log(`written: ${write(report, options.out)}.{md,json}`);
  const wrong = results.flatMap(({ row, peers }) =>
    Object.entries(peers).flatMap(([name, entry]) => ('problem' in entry ? [`${row}: ${name}: ${entry.problem}`] : [])),
  );
  for (const problem of wrong) console.error(problem);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

await main(command.parse().opts<Options>());
// Dawn and the libraries keep the event loop alive.
process.exit();
