/** What people see in an editor: the squiggle, the sentence, the hover and the completion, from real language services. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Editor, positionAfter } from './editor.ts';
import { openTypescript6 } from './typescript6.ts';
import { openTypescript7 } from './typescript7.ts';

const root = join(import.meta.dirname, '../..');
const scratch = join(root, 'examples/linear/editing.ts');

const header = `import { ones, tensor } from 'adjoint';
const X = tensor([[1, 0], [0, 1], [1, 1]], ['n', 'in']);
const W = tensor([[2, 1], [-1, 3]], ['in', 'out']);
const Y = X.matmul(W);
const dY = ones(['n=3', 'out=2']);
`;

describe.each([
  ['TypeScript 6', openTypescript6],
  ['TypeScript 7', openTypescript7],
] as const)('%s', (_, open) => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await open(root);
  });
  afterAll(() => editor.close());

  it('underlines the operand, with our sentence', async () => {
    const text = `${header}export const dW = X.matmul(dY);\n`;
    await editor.show(scratch, text);
    const found = await editor.diagnostics(scratch);
    expect(found.map(({ text: said }) => said)).toHaveLength(1);
    expect(found[0]?.text).toContain(
      'matmul: inner axes differ: [n=3, in=2] @ [n=3, out=2] contracts in=2 with n=3 (try a.T.matmul(b): [in=2, out=2])',
    );
    expect(found[0]?.start).toEqual(positionAfter(text, 'X.matmul(dY', 2));
    expect(found[0]?.end).toEqual(positionAfter(text, 'X.matmul(dY'));
  });

  it('shows the tensor type and nothing more', async () => {
    const text = `${header}export { Y };\n`;
    await editor.show(scratch, text);
    expect((await editor.hover(scratch, positionAfter(text, 'const Y', 1))).replace(/```(tsx?|typescript)?\n?/g, '').trim()).toBe(
      'const Y: Tensor<["n=3", "out=2"]>',
    );
  });

  it('completes the names of the axes', async () => {
    const text = `${header}export const db = dY.sum('');\n`;
    await editor.show(scratch, text);
    const names = await editor.completions(scratch, positionAfter(text, "dY.sum('"));
    expect(names).toEqual(expect.arrayContaining(['n', 'out']));
    expect(names.filter((name) => !['n', 'out'].includes(name))).toEqual([]);
  });

  it('finds nothing wrong in the examples', async () => {
    for (const file of ['examples/linear/main.ts', 'examples/mnist/model.ts']) {
      await editor.show(join(root, file), readFileSync(join(root, file), 'utf8'));
      expect(await editor.diagnostics(join(root, file))).toEqual([]);
    }
  });
});
