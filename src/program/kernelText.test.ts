import { expect, test } from 'vitest';
import { expandKernel, repeat } from './kernelText.ts';
import { symbolsMarker } from './program.ts';

test('a repeated line becomes one line for each combination, the last variable running fastest', () => {
  expect(expandKernel(`{\n  ${repeat('i=2 j=3', 's{i}_{j} += a{i} * b{j};')}\n}`, {})).toBe(
    ['{', ...[0, 1].flatMap((i) => [0, 1, 2].map((j) => `  s${i}_${j} += a${i} * b${j};`)), '}'].join('\n'),
  );
});

test('what looks like a repetition and is none stays, and so do braces of other letters', () => {
  for (const text of ['// repeat after me: x', 'fn f() { return; }', 'let repeat = 1u;', 'if (x) {y}'])
    expect(expandKernel(text, {})).toBe(text);
  expect(expandKernel(repeat('u=1', 'v[{u}] = {w};'), {})).toBe('v[0] = {w};');
});

test('the sizes of symbols come in the place of their line', () => {
  expect(expandKernel(`${symbolsMarker}\nend`, { batch: 3, 'a/b': 2 })).toBe('const size_batch: u32 = 3u;\nconst size_a_b: u32 = 2u;\nend');
});
