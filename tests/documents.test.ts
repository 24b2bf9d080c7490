/** The documents: the glossary is in order, each word stands in it once, and the check of links sees a broken one. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { anchors, checkLinks, links, paths } from '../scripts/checkLinks.mjs';
import * as adjoint from '../src/index.ts';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'adjoint-links-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the glossary', () => {
  const lines = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('- '));
  const words = lines.map((line) => /^- \*\*([a-z][a-z -]*)\*\*: \S.*\.$/.exec(line)?.[1] ?? line);

  test('has one line a word: `- **word**: meaning.`', () => {
    expect(words.length).toBeGreaterThan(40);
    expect(words.filter((word) => word.startsWith('- '))).toEqual([]);
  });

  test('is alphabetical', () => {
    expect(words).toEqual([...words].sort((a, b) => a.localeCompare(b, 'en')));
  });

  test('has no word twice', () => {
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });
});

test('docs/errors.md has a row for each class of errors', () => {
  const rows = [...readFileSync(join(root, 'docs/errors.md'), 'utf8').matchAll(/^\| `(\w+Error)` \|/gm)].map(([, name]) => name);
  const classes = Object.keys(adjoint).filter((name) => name.endsWith('Error') && name !== 'AdjointError');
  expect(classes.length).toBeGreaterThan(10);
  expect(rows.toSorted()).toEqual(classes.toSorted());
});

describe('links', () => {
  test('that lead nowhere are reported with their place', () => {
    mkdirSync(join(folder, 'docs'));
    writeFileSync(
      join(folder, 'README.md'),
      `# Title\n\n[a](docs/a.md) [b](docs/b.md) [c](docs/a.md#one-two) [d](docs/a.md#three) [e](#title) [f](#none)\n\n[g](https://a.test/x) [h](../out.md)\n![i](i.png)\n\n[j]: docs/j.md\n`,
    );
    writeFileSync(
      join(folder, 'docs/a.md'),
      '## One, `two`\n\n```md\n[not](a-link.md)\n## three\n```\n\n`[nor](this.md)` [up](../README.md)\n',
    );
    expect(checkLinks(folder)).toEqual({
      files: 2,
      links: 10,
      problems: [
        'README.md:3: docs/b.md does not exist',
        'README.md:3: docs/a.md#three names no heading',
        'README.md:3: #none names no heading',
        'README.md:5: ../out.md leaves the repository',
        'README.md:6: i.png does not exist',
        'README.md:8: docs/j.md does not exist',
      ],
    });
  });

  test('and paths of ours that are not there', () => {
    const other = mkdtempSync(join(tmpdir(), 'adjoint-paths-'));
    mkdirSync(join(other, 'src/types'), { recursive: true });
    writeFileSync(join(other, 'src/types/dim.ts'), '');
    writeFileSync(
      join(other, 'A.md'),
      '`src/types`, `src/types/{dim,shape}.ts`\n`src/types/d*.ts` `src/types/e*.ts` `npx src/x` `model.ts` `src/gone`\n',
    );
    expect(checkLinks(other).problems).toEqual([
      'A.md:1: src/types/shape.ts does not exist',
      'A.md:2: src/types/e*.ts does not exist',
      'A.md:2: src/gone does not exist',
    ]);
    expect(paths('`src/a` `./src/b` `srcs/c`').map(({ path }) => path)).toEqual(['src/a']);
    rmSync(other, { recursive: true });
  });

  test('anchors follow the headings', () => {
    expect([...anchors('# A b\n## A b\n### `x.y` & z_1\n<a id="own"></a>\n')]).toEqual(['a-b', 'a-b-1', 'xy--z_1', 'own']);
    expect(links('a [b](c.md "title") <img src="d.png">').map(({ target }) => target)).toEqual(['c.md', 'd.png']);
  });
});
