/**
 * The pages of docs/rules as texts: from the rule's own file, and from what the compiler says of the examples.
 *
 * Invariant: the same sources give the same texts, so a page that differs from its text is stale.
 */

import { type Refusal, refusalsOf, setupOf } from './examples.ts';
import type { Page } from './page.ts';
import { ideaOf, twinOf } from './source.ts';

const note = '<!-- Written by `npm run docs` from the rule and its examples: change those. -->';
const code = (...lines: readonly string[]): string => ['```ts', ...lines, '```'].join('\n');
/** In a table or a quotation. */
const prose = (text: string): string => text.replaceAll('<', '\\<').replaceAll('|', '\\|');

function pageText(page: Page, refusals: readonly Refusal[]): string {
  const { idea, invariant, source } = ideaOf(page.rule);
  const setup = setupOf(page);
  const file = `${page.rule}.ts`;
  return [
    note,
    '',
    `# ${page.title}`,
    '',
    idea,
    '',
    ...(invariant === '' ? [] : [`**Always**: ${invariant}`, '']),
    ...(source === '' ? [] : [`**After**: ${source}`, '']),
    ...(setup.length === 0 ? [] : ['In the examples:', '', code(...setup), '']),
    '## Accepted',
    '',
    code(...page.accepted.map(([example, type]) => `${example}; // ${type}`)),
    '',
    '## Refused',
    '',
    ...refusals.flatMap(({ code: example, said, isSentence }) => [
      code(`${example};`),
      '',
      isSentence ? `> ${prose(said)}` : `> \`${said}\``,
      '',
    ]),
    '## At run time',
    '',
    page.shown === undefined
      ? `The same rule as functions, in [${file}](../../src/types/rules/${file}), beside the types:`
      : `The same rule as functions. These are the main ones; [${file}](../../src/types/rules/${file}) has all, beside the types:`,
    '',
    code(twinOf(page.rule, page.shown)),
    '',
  ].join('\n');
}

function indexText(pages: readonly Page[]): string {
  const rows = pages.map(({ rule, title }) => {
    const [sentence = ''] = ideaOf(rule)
      .idea.replace(/\s+/g, ' ')
      .split(/(?<=[.:]) (?=[A-Z`])/);
    return `| [${title}](${rule}.md) | ${prose(sentence)} |`;
  });
  return [
    note,
    '',
    '# The rules of shapes',
    '',
    'One page a rule: the idea, what is accepted, what is refused and with which sentence, and the function that says the same at run time.',
    'The sentence is the name of a type that the argument does not have. TypeScript prints it like this:',
    '',
    '```',
    'Argument of type \'Tensor<["n=3", "out=2"]>\' is not assignable to parameter of type',
    '  \'"matmul: inner axes differ: [n=3, in=2] @ [n=3, out=2] contracts in=2 with n=3 (try a.T.matmul(b): [in=2, out=2])"\'.',
    '```',
    '',
    'and where types are absent, the call throws a `ShapeError` with the same sentence. In a body that is generic in its dims there are no',
    'literals to speak of: there the type has the name of what must hold, such as `InnerAxesMustMatch<[N, I], [N, O]>`.',
    '',
    '| | |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** Every page by its name in docs/rules. */
export function pageTexts(pages: readonly Page[], refusals = refusalsOf(pages)): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', indexText(pages)],
    ...pages.map((page) => [`${page.rule}.md`, pageText(page, refusals.get(page) ?? [])] as const),
  ]);
}
