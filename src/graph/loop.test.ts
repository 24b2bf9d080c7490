/** Loops in the graph: what they compute, how they print, what is captured, and their gradients, of any order. */
import { describe, expect, it } from 'vitest';
import { vjp } from './autodiff/vjp.ts';
import * as b from './build.ts';
import { evaluate } from './evaluate.ts';
import { makeGraph, reachable } from './graph.ts';
import { bodyGraph, loop } from './loop.ts';
import { printGraph } from './print.ts';
import { finiteDifferenceVjp } from './testing/finiteDifference.ts';
import { recurrence, unrolled } from './testing/loops.ts';
import { uniform } from './testing/uniform.ts';
import type { Graph, Value } from './value.ts';
import { verifyGraph } from './verify.ts';

const x = b.input('x', ['t=5', 'n=2', 'h=3'], 'f32');
const h0 = b.input('h0', ['n=2', 'h=3'], 'f32');
const w = b.input('w', ['h=3', 'h=3'], 'f32');
const elements = [uniform(30, 1), uniform(6, 2), uniform(9, 3)];
const graphOf = (run: typeof loop): Graph => {
  const { carries, each } = recurrence(run, 't=5', x, h0, w);
  return makeGraph('recurrence', [x, h0, w], [...carries, ...each]);
};

function expectClose(got: readonly Float64Array[], expected: readonly ArrayLike<number>[], digits = 12): void {
  expect(got).toHaveLength(expected.length);
  for (const [at, values] of got.entries())
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[at]?.[i] ?? Number.NaN, digits);
}

/** Gradients of the sums of `outputs`, weighted, as values. */
function gradientGraph(graph: Graph, order: number): Graph {
  let outputs = graph.outputs.filter(({ dtype }) => dtype === 'f32');
  for (let i = 0; i < order; i++) {
    const seeds = outputs.map((value, at) => b.mul(b.cast(b.iota(0, value.shape, 'u32'), 'f32'), b.constantLike(value, 0.3 + at / 7)));
    outputs = vjp(outputs, graph.inputs, seeds).map((gradient, at) => gradient ?? b.constantLike(graph.inputs[at] as Value, 0));
  }
  return makeGraph(`gradient ${order}`, graph.inputs, outputs);
}

