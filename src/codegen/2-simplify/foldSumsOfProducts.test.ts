import { describe, expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { evaluate } from '../../graph/evaluate.ts';
import { makeGraph } from '../../graph/graph.ts';
import { printGraph } from '../../graph/print.ts';
import type { Graph, Value } from '../../graph/value.ts';
import type { Dim } from '../../types/dim.ts';
import { foldSumsOfProducts } from './foldSumsOfProducts.ts';

const input = (name: string, shape: readonly Dim[]): Value => b.input(name, shape, 'f32');
const [x, y, p] = [input('x', ['h=2', 'm=3', 'd=4']), input('y', ['h=2', 'k=600', 'd=4']), input('p', ['h=2', 'm=3', 'k=600'])];
const row = input('row', ['h=2', 'm=3']);
const batch = { leftBatch: [0], rightBatch: [0] };
const product = b.contract(x, y, { left: [2], right: [2], ...batch });
const known = b.contract(p, y, { left: [2], right: [1], ...batch });
const along = b.broadcast(row, ['h=2', 'm=3', 'k=600'], [0, 1]);
const sum = (value: Value): Value => b.reduceSum(value, [2]);

const lines = (graph: Graph): readonly string[] =>
  printGraph(graph)
    .split('\n')
    .slice(1)
    .map((line) => line.trim());

function checkFolded(inputs: readonly Value[], outputs: readonly Value[]): Graph {
  const graph = makeGraph('f', inputs, outputs);
  const folded = foldSumsOfProducts(graph);
  const given = inputs.map(({ shape }, i) => {
    const count = shape.reduce<number>((all, dim) => all * Number(`${dim}`.split('=').at(-1)), 1);
    return Float64Array.from({ length: count }, (_, at) => Math.sin(at * (i + 1.3)) + 1.5);
  });
  const [before, after] = [evaluate(graph, given), evaluate(folded, given)];
  for (const [i, elements] of before.entries())
    for (const [at, element] of elements.entries()) expect(after[i]?.[at]).toBeCloseTo(element, 6);
  expect(lines(folded)).not.toEqual(lines(graph));
  return folded;
}

describe('foldSumsOfProducts', () => {
  it('sums the other factor times the product that is known, then what is the same along rows', () => {
    const folded = checkFolded([x, y, p, row], [known, sum(b.neg(b.mul(b.div(product, along), p)))]);
    expect(lines(folded)).toEqual([
      '%4: f32[h=2, m=3, d=4] = contract %2, %1 {left=[2], right=[1], leftBatch=[0], rightBatch=[0]}',
      '%5: f32[h=2, m=3, d=4] = mul %0, %4',
      '%6: f32[h=2, m=3] = reduceSum %5 {axes=[2]}',
      '%7: f32[h=2, m=3] = broadcast %3 {axes=[0, 1]}',
      '%8: f32[h=2, m=3] = div %6, %7',
      '%9: f32[h=2, m=3] = neg %8',
    ]);
  });

  it('takes factors on either side, and axes in any order', () => {
    const turned = b.contract(y, x, { left: [2], right: [2], ...batch });
    const byColumns = b.permute(p, [0, 2, 1]);
    const knownRight = b.contract(y, byColumns, { left: [1], right: [1], ...batch });
    checkFolded([x, y, p], [knownRight, b.reduceSum(b.mul(byColumns, turned), [1])]);
    const wide = input('q', ['h=2', 'm=3', 'g=5', 'd=4']);
    const weights = input('w', ['h=2', 'm=3', 'g=5', 'k=600']);
    const scores = b.contract(wide, y, { left: [3], right: [2], ...batch });
    checkFolded(
      [wide, y, weights],
      [b.contract(weights, y, { left: [3], right: [1], ...batch }), b.reduceSum(b.mul(weights, scores), [3])],
    );
  });

  it.each<[string, readonly Value[]]>([
    ['nobody computes the product', [sum(b.mul(product, p))]],
    ['another product is known', [b.contract(p, x, { left: [1], right: [1], ...batch }), sum(b.mul(product, p))]],
    ['a factor differs along rows', [known, sum(b.mul(b.mul(product, p), b.exp(p)))]],
    ['the sum is over other axes', [known, b.reduceSum(b.mul(product, p), [1])]],
    ['it is divided by the product', [known, sum(b.div(p, product))]],
  ])('leaves a sum alone where %s', (_, outputs) => {
    const graph = makeGraph('f', [x, y, p], outputs);
    expect(foldSumsOfProducts(graph).outputs).toEqual(outputs);
  });

  it('leaves short sums alone', () => {
    const [few, weights] = [input('few', ['h=2', 'k=6', 'd=4']), input('w', ['h=2', 'm=3', 'k=6'])];
    const short = [
      b.contract(weights, few, { left: [2], right: [1], ...batch }),
      sum(b.mul(b.contract(x, few, { left: [2], right: [2], ...batch }), weights)),
    ];
    expect(foldSumsOfProducts(makeGraph('f', [x, few, weights], short)).outputs).toEqual(short);
  });
});
