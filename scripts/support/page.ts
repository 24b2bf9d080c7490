/** docs/support.md as text. */
import type { Primitive } from '../../src/graph/primitive.ts';
import { type DType, dtypes } from '../../src/types/dtype.ts';
import { dtypesOf, fusionOf, gradientOf, samples } from './table.ts';

const header = `# What is supported

Every primitive, the dtypes that kernels compute it in, whether a gradient goes through it, and what becomes of it in a kernel.
Everything else in the language is made of these. \`npm run docs\` writes this page from the compiler's own tables; a test says when it is stale.

- **dtypes**: a tick where shape inference takes the dtype and a kernel can be made. f16 is stored in 16 bits and computed in f32.
- **gradient**: \`yes\`, and then the second, too: every rule is made of primitives and is tested twice over against finite differences
  ([\`vjpRules.test.ts\`](../src/graph/autodiff/vjpRules.test.ts)). \`none\` is explicit: what goes through it counts as a constant.
- **in a kernel**: tried between a step before it and one after it. What is read through is an index map, and nothing is stored for it.
`;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function supportPage(): string {
  const primitives = Object.keys(samples) as readonly Primitive[];
  const rows = primitives.map((primitive) => {
    const taken: ReadonlySet<DType> = new Set(dtypesOf(primitive));
    return row([`\`${primitive}\``, ...dtypes.map((dtype) => (taken.has(dtype) ? '✓' : '')), gradientOf(primitive), fusionOf(primitive)]);
  });
  return [
    header,
    row(['primitive', ...dtypes, 'gradient', 'in a kernel']),
    row(['---', ...dtypes.map(() => ':-:'), '---', '---']),
    ...rows,
    '',
  ].join('\n');
}
