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

- **Products of batches at rank 3, and of rank 4 and more**: 32 where a shared right operand costs 29; asked for first, a batch costs 31 and
  a shared operand 31. Each rank that is tried in vain costs 3, and rank 4 before rank 2 would put plain products at 28. From rank 5 on the
  first axes are a list, which costs 10 to be checked to be one.
- **A bias at rank 3, a right operand of the last two axes, stretched axes** are found by the right operand's first dim, behind equal shapes,
  which cost 10 to try, and rank 2, which costs 4. Rank 3 before rank 2 would put a bias at rank 2 at 32; no such dispatch at rank 2
  saves 3 and costs stretched axes 20. One union of what fits costs 30, and 130 more where nothing fits: TypeScript then compares all members.
- **Sums over two axes** are computed; **axes kept at rank 3** other than the last are 2 and 4 above, the name of the kept axis.
- **Products and biases of other dtypes**: overloads that hold for each dtype are made twice in each call (see
  [common.ts](../src/types/tensor/common.ts)); a copy of all of them for each dtype would be the only way around. One set that infers the
  dtype would cost 38 for a product: to find the tensor of a dtype costs 8.
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
