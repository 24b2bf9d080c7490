/**
 * The code in documents: a page that says `<!-- code: … -->` is one program. TypeScript 7 checks its `ts` blocks, the software device
 * runs them, and what stands behind `console.log(…); //` is what they print. Lines of `ts wrong` blocks do not compile, with the
 * sentence behind them.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Page {
  readonly name: string;
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

/** The lines of the blocks whose fence says `language`. */
const blocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].flatMap(([, fence, code = '']) => (fence === language ? code.split('\n') : []));

const pageOf = (name: string, text: string): Page => ({
  name,
  right: blocks(text, 'ts'),
  wrong: blocks(text, 'ts wrong').filter((line) => line !== ''),
});

function pages(): readonly Page[] {
  const files = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
  return files
    .map((file) => ({ name: basename(file, '.md'), text: readFileSync(join(root, 'docs', file), 'utf8') }))
    .filter(({ text }) => text.includes('<!-- code: '))
    .map(({ name, text }) => pageOf(name, text));
}

/** What is printed, and what the comment behind it says. */
const said = (line: string): readonly [code: string, expected: string] | undefined => {
  const [, code, expected] = /^\s*console\.log\((.*)\);\s*\/\/ (.*)$/.exec(line) ?? [];
  return code === undefined || expected === undefined ? undefined : [code, expected];
};

const close = (text: string): string =>
  text.replaceAll(/\s/g, '').replaceAll(/\d+\.\d+/g, (number) => `${Number(Number(number).toFixed(4))}`);

/** What TypeScript 7 says of the files, by file and line. */
function diagnose(folder: string): ReadonlyMap<string, string> {
  const tsc = join(root, 'node_modules/typescript-7/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', folder], { cwd: folder, encoding: 'utf8' });
  return new Map(
    stdout.split(/^(?=\S)/m).flatMap((part) => {
      const [, file, line] = /^(\w+)\.ts\((\d+),/.exec(part) ?? [];
      return file === undefined ? [] : [[`${file}:${line}`, part]];
    }),
  );
}

/** The problems of some pages, in words. */
function problemsOf(given: readonly Page[]): readonly string[] {
  const folder = mkdtempSync(join(root, 'node_modules', '.documents-'));
  try {
    for (const { name, right, wrong } of given) {
      const run = right.map((line) => {
        const [code, expected] = said(line) ?? [];
        return code === undefined ? line : `say(${JSON.stringify(name)}, ${JSON.stringify(expected)}, ${code});`;
      });
      writeFileSync(join(folder, `${name}.ts`), [...right, 'export {};'].join('\n'));
      writeFileSync(join(folder, `${name}_wrong.ts`), [...right, ...wrong, 'export {};'].join('\n'));
      writeFileSync(join(folder, `${name}.run.mts`), ["import { say } from './say.mjs';", ...run].join('\n'));
    }
    const extend = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { noUnusedLocals: false },
      include: ['*.ts'],
      exclude: ['*.mts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(extend));
    writeFileSync(
      join(folder, 'say.mjs'),
      "export const say = (page, expected, ...values) => console.log('said ' + JSON.stringify([page, expected, values.map((v) => JSON.stringify(v)).join(' ')]));",
    );
    // the package's own name leads nowhere below node_modules
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/adjoint'), 'dir');
    writeFileSync(join(folder, 'main.mjs'), given.map(({ name }) => `await import('./${name}.run.mts');`).join('\n'));

    const found = new Map(diagnose(folder));
    const wrongOf = (page: Page): readonly string[] =>
      page.wrong.flatMap((line, index) => {
        const [, sentence = ''] = /\/\/ (.*)$/.exec(line) ?? [];
        const place = `${page.name}_wrong:${page.right.length + index + 1}`;
        const message = found.get(place) ?? 'nothing';
        found.delete(place);
        return sentence !== '' && message.includes(sentence) ? [] : [`${page.name}: ${line.trim()} says ${message.trim()}`];
      });
    const wrong = given.flatMap(wrongOf);
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--conditions=adjoint-source', join(folder, 'main.mjs')], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ADJOINT_DEVICE: 'software' },
    });
    const printed = [...stdout.matchAll(/^said (.*)$/gm)].map(([, line = '']) => JSON.parse(line) as readonly [string, string, string]);
    const count = given.flatMap(({ right }) => right.filter((line) => said(line) !== undefined)).length;
    return [
      ...wrong,
      ...found.values(),
      ...(printed.length === count ? [] : [`${printed.length} of ${count} lines were printed: ${stderr}`]),
      ...printed.flatMap(([page, expected, value]) =>
        close(value) === close(expected) ? [] : [`${page}: ${value} is printed, not ${expected}`],
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('compiles, prints and fails as the documents say', () => {
  expect(pages().length).toBeGreaterThanOrEqual(4);
  expect(problemsOf(pages())).toEqual([]);
});

it('sees a line that does not compile, one that does, and a wrong number', () => {
  const text = [
    '```ts',
    "import { ones } from 'adjoint';",
    "const x = ones(['n=2']);",
    'console.log(await x.sum().item()); // 3',
    'const y: number = x;',
    '```',
    '```ts wrong',
    "x.sum('n'); // no axis",
    "x.sum('q'); // sum: no axis 'q'",
    '```',
  ].join('\n');
  const problems = problemsOf([pageOf('broken', text)]);
  expect(problems).toEqual([
    "broken: x.sum('n'); // no axis says nothing",
    expect.stringContaining("Type 'Tensor<[\"n=2\"]>' is not assignable to type 'number'"),
    expect.stringContaining("Type 'Tensor<[\"n=2\"]>' is not assignable to type 'number'"),
    'broken: 2 is printed, not 3',
  ]);
});
