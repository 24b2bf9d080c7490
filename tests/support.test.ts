/** docs/support.md says what the compiler does today, and the table sees what a primitive lacks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { supportPage } from '../scripts/support/page.ts';
import { dtypesOf, fusionOf, gradientOf } from '../scripts/support/table.ts';

it('docs/support.md is what `npm run docs` writes', () => {
  expect(readFileSync(join(import.meta.dirname, '../docs/support.md'), 'utf8')).toBe(supportPage());
});

describe('the table', () => {
  it('asks shape inference for dtypes', () => {
    expect(dtypesOf('add')).toEqual(['f32', 'f16', 'i32', 'u32']);
    expect(dtypesOf('exp')).toEqual(['f32', 'f16']);
    expect(dtypesOf('bitAnd')).toEqual(['i32', 'u32']);
    expect(dtypesOf('select')).toEqual(['f32', 'f16', 'i32', 'u32', 'bool']);
  });
  it('asks the rules for gradients', () => {
    expect(['add', 'floor', 'rem', 'customGradient', 'gather', 'compare'].map((name) => gradientOf(name as 'add'))).toEqual([
      'yes',
      'none',
      'none',
      'by hand',
      'yes',
      'none',
    ]);
  });
  it('asks fusion for kernels', () => {
    expect(fusionOf('slice')).toBe('read through');
    expect(fusionOf('stopGradient')).toBe('removed');
    expect(fusionOf('exp')).toBe('with what is before and after');
    expect(fusionOf('contract')).toBe('anchor, with what is before and after');
  });
});
