import { describe, expect, it } from 'vitest';
import { at } from '../at.ts';
import { evaluateIndex } from '../testing/evaluateIndex.ts';
import { addIndices, clampIndex, divideIndex, flatten, multiplyIndex, remainderIndex, unflatten } from './indexArithmetic.ts';
import { constantIndex, type Index, indexKey, variable } from './indexing.ts';
import { productOf } from './product.ts';

const size = (...dims: (number | string)[]) => productOf(dims);
const show = (indices: readonly Parameters<typeof indexKey>[0][]) => indices.map(indexKey);

describe('index arithmetic', () => {
  it('takes flat positions apart and puts them together again', () => {
    const sizes = [size(3), size(5), size(7)];
    const i = variable('i', size(105));
    const axes = unflatten(i, sizes);
    expect(show(axes)).toEqual(['(i / 35)', '((i / 7) % 5)', '(i % 7)']);
    expect(indexKey(flatten(axes, sizes))).toBe('i');
  });

  it('does so with symbolic sizes', () => {
    const sizes = [size('batch'), size('seq'), size(4)];
    const axes = unflatten(variable('i', size('batch', 'seq', 4)), sizes);
    expect(indexKey(flatten(axes, sizes))).toBe('i');
    expect(
      show(unflatten(flatten([variable('a', size('batch')), variable('b', size('seq')), variable('c', size(4))], sizes), sizes)),
    ).toEqual(['a', 'b', 'c']);
  });

  it('merges some of the axes', () => {
    const axes = unflatten(variable('i', size(105)), [size(3), size(5), size(7)]);
    expect(indexKey(addIndices(multiplyIndex(at(axes, 0), size(5)), at(axes, 1)))).toBe('(i / 7)');
  });

  it('divides what divides', () => {
    const sum = addIndices(multiplyIndex(variable('a', size(9)), size(8)), variable('b', size(8)));
    expect(indexKey(divideIndex(sum, size(8)))).toBe('a');
    expect(indexKey(remainderIndex(sum, size(8)))).toBe('b');
    expect(indexKey(remainderIndex(sum, size(4)))).toBe('(b % 4)');
  });

  it('carries constants through quotients, and brings into range only what may be out of it', () => {
    const [a, b] = [variable('a', size(9)), variable('b', size(8))];
    const sum = addIndices(multiplyIndex(a, size(8)), b, constantIndex(17));
    expect(indexKey(remainderIndex(sum, size(8)))).toBe('(1 + b % 8)');
    expect(indexKey(divideIndex(sum, size(8)))).toBe('(1 + b / 8) + 2 + a');
    expect(indexKey(addIndices(sum, constantIndex(-17)))).toBe('a * 8 + b');
    expect(indexKey(clampIndex(addIndices(b, constantIndex(-2)), 6))).toBe('clamp(-2 + b, 6)');
    expect(indexKey(clampIndex(addIndices(b, constantIndex(2)), 10))).toBe('2 + b');
    expect(indexKey(clampIndex(addIndices(b, constantIndex(-9)), 10))).toBe('0');
    expect(indexKey(clampIndex(addIndices(b, constantIndex(9)), 10))).toBe('9');
  });

  it('agrees with plain arithmetic on random shapes', () => {
    const run = (index: Index, i: number): number => evaluateIndex(index, () => i);
    for (const [from, to] of [
      [
        [2, 3, 4],
        [4, 6],
      ],
      [
        [6, 4],
        [3, 8],
      ],
      [
        [5, 1, 6],
        [3, 10],
      ],
      [[12], [2, 2, 3]],
    ] as const) {
      const count = from.reduce((product: number, n) => product * n, 1);
      const there = unflatten(
        variable('i', size(count)),
        from.map((n) => size(n)),
      );
      const position = flatten(
        there,
        from.map((n) => size(n)),
      );
      const axes = unflatten(
        position,
        to.map((n) => size(n)),
      );
      const back = flatten(
        axes,
        to.map((n) => size(n)),
      );
      for (let i = 0; i < count; i++) expect(run(back, i)).toBe(i);
      expect(indexKey(back)).toBe('i');
    }
  });
});
