/**
 * What a file of mistakes must bring about. A mistake is a statement under a comment that says what is wrong:
 *
 *     // the transpose is missing
 *     x.matmul(dy);
 *
 * Invariant: every mistake is an error on every compiler, nothing else is, and the newest compiler's words are the snapshot's.
 */
import type { Compiler, Diagnostic } from './compilers.ts';

export interface Mistake {
  readonly what: string;
  /** Lines of the statement, from 1. */
  readonly first: number;
  readonly last: number;
}

/** A statement ends before the next comment, empty line or the end. */
export function mistakesOf(text: string): readonly Mistake[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const [, what] = /^\/\/ (.*)$/.exec(line) ?? [];
    if (what === undefined) return [];
    const after = lines.slice(index + 1).findIndex((next) => next === '' || next.startsWith('//'));
    return [{ what, first: index + 2, last: after < 0 ? lines.length : index + 1 + after }];
  });
}

/** What differs from compiler to compiler or from run to run: the order of a union's members, and which of many methods is named. */
function steady(text: string): string {
  const member = String.raw`(?:"[^"]*"|Tensor<\[[^\]]*\](?:, "[^"]*")?>|[A-Za-z]+)`;
  return text
    .replace(new RegExp(`${member}(?: \\| ${member})+`, 'g'), (union) => union.split(' | ').sort().join(' | '))
    .replace(/The types returned by '[^']*' are incompatible/g, 'The types returned by a method are incompatible');
}

/** The mistakes with what is said of each. */
export function snapshotOf(text: string, diagnostics: readonly Diagnostic[]): string {
  const lines = text.split('\n');
  return mistakesOf(text)
    .map(({ what, first, last }) => {
      const said = diagnostics.filter(({ line }) => line >= first && line <= last).map((diagnostic) => steady(diagnostic.text));
      return [`// ${what}`, ...lines.slice(first - 1, last), ...said.flatMap((words) => words.split('\n').map((row) => `    ${row}`))].join(
        '\n',
      );
    })
    .join('\n\n')
    .concat('\n');
}

export type Verdicts = Readonly<Record<Compiler, readonly Diagnostic[]>>;

/** What is not as it must be, one sentence each. */
export function judge(text: string, verdicts: Verdicts, snapshot: string | undefined): readonly string[] {
  const mistakes = mistakesOf(text);
  const complaints = Object.entries(verdicts).flatMap(([compiler, diagnostics]) => [
    ...mistakes
      .filter(({ first, last }) => !diagnostics.some(({ line }) => line >= first && line <= last))
      .map(({ what, first }) => `TypeScript ${compiler} accepts line ${first}: ${what}`),
    ...diagnostics
      .filter(({ line }) => !mistakes.some(({ first, last }) => line >= first && line <= last))
      .map(({ line, text: said }) => `TypeScript ${compiler} refuses line ${line}, which is no mistake: ${said}`),
  ]);
  if (mistakes.length === 0) complaints.push('the file has no mistakes');
  if (snapshot === undefined) complaints.push('the file has no snapshot (UPDATE_SNAPSHOTS=1 writes it)');
  else if (snapshotOf(text, verdicts['7.0']) !== snapshot)
    complaints.push('the words differ from the snapshot (UPDATE_SNAPSHOTS=1 renews it)');
  return complaints;
}
