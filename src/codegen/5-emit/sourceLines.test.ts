import { expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { basenameAndLine, sourceLine } from './sourceLines.ts';

const own = new URL('../../language/tensor.ts', import.meta.url);
const stack = (...frames: string[]) => ({ stack: ['Error', ...frames.map((frame) => `    at ${frame}`)].join('\n') });
const line = (...frames: string[]) => sourceLine(b.input('x', [1], 'f32', stack(...frames)), basenameAndLine);

it('is the first frame outside this package', () => {
  expect(line(`Tensor.add (${own.href}:3:4)`, 'linear (file:///home/me/my%20model.ts:12:5)', 'file:///home/me/main.ts:1:1')).toBe(
    'my model.ts:12',
  );
  expect(line(`new Tensor (${own.pathname}:3:4)`, 'async /home/me/model.ts:7:5')).toBe('model.ts:7');
});

it('is absent without an origin or outside frames', () => {
  expect(sourceLine(b.input('x', [1], 'f32'), basenameAndLine)).toBeUndefined();
  expect(line(`add (${own.href}:3:4)`, 'node:internal/main:1:1', 'native')).toBeUndefined();
});
