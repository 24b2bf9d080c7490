/**
 * The score in words, and what is wrong with it: survivors that nobody has explained, explanations that nothing needs, a score below
 * the recorded one, fixes that do not compile.
 *
 * A survivor that exchanges tensors of one shape needs no explanation: no rule of shapes can tell them apart. Every other one has a
 * reason in survivors.json.
 */
import type { Judgement, Verdict } from './judge.ts';

export interface Reason {
  readonly file: string;
  readonly reason: string;
  /** The edits in the words of the report. */
  readonly mutations: readonly string[];
}

/** What is recorded of a file, and of all: mutants refused, of those that compute something else. */
export interface Score {
  readonly refused: number;
  readonly mutants: number;
  /** Of all that compute something else. */
  readonly share: number;
  /** Of those that do not exchange tensors of one shape: what rules of shapes can tell. */
  readonly tellable: number;
}

/** By file. */
export type Scores = Readonly<Record<string, Score>>;

export interface Report {
  readonly text: string;
  readonly scores: Scores;
  readonly complaints: readonly string[];
}

const isRefused = ({ is }: Verdict): boolean => is === 'refused' || is === 'refused at its callers';
const isAlive = ({ is }: Verdict): boolean => is === 'alive';
const isExchange = ({ mutant }: Verdict): boolean => mutant.isSameType;
const count = (verdicts: readonly Verdict[], ...tests: readonly ((verdict: Verdict) => boolean)[]): number =>
  verdicts.filter((verdict) => tests.every((test) => test(verdict))).length;

const shareOf = (refused: number, alive: number): number =>
  refused + alive === 0 ? 1 : Math.floor((refused / (refused + alive)) * 10_000) / 10_000;

export function scoreOf(verdicts: readonly Verdict[]): Score {
  const refused = count(verdicts, isRefused);
  const [alive, exchanges] = [count(verdicts, isAlive), count(verdicts, isAlive, isExchange)];
  return { refused, mutants: verdicts.length, share: shareOf(refused, alive), tellable: shareOf(refused, alive - exchanges) };
}

export function scoresOf(verdicts: readonly Verdict[]): Scores {
  const files = [...new Set(verdicts.map(({ mutant }) => mutant.file))];
  return Object.fromEntries(files.map((file) => [file, scoreOf(verdicts.filter(({ mutant }) => mutant.file === file))]));
}

/** What is worse than recorded, file by file. */
function fallen(scores: Scores, recorded: Scores): readonly string[] {
  return Object.entries(scores).flatMap(([file, { tellable }]) => {
    const before = recorded[file];
    if (before === undefined) return [`${file} has no recorded score (npm run mutants -- --record)`];
    return tellable < before.tellable ? [`${file}: the share refused fell from ${before.tellable} to ${tellable}`] : [];
  });
}

export function report({ passedOver, verdicts, fixes }: Judgement, reasons: readonly Reason[], recorded: Scores): Report {
  const reasonOf = ({ mutant }: Verdict): string | undefined =>
    reasons.find(({ file, mutations }) => file === mutant.file && mutations.includes(mutant.what))?.reason;
  const others = verdicts.filter((verdict) => isAlive(verdict) && !isExchange(verdict));
  const [scores, all] = [scoresOf(verdicts), scoreOf(verdicts)];
  const broken = fixes.filter(({ compiles }) => !compiles);
  const complaints = [
    ...others
      .filter((verdict) => reasonOf(verdict) === undefined)
      .map((verdict) => `no reason for ${describe(verdict)}: ${verdict.because}`),
    ...reasons.flatMap(({ file, mutations }) =>
      (scores[file] === undefined ? [] : mutations)
        .filter((what) => !others.some(({ mutant }) => mutant.file === file && mutant.what === what))
        .map((what) => `a reason that nothing needs: ${file}: ${what}`),
    ),
    ...fallen(scores, recorded),
    ...broken.map(({ sentence, fixed }) => `a fix that does not compile: ${fixed}: ${sentence}`),
  ];

  const alive = count(verdicts, isAlive);
  const lines = [
    ...table('file', verdicts, ({ mutant }) => mutant.file.replace('examples/', '')),
    '',
    ...table('mutation', verdicts, ({ mutant }) => mutant.kind),
    '',
    ...verdicts.filter(({ is }) => is === 'equivalent').map((verdict) => `equivalent  ${describe(verdict)}`),
    ...verdicts
      .filter((verdict) => isAlive(verdict) && isExchange(verdict))
      .map((verdict) => `one shape   ${describe(verdict)}: ${verdict.because}`),
    ...others.map((verdict) => `survives    ${describe(verdict)}\n            ${reasonOf(verdict) ?? `no reason: ${verdict.because}`}`),
    '',
    ...passedOver.map((file) => `passed over  ${file}: it exports nothing that takes tensors`),
    ...complaints.map((complaint) => `FAILED: ${complaint}`),
    `${fixes.length} fixes offered in refused mutants: ${fixes.length - broken.length} compile, ${fitting(fixes)} of them with all around them`,
    `${verdicts.length} mutants: ${all.refused} rejected by the types, ${count(verdicts, ({ is }) => is === 'equivalent')} equivalent, ` +
      `${alive} survive: ${alive - others.length} exchange tensors of one shape, ${others.length} have a reason each`,
    `rejected: ${percent(all.tellable)} of the mutants that a rule of shapes can tell, ${percent(all.share)} of all that compute something else`,
  ];
  return { text: lines.join('\n'), scores, complaints };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const fitting = (fixes: Judgement['fixes']): number => fixes.filter(({ fits }) => fits).length;

const describe = ({ mutant }: Verdict): string => `${mutant.file}:${mutant.line}: ${mutant.kind}: ${mutant.what}`;

const columns = ['mutants', 'rejected', 'by callers', 'equivalent', 'one shape', 'survive'] as const;

function table(title: string, verdicts: readonly Verdict[], keyOf: (verdict: Verdict) => string): readonly string[] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) groups.set(keyOf(verdict), [...(groups.get(keyOf(verdict)) ?? []), verdict]);
  const row = (name: string, of: readonly Verdict[]): string => {
    const figures: Record<(typeof columns)[number], number> = {
      mutants: of.length,
      rejected: count(of, isRefused),
      'by callers': count(of, ({ is }) => is === 'refused at its callers'),
      equivalent: count(of, ({ is }) => is === 'equivalent'),
      'one shape': count(of, isAlive, isExchange),
      survive: count(of, isAlive, (verdict) => !isExchange(verdict)),
    };
    return name.padEnd(30) + columns.map((column) => `${figures[column]}`.padStart(column.length + 2)).join('');
  };
  return [
    title.padEnd(30) + columns.map((column) => column.padStart(column.length + 2)).join(''),
    ...[...groups].map(([name, of]) => row(name, of)),
    row('all', verdicts),
  ];
}
