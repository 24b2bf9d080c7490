/** IDX files that lie are refused with a sentence, and nothing of them is read. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { batchOf, readDigits } from './digits.ts';
import { readIdx } from './idx.ts';
import { shuffled } from './shuffled.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idx-'));
});
afterAll(() => rm(folder, { recursive: true }));

const right = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

async function read(bytes: readonly number[]) {
  const path = join(folder, 'file.idx');
  await writeFile(path, Uint8Array.from(bytes));
  return readIdx(path, 2);
}

it('reads sizes and elements', async () => {
  const { sizes, bytes } = await read(right);
  expect(sizes).toEqual([2, 3]);
  expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6]);
});

it.each([
  ['an empty file', [], 'the file ends in its header: 0 bytes of 12'],
  ['a header that ends early', right.slice(0, 9), 'the file ends in its header: 9 bytes of 12'],
  ['another magic number', [1, ...right.slice(1)], 'not an IDX file of unsigned bytes'],
  ['another element type', [0, 0, 9, ...right.slice(3)], 'not an IDX file of unsigned bytes'],
  ['another rank', [0, 0, 8, 3, ...right.slice(4)], 'rank 3, not 2'],
  ['a truncated file', right.slice(0, -1), '5 elements, where the header says [2, 3]'],
  ['a file with more than it says', [...right, 7], '7 elements, where the header says [2, 3]'],
  [
    'a size that is a lie',
    [...right.slice(0, 4), 255, 255, 255, 255, ...right.slice(8)],
    '6 elements, where the header says [4294967295, 3]',
  ],
])('refuses %s', async (_, bytes, sentence) => {
  await expect(read(bytes)).rejects.toThrow(sentence);
});

it('finds the 70,000 digits of the package', async () => {
  const test = await readDigits('t10k');
  expect(test.count).toBe(10_000);
  expect([...test.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
  const { pixels, labels } = batchOf(test, Uint32Array.of(1, 0));
  expect([...labels]).toEqual([2, 7]);
  expect(pixels.subarray(784)).toEqual(test.pixels.subarray(0, 784));
});

it('shuffles: each number once, by the seed', () => {
  expect([...shuffled(100, 1)].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(shuffled(100, 1)).toEqual(shuffled(100, 1));
  expect(shuffled(100, 1)).not.toEqual(shuffled(100, 2));
});