describe('a loop', () => {
  it('computes what its steps compute one after the other', () => {
    const graph = graphOf(loop);
    verifyGraph(graph, 'the test');
    expectClose(evaluate(graph, elements), evaluate(graphOf(unrolled), elements));
    expect(evaluate(graph, elements)[1]).toEqual(Float64Array.of(5));
  });

  it.each([1, 2])('has gradients of order %i, which are loops', (order) => {
    const graph = gradientGraph(graphOf(loop), order);
    verifyGraph(graph, 'the test');
    expectClose(evaluate(graph, elements), evaluate(gradientGraph(graphOf(unrolled), order), elements));
    const below = gradientGraph(graphOf(loop), order - 1);
    const run = (inputs: readonly ArrayLike<number>[]) =>
      evaluate({ ...below, outputs: below.outputs.filter(({ dtype }) => dtype === 'f32') }, inputs);
    const weights = below.outputs
      .filter(({ dtype }) => dtype === 'f32')
      .map(
        ({ shape }, at) =>
          evaluate(makeGraph('w', [], [b.mul(b.cast(b.iota(0, shape, 'u32'), 'f32'), b.constant(0.3 + at / 7, shape, 'f32'))]), [])[0] ??
          [],
      );
    expectClose(evaluate(graph, elements), finiteDifferenceVjp(run, elements, weights), 7);
    expect(reachable(graph.outputs).length).toBeLessThan(60 * order);
  });

  it('captures what a step does not change, and keeps views of it and constants inside', () => {
    const { each } = loop('t=5', [h0], [], (_, [h]) => {
      const bias = b.broadcast(b.reduceSum(w, [0]), h0.shape, [1]);
      return { carries: [b.add(b.mul(h as Value, b.constantLike(h0, 2)), bias)], each: [h as Value] };
    });
    const [value] = each;
    if (value === undefined || !b.isPrimitive(value, 'loop')) throw new Error('a loop');
    expect(value.params.body.captured.map(({ primitive }) => primitive)).toEqual(['reduceSum']);
    expect(value.operands).toHaveLength(2);
  });

  it('leaves out carries that nothing asks for', () => {
    const { carries } = recurrence(loop, 't=5', x, h0, w);
    const [state] = carries;
    if (state === undefined || !b.isPrimitive(state, 'loop')) throw new Error('a loop');
    const body = bodyGraph(state.params.body, [{ last: 0 }]);
    expect(body.carries).toEqual([0]);
    expect(body.graph.outputs).toHaveLength(1);
  });

  it('prints with its step, which is part of the text', () => {
    const sum = (by: number) =>
      loop('t=5', [h0], [x], (_, [h], [row]) => ({ carries: [b.add(h as Value, b.mul(row as Value, b.constantLike(h0, by)))], each: [] }));
    const textOf = (by: number): string => printGraph(makeGraph('sum', [x, h0], sum(by).carries));
    expect(textOf(2)).toBe(
      [
        'sum(%0: f32[t=5, n=2, h=3], %1: f32[n=2, h=3]) -> (%2)',
        '  %2: f32[n=2, h=3] = loop %1, %0 {body=0, last=0}',
        '  step 0 along [t=5] (%0: u32[], %1: f32[n=2, h=3], %2: f32[n=2, h=3]) -> (%5)',
        '    %3: f32[n=2, h=3] = constant {value=2}',
        '    %4: f32[n=2, h=3] = mul %2, %3',
        '    %5: f32[n=2, h=3] = add %1, %4',
      ].join('\n'),
    );
    expect(textOf(3)).not.toBe(textOf(2));
  });

  it('nests, and is differentiated so', () => {
    const nested = (run: typeof loop): Graph => {
      const { carries, each } = run('t=5', [h0], [x], (_, [h], [row]) => {
        const inner = run('s=3', [h as Value], [], (index, [state]) => {
          const by = b.broadcast(b.add(b.cast(index, 'f32'), b.constant(1, [], 'f32')), h0.shape, []);
          const next = b.tanh(b.add(b.div(state as Value, by), b.contract(row as Value, w, { left: [1], right: [0] })));
          return { carries: [next], each: [b.mul(next, next)] };
        });
        return { carries: inner.carries, each: [b.reduceSum(inner.each[0] as Value, [0])] };
      });
      return makeGraph('nested', [x, h0, w], [...carries, ...each]);
    };
    expectClose(evaluate(nested(loop), elements), evaluate(nested(unrolled), elements));
    expectClose(evaluate(gradientGraph(nested(loop), 1), elements), evaluate(gradientGraph(nested(unrolled), 1), elements));
  });

  it('runs a hand-written gradient of its step', () => {
    const f = (run: typeof loop): Graph => {
      const { carries } = run('t=5', [h0], [x], (_, [h], [row]) => {
        const sum = b.add(h as Value, b.mul(row as Value, b.broadcast(b.reduceSum(w, [0]), h0.shape, [1])));
        return { carries: b.customGradient([b.tanh(sum)], [sum, w], ([dy]) => [b.mul(dy as Value, sum), b.mul(w, w)]), each: [] };
      });
      return makeGraph('marked', [x, h0, w], carries);
    };
    expectClose(evaluate(gradientGraph(f(loop), 1), elements), evaluate(gradientGraph(f(unrolled), 1), elements));
  });

  it('refuses operands and carries of other types', () => {
    const wrong = () => loop('t=5', [h0], [], () => ({ carries: [w], each: [] }));
    expect(wrong).toThrow('internal: loop: operands differ: f32[h=3, h=3], f32[n=2, h=3]');
    expect(() => loop('t=4', [h0], [x], (_, [h]) => ({ carries: [h as Value], each: [] }))).toThrow(
      'internal: loop: operands differ: f32[t=5, n=2, h=3], f32[t=4, n=2, h=3]',
    );
  });
});
