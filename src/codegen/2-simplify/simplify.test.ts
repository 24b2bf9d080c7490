import { describe, expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { evaluate } from '../../graph/evaluate.ts';
import { makeGraph } from '../../graph/graph.ts';
import { printGraph } from '../../graph/print.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { verifyGraph } from '../../graph/verify.ts';
import { errorOf, inputsFor } from '../testing/differential.ts';
import { commonSubexpressions } from './commonSubexpressions.ts';
import { foldAfter } from './foldAfter.ts';
import { foldAlgebra } from './foldAlgebra.ts';
import { foldConstants } from './foldConstants.ts';
import { foldContracts } from './foldContracts.ts';
import { foldContractViews } from './foldContractViews.ts';
import { foldNestedSums } from './foldNestedSums.ts';
import { foldReductions } from './foldReductions.ts';
import { foldViews } from './foldViews.ts';
import { lowerScatters } from './lowerScatters.ts';
import { type Pass, passes } from './passes.ts';
import { removeMarks } from './removeMarks.ts';
import { simplify } from './simplify.ts';
import { splitStrides } from './splitStrides.ts';

const x = b.input('x', ['n=3', 'in=2'], 'f32');
const w = b.input('w', ['in=2', 'out=4'], 'f32');
const i = b.input('i', ['n=3', 'in=2'], 'i32');

function linesAfter(pass: (typeof passes)[number]['run'], ...outputs: Value[]): string[] {
  const graph = makeGraph('f', [x, w, i], outputs);
  const after = pass(graph);
  verifyGraph(after, 'the pass');
  return printGraph(after)
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

const unchanged = (pass: (typeof passes)[number]['run'], output: Value): void => {
  const graph = makeGraph('f', [x, w, i], [output]);
  expect(pass(graph).outputs[0]).toBe(output);
};

const constant = (value: number, like: Value) => b.constantLike(like, value);

describe('every pass', () => {
  /** A graph of what the pass looks for, in which there is nothing to do. A pass without one fails here. */
  const nothingToDo: Readonly<Record<string, Value>> = {
    removeMarks: b.exp(x),
    foldAfter: b.after(x, [b.exp(w)]),
    foldViews: b.reshape(b.permute(x, [1, 0]), [6]),
    foldConstants: b.add(x, constant(1, x)),
    foldAlgebra: b.mul(x, constant(0, x)),
    foldReductions: b.reduceSum(x, [0]),
    foldContractViews: b.reduceSum(b.contract(x, w, { left: [1], right: [0] }), [0]),
    splitStrides: b.contract(
      b.unskew(b.broadcast(x, ['n=3', 'in=2', 3], [0, 1]), { axis: 0, window: 2, stride: 2, dilation: 1, shape: [7, 'in=2', 3] }),
      b.constant(1, ['in=2', 3, 4], 'f32'),
      { left: [1, 2], right: [0, 1] },
    ), // 7 places, of which residues of 2 leave one over
    foldNestedSums: b.reduceSum(b.reduceSum(x, [1]), [0]),
    foldContracts: b.contract(x, w, { left: [1], right: [0] }),
    foldSumsOfProducts: b.reduceSum(b.mul(b.contract(x, w, { left: [1], right: [0] }), b.constant(2, ['n=3', 'out=4'], 'f32')), [1]),
    lowerScatters: b.scatterAdd(b.iota(0, [8], 'f32'), b.iota(0, [8], 'i32'), 0, 50_000),
    commonSubexpressions: b.add(b.exp(x), b.log(x)),
  };
  it.each(passes)('$name: nothing to do', ({ name, run }) => {
    const output = nothingToDo[name];
    expect(output, `a graph for ${name}`).toBeDefined();
    if (output !== undefined) unchanged(run, output);
  });
});

describe('foldAfter', () => {
  it('moves what waits below views', () => {
    expect(linesAfter(foldAfter, b.after(b.permute(b.exp(x), [1, 0]), [b.exp(w)]))).toEqual([
      '%3: f32[n=3, in=2] = exp %0',
      '%4: f32[in=2, out=4] = exp %1',
      '%5: f32[n=3, in=2] = after %3, %4',
      '%6: f32[in=2, n=3] = permute %5 {order=[1, 0]}',
    ]);
  });
  it('does not wait for what is not computed', () => {
    expect(linesAfter(foldAfter, b.exp(b.after(x, [w, i])))).toEqual(['%3: f32[n=3, in=2] = exp %0']);
    expect(linesAfter(foldAfter, b.exp(b.after(constant(2, x), [b.exp(w)]))).at(0)).toBe('%3: f32[n=3, in=2] = constant {value=2}');
  });
});

describe('removeMarks', () => {
  it('leaves other values alone', () => unchanged(removeMarks, b.exp(x)));
  it('removes identity, stopGradient and customGradient', () => {
    const [marked = x] = b.customGradient([b.exp(x)], [x], () => [undefined]);
    expect(linesAfter(removeMarks, b.neg(b.stopGradient(b.identity(marked))))).toEqual([
      '%3: f32[n=3, in=2] = exp %0',
      '%4: f32[n=3, in=2] = neg %3',
    ]);
  });
});

describe('foldViews', () => {
  it('leaves unlike views alone', () => unchanged(foldViews, b.reshape(b.permute(x, [1, 0]), [6])));
  it('joins permutes', () => expect(linesAfter(foldViews, b.permute(b.permute(x, [1, 0]), [1, 0]))).toEqual([]));
  it('joins reshapes', () => expect(linesAfter(foldViews, b.reshape(b.reshape(x, [6]), [2, 3]))).toEqual(['%3: f32[2, 3] = reshape %0']));
  it('joins broadcasts', () => {
    expect(linesAfter(foldViews, b.broadcast(b.broadcast(x, [5, 'n=3', 'in=2'], [1, 2]), [7, 5, 'n=3', 'in=2'], [1, 2, 3]))).toEqual([
      '%3: f32[7, 5, n=3, in=2] = broadcast %0 {axes=[2, 3]}',
    ]);
  });
  it('makes a view of a constant a constant', () => {
    expect(linesAfter(foldViews, b.permute(b.broadcast(b.constant(2, [], 'f32'), [3, 4], []), [1, 0]))).toEqual([
      '%3: f32[4, 3] = constant {value=2}',
    ]);
  });
});

describe('foldCuts', () => {
  const column = b.input('t', ['t=9'], 'f32');
  const slice = (of: Value, start: number, limit: number | undefined, stride: number, size: number): Value =>
    b.slice(of, { starts: [start], limits: [limit], strides: [stride], shape: [size] });
  const pad = (of: Value, low: number, high: number, interior: number, size: number, value = 0): Value =>
    b.pad(of, { low: [low], high: [high], interior: [interior], value, shape: [size] });
  const folded = (output: Value): string[] => {
    const after = foldViews(makeGraph('f', [column], [output]));
    verifyGraph(after, 'foldViews');
    return printGraph(after)
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  };

  it('leaves real cuts alone', () => {
    const graph = makeGraph('f', [column], [slice(column, 1, 8, 1, 7), pad(column, 1, 0, 0, 10)]);
    expect(foldViews(graph).outputs).toEqual(graph.outputs);
  });
  it('leaves a slice that keeps some of the padding', () => {
    expect(folded(slice(pad(column, 2, 2, 0, 13), 1, 12, 1, 11))).toHaveLength(2);
    expect(folded(slice(pad(column, 0, 0, 1, 17), 1, 10, 3, 3))).toHaveLength(2);
  });
  it('drops what changes nothing, and keeps the new name', () => {
    expect(folded(pad(slice(column, 0, 9, 1, 9), 0, 0, 0, 9))).toEqual(['%1: f32[9] = reshape %0']);
    expect(folded(b.slice(column, { starts: [0], limits: [undefined], strides: [1], shape: ['t=9'] }))).toEqual([]);
  });
  it('joins slices, and pads', () => {
    expect(folded(slice(slice(column, 1, undefined, 2, 4), 1, 4, 2, 2))).toEqual([
      '%1: f32[2] = slice %0 {starts=[3], limits=[8], strides=[4]}',
    ]);
    expect(folded(pad(pad(column, 1, 2, 1, 20), 3, 0, 2, 61))).toEqual(['%1: f32[61] = pad %0 {low=[6], high=[6], interior=[5], value=0}']);
    expect(folded(pad(pad(column, 1, 0, 0, 10, 1), 1, 0, 0, 11))).toHaveLength(2);
  });
  it('takes from the operand what a pad put around it', () => {
    expect(folded(slice(pad(column, 2, 1, 0, 12), 2, 11, 1, 9))).toEqual(['%1: f32[9] = reshape %0']);
    expect(folded(slice(pad(column, 2, 0, 1, 19), 4, 13, 4, 3))).toEqual(['%1: f32[3] = slice %0 {starts=[1], limits=[6], strides=[2]}']);
  });
  it('takes windows of one element for cuts', () => {
    const [thin, params] = [b.input('thin', [5, 1], 'f32'), { axis: 0, window: 1, dilation: 3 }];
    const lines = (value: Value): string[] =>
      printGraph(foldViews(makeGraph('f', [thin], [value])))
        .split('\n')
        .slice(1);
    expect(lines(b.exp(b.unskew(b.skew(thin, { ...params, stride: 1, shape: [5, 1] }), { ...params, stride: 1, shape: [5, 1] })))).toEqual([
      '  %1: f32[5, 1] = exp %0',
    ]);
    expect(lines(b.skew(thin, { ...params, stride: 2, shape: [3, 1] }))).toEqual([
      '  %1: f32[3, 1] = slice %0 {starts=[0, 0], limits=[5, end], strides=[2, 1]}',
    ]);
    expect(lines(b.unskew(thin, { ...params, stride: 2, shape: [10, 1] }))).toEqual([
      '  %1: f32[10, 1] = pad %0 {low=[0, 0], high=[1, 0], interior=[1, 0], value=0}',
    ]);
  });
  it('makes cuts and windows of constants constants', () => {
    const ones = b.constant(1, [9, 2], 'f32');
    const params = { axis: 0, window: 1, stride: 1, dilation: 1 };
    const constants = (value: Value): number => folded(value).filter((line) => line.includes('constant')).length;
    expect(folded(b.skew(ones, { ...params, shape: [8, 2] }))).toEqual(['%1: f32[8, 2] = constant {value=1}']);
    expect(folded(b.gather(ones, b.constant(3, [4], 'i32'), 0))).toEqual(['%1: f32[4, 2] = constant {value=1}']);
    expect(folded(pad(b.constant(5, [2], 'f32'), 1, 1, 0, 4, 5))).toEqual(['%1: f32[4] = constant {value=5}']);
    expect(folded(b.unskew(b.constantLike(ones, 0), { ...params, shape: [10, 2] }))).toEqual(['%1: f32[10, 2] = constant {value=0}']);
    expect(folded(b.scatterAdd(b.constant(0, [4], 'f32'), b.constant(3, [4], 'i32'), 0, 'v=9'))).toEqual([
      '%1: f32[v=9] = constant {value=0}',
    ]);
    expect(constants(b.unskew(ones, { ...params, shape: [10, 2] }))).toBe(1);
    expect(folded(b.unskew(ones, { ...params, shape: [10, 2] }))).toHaveLength(2);
  });
});

describe('foldContractViews', () => {
  const [left, right] = [b.input('l', [2, 5, 3], 'f32'), b.input('r', [2, 3, 4], 'f32')];
  const product = b.contract(left, right, { left: [2], right: [1], leftBatch: [0], rightBatch: [0] });
  const graphOf = (...outputs: Value[]) => makeGraph('f', [left, right], outputs);

  it('contracts a batch axis that is summed', () => {
    const after = foldContractViews(graphOf(b.reduceSum(b.permute(product, [2, 0, 1]), [1])));
    verifyGraph(after, 'foldContractViews');
    expect(printGraph(after).split('\n').slice(1)).toEqual([
      '  %2: f32[5, 4] = contract %0, %1 {left=[2, 0], right=[1, 0]}',
      '  %3: f32[4, 5] = permute %2 {order=[1, 0]}',
    ]);
  });
  it('slices the operands instead of the product', () => {
    const after = foldContractViews(
      graphOf(b.slice(product, { starts: [1, 1, 0], limits: [2, 5, undefined], strides: [1, 2, 1], shape: [1, 2, 4] })),
    );
    verifyGraph(after, 'foldContractViews');
    expect(printGraph(after).split('\n').slice(1)).toEqual([
      '  %2: f32[1, 2, 3] = slice %0 {starts=[1, 1, 0], limits=[2, 5, end], strides=[1, 2, 1]}',
      '  %3: f32[1, 3, 4] = slice %1 {starts=[1, 0, 0], limits=[2, end, end], strides=[1, 1, 1]}',
      '  %4: f32[1, 2, 4] = contract %2, %3 {left=[2], right=[1], leftBatch=[0], rightBatch=[0]}',
    ]);
  });
  it('makes the overlap-add of a product a product', () => {
    const [places, within] = [b.input('l', [5, 3], 'f32'), b.input('r', [3, 2], 'f32')];
    const windows = b.contract(places, within, { left: [1], right: [0] });
    const spread = b.unskew(windows, { axis: 0, window: 1, stride: 1, dilation: 1, shape: [6, 2] });
    const after = foldContractViews(makeGraph('f', [places, within], [b.reduceSum(spread, [1])]));
    verifyGraph(after, 'foldContractViews');
    expect(printGraph(after).split('\n').slice(1)).toEqual([
      '  %2: f32[5, 3, 2] = broadcast %0 {axes=[0, 1]}',
      '  %3: f32[6, 3, 2] = unskew %2 {axis=0, window=2, stride=1, dilation=1}',
      '  %4: f32[6] = contract %3, %1 {left=[1, 2], right=[0, 1]}',
    ]);
  });
  it('leaves products that are read elsewhere, and windows that are not summed', () => {
    const shared = graphOf(b.reduceSum(product, [0]), b.exp(product));
    expect(foldContractViews(shared).outputs).toEqual(shared.outputs);
    const [places, within] = [b.input('p', [5, 3], 'f32'), b.input('q', [3, 2], 'f32')];
    const spread = b.unskew(b.contract(places, within, { left: [1], right: [0] }), {
      axis: 0,
      window: 1,
      stride: 1,
      dilation: 1,
      shape: [6, 2],
    });
    const open = makeGraph('f', [places, within], [spread]);
    expect(foldContractViews(open).outputs).toEqual(open.outputs);
  });
});

describe('splitStrides', () => {
  const [y, w] = [b.input('y', [4, 3], 'f32'), b.input('w', [3, 5, 2], 'f32')];
  const spread = (start: number, places: number, stride: number, dilation = 1): Value => {
    const wide = b.broadcast(y, [4, 3, 5], [0, 1]);
    const windows = b.unskew(wide, { axis: 0, window: 2, stride, dilation, shape: [24, 3, 5] });
    return b.slice(windows, {
      starts: [start, 0, 0],
      limits: [start + places, undefined, undefined],
      strides: [1, 1, 1],
      shape: [places, 3, 5],
    });
  };
  const product = (left: Value): Value => b.contract(left, w, { left: [1, 2], right: [0, 1] });
  const graphOf = (value: Value) => makeGraph('f', [y, w], [value]);

  it('makes each residue of a stride columns of its own', () => {
    const after = splitStrides(graphOf(product(spread(2, 8, 2))));
    verifyGraph(after, 'splitStrides');
    expect(printGraph(after).split('\n').slice(1)).toEqual([
      '  %2: f32[4, 3, 3] = broadcast %0 {axes=[0, 1]}',
      '  %3: f32[6, 3, 3] = unskew %2 {axis=0, window=2, stride=1, dilation=1}',
      '  %4: f32[4, 3, 3] = slice %3 {starts=[1, 0, 0], limits=[5, end, end], strides=[1, 1, 1]}',
      '  %5: f32[4, 3, 3] = slice %4 {starts=[0, 0, 0], limits=[end, end, end], strides=[1, 1, 1]}',
      '  %6: f32[3, 6, 2] = pad %1 {low=[0, 0, 0], high=[0, 1, 0], interior=[0, 0, 0], value=0}',
      '  %7: f32[3, 3, 2, 2] = reshape %6',
      '  %8: f32[4, 2, 2] = contract %5, %7 {left=[1, 2], right=[0, 1]}',
      '  %9: f32[4, 2, 2] = permute %8 {order=[0, 1, 2]}',
      '  %10: f32[8, 2] = reshape %9',
    ]);
  });
  it.each([
    [0, 8, 2],
    [1, 8, 2],
    [3, 10, 2],
    [4, 9, 3],
    [5, 12, 4],
    [1, 6, 6],
  ])('computes the same from place %i, %i places, stride %i', (start, places, stride) => {
    const graph = graphOf(product(spread(start, places, stride)));
    const flipped = graphOf(b.contract(w, b.permute(spread(start, places, stride), [2, 0, 1]), { left: [0, 1], right: [2, 0] }));
    for (const one of [graph, flipped]) {
      const after = splitStrides(one);
      expect(after.outputs).not.toEqual(one.outputs);
      expect(printGraph(after)).not.toContain(`stride=${stride}`);
      const [found = [], expected = []] = [after, one].map((graph) => evaluate(graph, inputsFor(one))[0] ?? []);
      expect(errorOf(found, expected)).toBeLessThan(1e-14);
    }
  });
  it('leaves dilations, residues that are left over, and windows that differ', () => {
    const own = b.input('own', [4, 3, 5], 'f32');
    const windows = b.unskew(own, { axis: 0, window: 2, stride: 2, dilation: 1, shape: [12, 3, 5] });
    for (const left of [spread(0, 8, 2, 3), spread(0, 9, 2), spread(0, 8, 1), windows]) {
      const graph = makeGraph('f', [y, w, own], [product(left)]);
      expect(splitStrides(graph).outputs).toEqual(graph.outputs);
    }
  });
});

describe('foldNestedSums', () => {
  const y = b.input('y', [4, 2, 3], 'f32');
  it('leaves sums without windows between alone', () => {
    const graph = makeGraph('f', [y], [b.reduceSum(b.reduceSum(y, [1]), [0])]);
    expect(foldNestedSums(graph).outputs).toEqual(graph.outputs);
  });
  it('sums once over windows of windows', () => {
    const moved = b.unskew(b.reduceSum(y, [2]), { axis: 0, window: 1, stride: 1, dilation: 1, shape: [5, 2] });
    const after = foldNestedSums(makeGraph('f', [y], [b.reduceSum(moved, [1])]));
    verifyGraph(after, 'foldNestedSums');
    expect(printGraph(after).split('\n').slice(1)).toEqual([
      '  %1: f32[5, 2, 3] = unskew %0 {axis=0, window=1, stride=1, dilation=1}',
      '  %2: f32[5] = reduceSum %1 {axes=[1, 2]}',
    ]);
  });
});

describe('lowerScatters', () => {
  const updates = b.input('u', ['t=64', 'c=4'], 'f32');
  const ids = b.input('k', ['t=64'], 'i32');
  const lowered = (output: Value): string[] => {
    const after = lowerScatters(makeGraph('f', [updates, ids], [output]));
    verifyGraph(after, 'lowerScatters');
    return printGraph(after)
      .split('\n')
      .slice(2)
      .map((line) => line.trim());
  };
  it('leaves what is sorted, and few indices, alone', () => {
    const few = b.scatterAdd(b.iota(0, [8], 'f32'), b.iota(0, [8], 'i32'), 0, 50_000);
    const sorted = b.scatterAdd(updates, ids, 0, 50_000, undefined, true);
    const graph = makeGraph('f', [updates, ids], [few, sorted]);
    expect(lowerScatters(graph).outputs).toEqual(graph.outputs);
  });
  it('makes a scatter to few rows a contraction with a one-hot', () => {
    const text = lowered(b.scatterAdd(updates, ids, 0, 'v=8'));
    expect(text.at(-1)).toBe('%8: f32[v=8, c=4] = contract %7, %0 {left=[0], right=[0]}');
  });
  it('sorts many indices', () => {
    const text = lowered(b.scatterAdd(updates, ids, 0, 'v=50257'));
    expect(text.at(-1)).toMatch(/^%\d+: f32\[v=50257, c=4\] = scatterAdd %\d+, %\d+ \{axis=0, dim=v=50257, sorted=true\}$/);
    expect(text.filter((line) => line.includes('reduceSum'))).toHaveLength(2);
  });
});

describe('foldConstants', () => {
  it('leaves values with an input alone', () => unchanged(foldConstants, b.add(x, constant(1, x))));
  it('computes and rounds', () => {
    expect(linesAfter(foldConstants, b.div(constant(1, x), b.add(constant(1, x), constant(2, x))))).toEqual([
      `%3: f32[n=3, in=2] = constant {value=${Math.fround(1 / 3)}}`,
    ]);
  });
});

describe('foldAlgebra', () => {
  it('leaves 0 * x alone, which is NaN for some x', () => unchanged(foldAlgebra, b.mul(x, constant(0, x))));
  it('folds 0 * i', () => expect(linesAfter(foldAlgebra, b.mul(i, constant(0, i)))).toEqual(['%3: i32[n=3, in=2] = constant {value=0}']));
  it('folds neutral elements', () => {
    const y = b.sub(b.div(b.mul(b.add(x, constant(0, x)), constant(1, x)), constant(1, x)), constant(0, x));
    expect(linesAfter(foldAlgebra, b.exp(y))).toEqual(['%3: f32[n=3, in=2] = exp %0']);
  });
  it('folds signs', () => {
    expect(linesAfter(foldAlgebra, b.add(x, b.neg(b.neg(b.mul(x, constant(-1, x))))))).toEqual(['%3: f32[n=3, in=2] = sub %0, %0']);
  });
  it('folds casts to the same dtype and choices that are none', () => {
    const condition = b.compare(x, constant(0, x), 'gt');
    expect(linesAfter(foldAlgebra, b.exp(b.select(condition, b.cast(x, 'f32'), x)))).toEqual(['%3: f32[n=3, in=2] = exp %0']);
  });
  it('makes whole powers products', () => {
    expect(linesAfter(foldAlgebra, b.pow(x, constant(3, x)))).toEqual([
      '%3: f32[n=3, in=2] = mul %0, %0',
      '%4: f32[n=3, in=2] = mul %3, %0',
    ]);
    expect(linesAfter(foldAlgebra, b.exp(b.pow(x, constant(1, x))))).toEqual(['%3: f32[n=3, in=2] = exp %0']);
    expect(linesAfter(foldAlgebra, b.pow(x, constant(-1, x))).at(-1)).toBe('%4: f32[n=3, in=2] = div %3, %0');
    unchanged(foldAlgebra, b.pow(x, constant(0.5, x)));
  });
  it('multiplies by the inverse where that is exact', () => {
    expect(linesAfter(foldAlgebra, b.div(x, constant(64, x)))).toEqual([
      '%3: f32[n=3, in=2] = constant {value=0.015625}',
      '%4: f32[n=3, in=2] = mul %0, %3',
    ]);
    unchanged(foldAlgebra, b.div(x, constant(3, x)));
  });
});

describe('foldReductions', () => {
  it('leaves real reductions alone', () => unchanged(foldReductions, b.reduceSum(x, [0])));
  it('reshapes over axes of size 1', () =>
    expect(linesAfter(foldReductions, b.reduceMax(b.reshape(x, [6, 1]), [1])).at(-1)).toBe('%4: f32[6] = reshape %3'));
  it('sums constants', () =>
    expect(linesAfter(foldReductions, b.reduceSum(constant(2, x), [0]))).toEqual(['%3: f32[in=2] = constant {value=6}']));
  it('leaves the sum of a factor to the contract', () => {
    const ones = b.constant(1, ['n=3', 'out=4'], 'f32');
    const lines = linesAfter(foldReductions, b.contract(x, ones, { left: [0], right: [0] }), b.reduceSum(ones, [0]));
    expect(lines.at(-1)).toBe('%5: f32[out=4] = reduceSum %3 {axes=[0]}');
  });
});

describe('foldContracts', () => {
  it('leaves plain products alone', () => unchanged(foldContracts, b.contract(x, w, { left: [1], right: [0] })));
  it('takes transposes of operands into the axis lists', () => {
    const [xT, wT] = [b.permute(x, [1, 0]), b.permute(w, [1, 0])];
    expect(linesAfter((graph) => foldContracts(foldContracts(graph)), b.contract(xT, wT, { left: [0], right: [1] }))).toEqual([
      '%3: f32[n=3, out=4] = contract %0, %1 {left=[1], right=[0]}',
    ]);
  });
  it('exchanges the operands for a transposed result', () => {
    expect(linesAfter(foldContracts, b.permute(b.contract(x, w, { left: [1], right: [0] }), [1, 0]))).toEqual([
      '%3: f32[out=4, n=3] = contract %1, %0 {left=[0], right=[1]}',
    ]);
  });
});

describe('commonSubexpressions', () => {
  it('leaves different values alone', () => unchanged(commonSubexpressions, b.add(b.exp(x), b.log(x))));
  it('joins equal values', () => {
    expect(linesAfter(commonSubexpressions, b.mul(b.exp(x), b.exp(x)))).toEqual([
      '%3: f32[n=3, in=2] = exp %0',
      '%4: f32[n=3, in=2] = mul %3, %3',
    ]);
  });
  it('keeps 0 and -0 apart', () => expect(linesAfter(commonSubexpressions, constant(0, x), constant(-0, x))).toHaveLength(2));
});

describe('simplify', () => {
  it('runs to the end and verifies after each pass', () => {
    const graph = makeGraph(
      'f',
      [x, w, i],
      [b.mul(b.identity(b.exp(x)), b.broadcast(b.add(b.constant(0, [], 'f32'), b.constant(1, [], 'f32')), x.shape, []))],
    );
    const seen: string[] = [];
    const observe = (now: Graph, pass: Pass): void => {
      verifyGraph(now, pass.name);
      seen.push(pass.name);
    };
    const after = simplify(graph, { observe });
    expect(seen.slice(0, passes.length)).toEqual(passes.map((pass) => pass.name));
    expect(printGraph(after).split('\n').slice(1)).toEqual(['  %3: f32[n=3, in=2] = exp %0']);
  });
});
