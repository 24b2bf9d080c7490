import { describe, expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { makeGraph, reachable } from '../../graph/graph.ts';
import { loop } from '../../graph/loop.ts';
import { printGraph } from '../../graph/print.ts';
import type { Value } from '../../graph/value.ts';
import { compile } from '../compile.ts';
import { prepareLoops } from './prepareLoops.ts';

const x = b.input('x', ['n=2', 't=5'], 'f32');
const start = b.input('start', ['n=2'], 'f32');
/** Running sums, along the rows of the transpose of x. */
const sums = (from: Value = start) =>
  loop('t=5', [from], [b.permute(x, [1, 0])], (_, [sum = from], [row = from]) => {
    const next = b.add(sum, row);
    return { carries: [next], each: [next] };
  });
const inputsBelow = (value: Value): readonly Value[] => reachable([value]).filter((one) => one.primitive === 'input');
const step = ['  step 0 along [t=5] (%0: u32[], %1: f32[n=2], %2: f32[n=2]) -> (%3)', '    %3: f32[n=2] = add %1, %2'];

describe('prepareLoops', () => {
  it('copies what a loop would read through a view, and constants', () => {
    const { carries, each } = sums(b.constant(0, ['n=2'], 'f32'));
    const graph = makeGraph('f', [x], [...carries, ...each]);
    expect(printGraph(graph).split('\n')).toEqual([
      'f(%0: f32[n=2, t=5]) -> (%3, %4)',
      '  %1: f32[n=2] = constant {value=0}',
      '  %2: f32[t=5, n=2] = permute %0 {order=[1, 0]}',
      '  %3: f32[n=2] = loop %1, %2 {body=0, last=0}',
      '  %4: f32[t=5, n=2] = loop %1, %2 {body=0, each=%3}',
      ...step,
    ]);
    expect(printGraph(prepareLoops(graph)).split('\n')).toEqual([
      'f(%0: f32[n=2, t=5]) -> (%5, %6)',
      '  %1: f32[n=2] = constant {value=0}',
      '  %2: f32[n=2] = identity %1',
      '  %3: f32[t=5, n=2] = permute %0 {order=[1, 0]}',
      '  %4: f32[t=5, n=2] = identity %3',
      '  %5: f32[n=2] = loop %2, %4 {body=0, last=0}',
      '  %6: f32[t=5, n=2] = loop %2, %4 {body=0, each=%3}',
      ...step,
    ]);
  });

  it('leaves inputs, what is computed, and reshapes of these', () => {
    const rows = b.reshape(b.exp(b.input('rows', [10], 'f32')), ['t=5', 'n=2']);
    const { carries } = loop('t=5', [start], [rows], (_, [sum = start], [row = start]) => ({ carries: [b.add(sum, row)], each: [] }));
    const graph = makeGraph('f', [start, ...inputsBelow(rows)], [...carries]);
    expect(printGraph(prepareLoops(graph))).toBe(printGraph(graph));
  });
});

describe('a loop, lowered', () => {
  it('is kernels that repeat: the step, and the turn that moves the index and writes the carry', () => {
    const { carries, each } = sums();
    const { kernels, repeats } = compile(makeGraph('f', [x, start], [...carries, ...each]));
    expect(kernels.map(({ label }) => label)).toEqual(['map identity', 'loop of 5: start', 'map add identity', 'loop of 5: turn']);
    expect(repeats).toEqual([{ first: 2, last: 3, times: 5 }]);
  });
});
