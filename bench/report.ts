/** What was measured, as a table for people and as JSON. A ratio is of best times: how many times longer the peer takes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import type { BenchAdapter } from './adapter.ts';
import type { RowResult, Timing } from './measure.ts';
import type { Peaks } from './peaks.ts';

const root = resolve(import.meta.dirname, '..');

export interface Report {
  readonly adapter: string;
  readonly driver: string;
  readonly robustness: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
  readonly node: string;
  readonly processor: string;
  readonly loadAverage: readonly number[];
  readonly date: string;
  readonly rounds: number;
  readonly peaks: Peaks | undefined;
  readonly rows: readonly RowResult[];
}

const versionIn = (folder: string): string => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
export const versionOf = (name: string): string => versionIn(join(root, 'node_modules', name));
export const ownVersion = versionIn(root);

function commitOf(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ', changed'}`;
  } catch {
    return process.env.ADJOINT_COMMIT ?? 'unknown'; // where git is not installed
  }
}

export function environment({ name, driver }: BenchAdapter): Omit<Report, 'rows' | 'rounds' | 'versions' | 'robustness' | 'peaks'> {
  const processors = cpus();
  return {
    adapter: name,
    driver,
    commit: commitOf(),
    node: process.version,
    processor: `${processors.length} x ${processors[0]?.model ?? 'unknown'}`,
    loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
    date: new Date().toISOString().slice(0, 10),
  };
}

const isTiming = (entry: RowResult['peers'][string] | undefined): entry is Timing => entry !== undefined && 'best' in entry;
const digits = (value: number) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

function cells({ peers, flops, bytes }: RowResult, names: readonly string[], peaks: Peaks | undefined): readonly string[] {
  const ours = peers[names[0] ?? ''];
  const times = names.map((name) => {
    const entry = peers[name];
    return isTiming(entry) ? `${digits(entry.best)} / ${digits(entry.median)}` : (entry?.problem ?? '');
  });
  const ratios = names.slice(1).map((name) => {
    const entry = peers[name];
    if (!isTiming(ours) || !isTiming(entry)) return '';
    return `${(entry.best / ours.best).toFixed(1)} (${(entry.processor / ours.processor).toFixed(1)})`;
  });
  if (!isTiming(ours)) return [...times, ...ratios, '', ...(peaks ? ['', ''] : [])];
  const rate = flops / ours.best / 1e6;
  const fractions = peaks ? [percent(rate / peaks.f32), percent(bytes / ours.best / 1e6 / peaks.copy)] : [];
  return [...times, ...ratios, digits(rate), ...fractions];
}

const percent = (fraction: number) => `${(100 * fraction).toFixed(0)} %`;

export function table({ rows, versions, peaks }: Pick<Report, 'rows' | 'versions' | 'peaks'>): string {
  const names = Object.keys(versions).filter((name) => rows.some(({ peers }) => name in peers));
  const heads = [
    'row',
    ...names.map((name) => `${name} ms`),
    ...names.slice(1).map((name) => `${name} / ${names[0]}`),
    'GFLOP/s',
    ...(peaks ? ['of f32 peak', 'of copy bandwidth'] : []),
  ];
  const line = (columns: readonly string[]) => `| ${columns.join(' | ')} |`;
  const body = rows.map((row) => line([row.row, ...cells(row, names, peaks)]));
  return [line(heads), line(heads.map((_, index) => (index === 0 ? '---' : '--:'))), ...body].join('\n');
}

export function page(report: Report): string {
  const { adapter, driver, robustness, versions, commit, node, processor, loadAverage, date, rounds, peaks } = report;
  const facts = [
    `adapter: ${adapter} (${driver})`,
    `robustness: ${robustness ? 'on' : 'off'}`,
    `versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}, Node ${node}`,
    `commit: ${commit}`,
    `processor: ${processor}; load average ${loadAverage.join(', ')}`,
    `date: ${date}; best / median of ${rounds} rounds; ratios are of best times, in brackets of processor times`,
    ...(peaks
      ? [
          `measured peaks: ${digits(peaks.f32)} GFLOP/s f32, ${peaks.f16 === undefined ? 'no' : `${digits(peaks.f16)} GFLOP/s`} f16, copy ${digits(peaks.copy)} GB/s`,
        ]
      : []),
  ];
  return `# ${adapter}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}\n\n${table(report)}\n`;
}

/** Writes `<adapter>.md` and `<adapter>.json`; returns the path without its ending. */
export function write(report: Report, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const name = report.adapter
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const path = join(folder, `${name}${report.robustness ? '' : '-no-robustness'}`);
  writeFileSync(`${path}.json`, `${JSON.stringify(report, undefined, 1)}\n`);
  writeFileSync(`${path}.md`, page(report));
  return path;
}
