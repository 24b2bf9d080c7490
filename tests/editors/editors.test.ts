/** What people see in an editor: the squiggle, the sentence, the hover and the completion, from real language services. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Editor, positionAfter } from './editor.ts';
import { openTypescript6 } from './typescript6.ts';
import { openTypescript7 } from './typescript7.ts';

const root = join(import.meta.dirname, '../..');
/** Its text is replaced in the editor only, as while someone types. */
const scratch = join(root, 'examples/linear/main.ts');

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

  it('reports a mistake soon after an edit in a file of 1,000 operations', async () => {
    const widths = Array.from({ length: 251 }, (_, layer) => `h${layer}=${16 + (layer % 7)}`);
    const layers = widths.slice(1).map((width, layer) => {
      const before = `y${layer}`;
      const weight = `ones(['${widths[layer]}', '${width}'])`;
      return `const y${layer + 1} = ${before}.matmul(${weight}).add(ones(['${width}'])).relu();`;
    });
    const text = ["import { ones } from 'adjoint';", `const y0 = ones(['n=8', '${widths[0]}']);`, ...layers, 'export { y250 };'].join('\n');
    await editor.show(scratch, text);
    expect(await editor.diagnostics(scratch)).toEqual([]);
    const milliseconds: number[] = [];
    for (const at of [249, 125, 2]) {
      const start = performance.now();
      await editor.show(scratch, text.replace(`y${at}.matmul(`, `y${at - 1}.matmul(`));
      const found = await editor.diagnostics(scratch);
      milliseconds.push(Math.round(performance.now() - start));
      expect(found.some(({ text: said }) => said.includes('matmul: inner axes differ'))).toBe(true);
    }
    console.log(`${editor.name}: ${milliseconds.join(', ')} ms from an edit to its diagnostics, 1,000 operations`);
    // Generous, since the machine may be busy: a freeze of the editor would take much longer.
    expect(Math.min(...milliseconds)).toBeLessThan(5_000);
  });

  it('finds nothing wrong in the examples', async () => {
    for (const file of ['examples/linear/main.ts', 'examples/mnist/perceptron.ts']) {
      await editor.show(join(root, file), readFileSync(join(root, file), 'utf8'));
      expect(await editor.diagnostics(join(root, file))).toEqual([]);
    }
  });
});
