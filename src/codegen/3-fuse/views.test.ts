/** Index maps of random chains of views, element by element, against the evaluator. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { evaluate } from '../../graph/evaluate.ts';
import { makeGraph } from '../../graph/graph.ts';
import { rowMajorStrides } from '../../graph/strides.ts';
import type { Value } from '../../graph/value.ts';
import { foldViews } from '../2-simplify/foldViews.ts';
import { at } from '../at.ts';
import { evaluateIndex, holds } from '../testing/evaluateIndex.ts';
import { randomView } from '../testing/randomView.ts';
import { flatten, unflatten } from './indexArithmetic.ts';
import { indexKey, variable, zero } from './indexing.ts';
import { maskKey } from './masks.ts';
import { productOf, times } from './product.ts';
import { locate, sizesOf } from './views.ts';

const none = () => zero;
const variables = (value: Value) => value.shape.map((_, axis) => variable(`x${axis}`, at(sizesOf(value), axis)));

describe('locate', () => {
  it('follows chains of views', () => {
    const x = b.input('x', ['n=3', 'c=4'], 'f32');
    const view = b.broadcast(b.reshape(b.permute(x, [1, 0]), [4, 3, 1]), [2, 4, 3, 5], [1, 2, 3]);
    expect(locate(view, variables(view), none).indices.map(indexKey)).toEqual(['x2', 'x1']);
  });

  it('makes sliding windows one index map, with one mask for their padding', () => {
    const x = b.input('x', [5], 'f32');
    const padded = b.pad(x, { low: [1], high: [1], interior: [0], value: 0, shape: [7] });
    const windows = b.skew(b.broadcast(padded, [7, 3], [0]), { axis: 0, window: 1, stride: 2, dilation: 1, shape: [3, 3] });
    const { value, indices, masks } = locate(windows, variables(windows), none);
    expect(value).toBe(x);
    expect(indices.map(indexKey)).toEqual(['clamp(-1 + x0 * 2 + x1, 5)']);
    expect(masks.map(maskKey)).toEqual(['-1 + x0 * 2 + x1 < 5 else 0']);
  });

  it('undoes a skew with an unskew, and a pad with a slice', () => {
    const x = b.input('x', [9, 3], 'f32');
    const skewed = b.skew(x, { axis: 0, window: 1, stride: 3, dilation: 2, shape: [2, 3] });
    const y = b.skew(b.unskew(skewed, { axis: 0, window: 1, stride: 3, dilation: 2, shape: [9, 3] }), skewed.params as never);
    expect(locate(y, variables(y), none)).toEqual(locate(skewed, variables(skewed), none));
    const padded = b.pad(x, { low: [4, 0], high: [1, 0], interior: [1, 0], value: 7, shape: [22, 3] });
    const z = b.slice(padded, { starts: [4, 0], limits: [21, undefined], strides: [2, 1], shape: [9, 3] });
    expect(locate(z, variables(z), none)).toEqual({ value: x, indices: variables(x), masks: [] });
  });

  it('agrees with the evaluator on random chains, from flat positions too, folded or not', () => {
    const number = fc.nat(1000);
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 6 }), fc.boolean(), (choices, fold) => {
        const x = b.input('x', [4, 6], 'f32');
        const graph = makeGraph('views', [x], [choices.reduce(randomView, x)]);
        const view = at((fold ? foldViews(foldViews(graph)) : graph).outputs, 0);
        const elements = Array.from({ length: 24 }, (_, i) => i + 1);
        const expected = Array.from(at(evaluate(graph, [elements]), 0));
        const sizes = sizesOf(view);
        const strides = rowMajorStrides(sizes.map(({ literal }) => literal));
        const flat = unflatten(variable('i', sizes.reduce(times, productOf([]))), sizes);
        for (const indices of [variables(view), flat]) {
          const { value, indices: own, masks } = locate(view, indices, none);
          const position = flatten(own, sizesOf(value));
          const got = expected.map((_, i) => {
            const variableAt = (name: string): number =>
              name === 'i' ? i : Math.floor(i / at(strides, Number(name.slice(1)))) % at(sizes, Number(name.slice(1))).literal;
            const outside = masks.find(({ conditions }) => !conditions.every((one) => holds(one, variableAt)));
            const from = evaluateIndex(position, variableAt);
            expect(from).toBeGreaterThanOrEqual(0);
            if ('value' in value.params) return outside?.outside ?? Number(value.params.value);
            const element = at(elements, from);
            return outside === undefined ? element : outside.outside;
          });
          expect(got).toEqual(expected);
        }
      }),
      { numRuns: 400, seed: 20_260_601 },
    );
  });
});
