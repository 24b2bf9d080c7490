import { describe, expect, it } from 'vitest';
import * as build from './build.ts';
import { makeGraph } from './graph.ts';
import { printGraph, showShape } from './print.ts';
import type { Graph, Value } from './value.ts';

function linear(leaf: (name: string, shape: readonly (string | number)[]) => Value): Graph {
  const [x, w, b] = [leaf('x', ['n=3', 'in=2']), leaf('w', ['in=2', 'out=2']), leaf('b', ['out=2'])];
  const y = build.add(build.contract(x, w, { left: [1], right: [0] }), build.broadcast(b, ['n=3', 'out=2'], [1]));
  return makeGraph('linear', [x, w, b], [y]);
}
const input = (name: string, shape: readonly (string | number)[]): Value => build.input(name, shape, 'f32');

describe('printGraph', () => {
  it('prints a header, then a line a value', () => {
    expect(printGraph(linear(input))).toBe(
      [
        'linear(%0: f32[n=3, in=2], %1: f32[in=2, out=2], %2: f32[out=2]) -> (%5)',
        '  %3: f32[n=3, out=2] = contract %0, %1 {left=[1], right=[0]}',
        '  %4: f32[n=3, out=2] = broadcast %2 {axes=[1]}',
        '  %5: f32[n=3, out=2] = add %3, %4',
      ].join('\n'),
    );
  });

  it('gives equal text for equal structure, whatever the names and the data', () => {
    const again = printGraph(linear((name, shape) => build.data({ name }, shape, 'f32')));
    expect(again).toBe(printGraph(linear(input)));
  });

  it('prints every parameter that matters', () => {
    const x = build.input('x', [2, 3], 'f32');
    const variants: readonly Value[] = [
      ...[0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY].map((value) => build.constantLike(x, value)),
      ...[0, 1].map((axis) => build.iota(axis, [3, 3], 'f32')),
      ...(['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const).map((direction) => build.compare(x, x, direction)),
      ...(['f16', 'i32', 'u32', 'bool'] as const).map((dtype) => build.cast(x, dtype)),
      ...(['first', 'second', 'both'] as const).map((word) => {
        const one = build.constant(1, [2], 'u32');
        return build.randomBits([one, one], [one, one], word);
      }),
      build.permute(build.constant(1, [2, 2], 'f32'), [0, 1]),
      build.permute(build.constant(1, [2, 2], 'f32'), [1, 0]),
      build.reshape(x, [3, 2]),
      build.reshape(x, [6]),
      ...[0, 1].map((axis) => build.broadcast(build.constant(1, [2], 'f32'), [2, 2], [axis])),
      ...[0, 1].map((start) => build.slice(x, { starts: [start, 0], limits: [start + 1, undefined], strides: [1, 1], shape: [1, 3] })),
      ...[1, 2].map((stride) => build.slice(x, { starts: [0, 1], limits: [undefined, 2], strides: [1, stride], shape: [2, 1] })),
      ...[0, 1].map((low) => build.pad(x, { low: [low, 0], high: [1 - low, 0], interior: [0, 0], value: 0, shape: [3, 3] })),
      ...[0, -0].map((value) => build.pad(x, { low: [0, 0], high: [0, 0], interior: [1, 0], value, shape: [3, 3] })),
      ...[0, 1].map((axis) =>
        build.skew(build.constant(1, [axis === 0 ? 3 : 2, axis === 0 ? 2 : 3], 'f32'), {
          axis,
          window: 1 - axis,
          stride: 1,
          dilation: 1,
          shape: [2, 2],
        }),
      ),
      ...[1, 2].flatMap((n) => [
        build.unskew(x, { axis: 1, window: 0, stride: n, dilation: 1, shape: [2, 9] }),
        build.unskew(x, { axis: 1, window: 0, stride: 3, dilation: n, shape: [2, 9] }),
      ]),
      ...[0, 1].map((axis) => build.gather(build.constant(1, [2, 2], 'f32'), build.cast(x, 'i32'), axis)),
      ...[[0], [1], [0, 1]].flatMap((axes) => [build.reduceSum(x, axes), build.reduceMax(x, axes)]),
      build.contract(x, x, { left: [0], right: [0] }),
      build.contract(x, x, { left: [1], right: [1] }),
      build.contract(x, x, { left: [1], right: [1], leftBatch: [0], rightBatch: [0] }),
      ...build.customGradient([x, x], [x], () => [undefined]),
    ];
    const texts = variants.map((value) => printGraph(makeGraph('f', [x], [value])));
    expect(new Set(texts).size).toBe(variants.length);
  });

  it('tells sharing from repetition', () => {
    const x = build.input('x', [2], 'f32');
    const shared = build.exp(x);
    expect(printGraph(makeGraph('f', [x], [build.add(shared, shared)]))).not.toBe(
      printGraph(makeGraph('f', [x], [build.add(build.exp(x), build.exp(x))])),
    );
  });
});

describe('showShape', () => {
  it('quotes what could be misread', () => {
    expect(showShape(['n=3', 2, 'batch'])).toBe('[n=3, 2, batch]');
    expect(showShape(['a, b=2', '3'])).toBe('["a, b=2", "3"]');
    expect(showShape([])).toBe('[]');
  });
});
