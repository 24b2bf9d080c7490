import { describe, expect, it } from 'vitest';
import { broadcast, input, permute, reshape } from '../../graph/build.ts';
import { at } from '../at.ts';
import { addIndices, divideIndex, flatten, indexKey, multiplyIndex, remainderIndex, unflatten, variable } from './indexing.ts';
import { productOf } from './product.ts';
import { locate } from './views.ts';

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

  it('agrees with plain arithmetic on random shapes', () => {
    const run = (index: ReturnType<typeof variable>, i: number): number =>
      index.terms.reduce((sum, { atom, factor }) => {
        const value =
          atom.kind === 'variable'
            ? i
            : atom.kind === 'quotient'
              ? Math.floor(run(atom.of, i) / atom.by.literal)
              : run(atom.of, i) % atom.by.literal;
        return sum + value * factor.literal;
      }, 0);
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

describe('locate', () => {
  it('follows chains of views', () => {
    const x = input('x', ['n=3', 'c=4'], 'f32');
    const view = broadcast(reshape(permute(x, [1, 0]), [4, 3, 1]), [2, 4, 3, 5], [1, 2, 3]);
    const indices = ['p', 'q', 'r', 's'].map((name, axis) => variable(name, size(at([2, 4, 3, 5], axis))));
    expect(show(locate(view, indices).indices)).toEqual(['r', 'q']);
  });
});
