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

## What costs more than ${ceiling}, and why

- **Products of rank 3 and more**: a shared right operand and one with the batch's axes are one overload, which compares names with
  those of all axes that stay. Two overloads cost 43 and 98 instead of 53 and 51.
- **A parameter as the left operand of a product** is walked through, about 90 for each shape met the first time; asking for its brand would put
  plain products at 31. A product of parameters is rare, one with a parameter on the right is not: that one is common.
- **Sums at rank 3 over the first axis, or one in the middle**, over a symbolic first axis, and over two axes; stretched axes. Each
  is an overload behind those for the last axis, and one more at the front would be paid by all the others.
- **Products and biases of other dtypes**: overloads that hold for each dtype are made twice in each call (see
  [common.ts](../src/types/tensor/common.ts)); a copy of all of them for each dtype would be the only way around.
- **\`linear\` of parameters**: the two are in an object, whose tensors are inferred from as what they are.
- **Whatever works out a shape by its text** (creation, reshape, einsum, …) is computed, not inferred.

## Length

For each operation of a program of so many layers.

${numeric('', lengths, chains)}

## Rank

Fresh shapes, of each rank.

${numeric('', ranks, byRank)}
`;
}
