/**
 * What an editor shows over every name that hovers/ exports, from the language services of TypeScript 6 and 7, against the text beside
 * it. UPDATE_SNAPSHOTS=1 renews the texts.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Editor, positionAfter } from '../tests/editors/editor.ts';
import { openTypescript6 } from '../tests/editors/typescript6.ts';
import { openTypescript7 } from '../tests/editors/typescript7.ts';

const root = join(import.meta.dirname, '..');
const folder = join(import.meta.dirname, 'hovers');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));

const editors: Editor[] = [];
beforeAll(async () => {
  editors.push(await openTypescript7(root), await openTypescript6(root));
});
afterAll(() => {
  for (const editor of editors) editor.close();
});

/** One paragraph a name: the hover without its code fence and what is documented. */
async function hoversOf(editor: Editor, path: string): Promise<string> {
  const text = readFileSync(path, 'utf8');
  await editor.show(path, text);
  const names = [...text.matchAll(/^export const (\w+)/gm)].map(([line]) => line);
  const shown: string[] = [];
  for (const line of names) {
    const hover = await editor.hover(path, positionAfter(text, `${line} =`, 3));
    const [code = hover] = /(?<=```\w*\n)[^`]*/.exec(hover) ?? [];
    shown.push(code.trim());
  }
  return `${shown.join('\n\n')}\n`;
}

describe.each(files)('%s', (file) => {
  const path = join(folder, file);
  const snapshot = path.replace(/\.ts$/, '.hovers.txt');

  it('shows what stands beside it', async () => {
    const shown = await hoversOf(editors[0] as Editor, path);
    if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(snapshot, shown);
    expect(shown).toBe(existsSync(snapshot) ? readFileSync(snapshot, 'utf8') : '(no snapshot: run with UPDATE_SNAPSHOTS=1)');
  });

  it('shows the same on TypeScript 6', async () => {
    expect(await hoversOf(editors[1] as Editor, path)).toBe(readFileSync(snapshot, 'utf8'));
  });
});

it('a tensor is its shape and its dtype, nothing more', () => {
  for (const line of readFileSync(join(folder, 'tensors.hovers.txt'), 'utf8').trim().split('\n\n')) {
    expect(line).toMatch(/^const \w+: Tensor<\[("[\w=]+"|\d+)?(, ("[\w=]+"|\d+))*\](, "(f16|i32|u32|bool)")?>$/);
  }
});
