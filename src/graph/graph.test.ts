import { describe, expect, it } from 'vitest';
import * as build from './build.ts';
import { makeGraph, mapGraph, reachable } from './graph.ts';
import type { Value } from './value.ts';

const x = build.input('x', [2], 'f32');
const y = build.input('y', [2], 'f32');

describe('reachable', () => {
  it('gives each value once, operands first, in the order of operands and outputs', () => {
    const [a, b] = [build.exp(x), build.neg(y)];
    const sum = build.add(b, a);
    expect(reachable([sum, a, build.mul(sum, sum)]).slice(0, 5)).toEqual([y, b, x, a, sum]);
    expect(reachable([a, a])).toEqual([x, a]);
  });

  it('goes as deep as the graph', () => {
    let deep: Value = x;
    for (let i = 0; i < 100_000; i++) deep = build.neg(deep);
    expect(reachable([deep])).toHaveLength(100_001);
  });
});

describe('makeGraph', () => {
  it('refuses what is not a function of its inputs', () => {
    expect(() => makeGraph('f', [x], [y])).toThrow("internal: makeGraph: f reaches the input 'y', which is not an input");
    expect(() => makeGraph('f', [], [build.data({}, [2], 'f32')])).toThrow('f reaches a leaf of data, which is not an input');
    expect(() => makeGraph('f', [x, x], [x])).toThrow('an input of f stands twice');
    expect(() => makeGraph('f', [build.neg(x)], [x])).toThrow('an input of f is a neg, not a leaf');
  });

  it('takes constants and iota as they are, and inputs that nothing reads', () => {
    expect(makeGraph('f', [y], [build.iota(0, [2], 'f32'), build.constantLike(x, 1)]).inputs).toEqual([y]);
  });
});

describe('mapGraph', () => {
  const [kept, changed] = [build.exp(x), build.neg(build.neg(y))];
  const graph = makeGraph('f', [x, y], [build.add(kept, build.relu(changed)), kept]);

  it('gives the same values where the rule changes nothing', () => {
    expect(mapGraph(graph, (value) => value).outputs).toEqual(graph.outputs);
    expect(mapGraph(graph, (value) => value).outputs[0]).toBe(graph.outputs[0]);
  });

  it('rebuilds what lies above a change and shares the rest', () => {
    const undone = mapGraph(graph, (value) => {
      const [inner] = value.operands;
      return value.primitive === 'neg' && inner?.primitive === 'neg' ? (inner.operands[0] ?? value) : value;
    });
    expect(undone.outputs[1]).toBe(kept);
    expect(undone.outputs[0]).toMatchObject({ primitive: 'add', level: 2 });
    expect(reachable(undone.outputs).map(({ primitive }) => primitive)).toEqual(['input', 'exp', 'input', 'relu', 'add']);
  });
});
