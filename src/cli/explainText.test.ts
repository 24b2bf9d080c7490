/** The report for people: what is long is folded, and figures of tiles stand below their kernel. */
import { expect, it } from 'vitest';
import type { ExplainedFunction } from '../codegen/explain.ts';
import { explainText } from './explainText.ts';

const of = (explained: Partial<ExplainedFunction>): string =>
  explainText([
    {
      source: 'm.ts',
      module: undefined,
      functions: [{ name: 'f', kind: 'layer', signature: '', parameters: [], results: [], gradients: [], programs: [], ...explained }],
    },
  ]);

it('a short signature is one line', () => {
  expect(of({ signature: 'f(x: f32[3]): f32[3]', gradients: ['x: f32[3]'] })).toBe(
    'm.ts\n\nlayer f(x: f32[3]): f32[3]\n  gradients  x: f32[3]\n',
  );
});

it('a long one is a line a parameter, and gradients are named by their paths', () => {
  const parameters = Array.from({ length: 12 }, (_, i) => `p.layers[${i}].w: f32[in=4, out=4]`);
  const text = of({
    signature: 'f('.padEnd(200, '.'),
    parameters: [...parameters, 'x: f32[in=4]', 'p.scale: 0.5'],
    results: ['loss: f32[]', 'y: f32[out=4]'],
    gradients: [...parameters, 'x: f32[in=4]'],
  });
  expect(text.split('\n').slice(2)).toEqual([
    'layer f',
    ...parameters.map((line) => `  ${line}`),
    '  x: f32[in=4]',
    '  p.scale: 0.5',
    '  -> loss: f32[]',
    '  -> y: f32[out=4]',
    '  gradients of p.layers[0].w, p.layers[1].w, p.layers[2].w, p.layers[3].w, p.layers[4].w, p.layers[5].w, p.layers[6].w,',
    '               p.layers[7].w, p.layers[8].w, p.layers[9].w, p.layers[10].w, p.layers[11].w, x',
    '',
  ]);
});
