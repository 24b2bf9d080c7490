/**
 * The examples of all pages, compiled by TypeScript 7 in one program.
 *
 * Invariant: an example that gives another type than its page says, or is not refused, throws: no page can be written with it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, diagnose } from '../../typetests/runner/compilers.ts';
import type { Page } from './page.ts';

const root = join(import.meta.dirname, '../..');

const functions = [
  'concat',
  'divides',
  'einsum',
  'expr',
  'grad',
  'jit',
  'layer',
  'ones',
  'randn',
  'rearrange',
  'reduce',
  'repeat',
  'stack',
  'tensor',
  'uniform',
  'where',
];

export interface Refusal {
  readonly code: string;
  /** The sentence, or where a body is generic, what the compiler says instead. */
  readonly said: string;
  readonly isSentence: boolean;
}

/** The statements before the examples, as they stand on the page. */
export const setupOf = ({ given, setup = [] }: Page): readonly string[] => [
  ...Object.entries(given).map(([name, type]) => `declare const ${name}: ${type};`),
  ...setup,
];

const refusedOf = ({ refused, refusedByTypes = [] }: Page): readonly string[] => [...refused, ...refusedByTypes];

function programOf(page: Page): { readonly text: string; readonly lineOf: (index: number) => number } {
  const accepted = page.accepted.map(([code, type]) => `is<${type}>()(${code});`);
  const before = [
    `import { ${functions.join(', ')}, type Dim, type Tensor } from 'adjoint';`,
    'const is = <T>() => (_: T): void => {};',
    ...setupOf(page),
  ];
  const text = [...before, ...accepted, ...refusedOf(page).map((code) => `${code};`), ''].join('\n');
  return { text, lineOf: (index) => before.length + index + 1 };
}

/** What the compiler says of each page's refused examples. Throws where an example is not what its page says. */
export function refusalsOf(pages: readonly Page[]): ReadonlyMap<Page, readonly Refusal[]> {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  const folder = mkdtempSync(join(root, 'node_modules', '.rulePages-'));
  try {
    for (const page of pages) writeFileSync(join(folder, `${page.rule}.ts`), programOf(page).text);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(root, 'tsconfig.json'), files: pages.map(({ rule }) => `${rule}.ts`), include: [] }),
    );
    const said = diagnose('7.0', folder);
    return new Map(pages.map((page) => [page, refusals(page, said.get(`${page.rule}.ts`) ?? [])]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function refusals(page: Page, diagnostics: readonly Diagnostic[]): readonly Refusal[] {
  const { lineOf } = programOf(page);
  const first = lineOf(page.accepted.length);
  const wrong = diagnostics.find(({ line }) => line < first);
  if (wrong !== undefined) throw new Error(`${page.rule}: an accepted example, line ${wrong.line}: ${wrong.text}`);
  return refusedOf(page).map((code, index) => {
    const text = diagnostics
      .filter(({ line }) => line === first + index)
      .map((diagnostic) => diagnostic.text)
      .join('\n');
    if (text === '') throw new Error(`${page.rule}: ${code} is accepted`);
    const sentence = /"([A-Za-z]\w*: [^"]+)"/.exec(text)?.[1];
    return { code, said: sentence ?? (text.split('\n').at(-1) ?? text).trim().replace(/^TS\d+: /, ''), isSentence: sentence !== undefined };
  });
}
