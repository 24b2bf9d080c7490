/** The published table: docs/type-cost.md, written from the committed numbers. */
import { shown } from './call.ts';
import { ranks } from './chains.ts';
import { ceiling } from './gate.ts';
import { lengths } from './measure.ts';
import { rows, type Survey } from './survey.ts';

const line = (...cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const head = (...cells: readonly string[]): string =>
  `${line(...cells)}\n${line(...cells.map((_, at) => (at < cells.length - 2 ? '---' : '---:')))}`;
const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
const number = (cost: number | null | undefined): string => (cost === null || cost === undefined ? '' : `${cost}`);

const numeric = (
  first: string,
  columns: readonly (number | string)[],
  table: Readonly<Record<string, readonly (number | null)[]>>,
): string =>
  [
    line(first, ...columns.map(String)),
    line('---', ...columns.map(() => '---:')),
    ...Object.entries(table).map(([name, costs]) => line(name, ...costs.map(number))),
  ].join('\n');

export function renderTable({ calls, chains, ranks: byRank }: Survey): string {
  return `<!-- Written by \`npm run type-cost -- --update\`; a test compares it with what is measured. -->

# What the types cost

In instantiations, TypeScript's own measure of work (\`tsc --extendedDiagnostics\`), which is the same on every machine. *Fresh*: every
call has shapes that no other call has. *Repeated*: the call stands there a second time, with the same shapes. The common
operations, in bold, cost at most ${ceiling}. Counted on TypeScript 6; 7 counts the same way. How: [typetests/cost](../typetests/cost/measure.ts).

## Operations

${head('', 'call', 'tensors', 'fresh', 'repeated')}
${rows
  .map(({ operation, call, key }) => {
    const { call: text, given } = shown(call);
    const [fresh, repeated] = calls[key] ?? [];
    return line(call.common ? `**${operation}**` : operation, code(text), code(given), number(fresh), number(repeated));
  })
  .join('\n')}

## Length

For each operation of a program of so many layers.

${numeric('', lengths, chains)}

## Rank

Fresh shapes, of each rank.

${numeric('', ranks, byRank)}
`;
}
