/** Long reductions are cut into parts: which, how, and that their numbers are the evaluator's, in every variant. */
import { beforeAll, describe, expect, it } from 'vitest';
import { vjp } from '../../graph/autodiff/vjp.ts';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import { loop } from '../../graph/loop.ts';
import type { Graph, Value } from '../../graph/value.ts';
import type { Dim } from '../../types/dim.ts';
import type { DType } from '../../types/dtype.ts';
import { at } from '../at.ts';
import { compile } from '../compile.ts';
import { differenceFromOracle, inputsFor } from '../testing/differential.ts';
import { runProgram } from '../testing/runProgram.ts';
import { softwareDevice } from '../testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

type Reduce = typeof b.reduceSum;

function over(shape: readonly Dim[], axes: readonly number[], reduce: Reduce = b.reduceSum, dtype: DType = 'f32'): Graph {
  const x = b.input('x', shape, dtype);
  return makeGraph('f', [x], [reduce(x, axes)]);
}

const labels = (graph: Graph): readonly string[] => compile(graph).kernels.map(({ label }) => label);

/** log(sum(exp x)), as one would write it. */
function logSumExp(x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  const largest = b.stopGradient(b.reduceMax(x, axes));
  return b.add(b.log(b.reduceSum(b.exp(b.sub(x, b.broadcast(largest, x.shape, []))), axes)), largest);
}

const cases: readonly (readonly [name: string, graph: Graph])[] = [
  ['all of a matrix', over([512, 256], [0, 1])],
  ['all of a matrix of odd sizes', over([257, 383], [0, 1])],
  ['a prime number of elements', over([99_991], [0])],
  ['the largest of a prime number', over([99_991], [0], b.reduceMax)],
  ['the largest of all, of integers', over([401, 199], [0, 1], b.reduceMax, 'i32')],
  ['the largest of all, of unsigned integers', over([401, 199], [0, 1], b.reduceMax, 'u32')],
  ['integers', over([401, 199], [0, 1], b.reduceSum, 'i32')],
  ['three columns', over([30_011, 3], [0])],
  ['columns side by side', over([2083, 64], [0])],
  ['rows', over([3, 70_000], [1])],
  ['channels of images', over([9, 3, 96, 96], [0, 2, 3])],
  ['a middle axis of few', over([2, 33_333, 2], [1])],
];

describe('a long reduction with few results', () => {
  it.each(cases)('is cut into parts: %s', async (_, graph) => {
    expect(compile(graph).kernels.length).toBeGreaterThan(1);
    for (const variant of ['quad', 'invocation', 'workgroup']) {
      expect(await differenceFromOracle(device, graph, { variant, compile: { verify: true } })).toBeLessThan(1e-5);
    }
  });

  it('is the same, to the bit, each time', async () => {
    const graph = over([99_991], [0]);
    const [program, inputs] = [compile(graph), inputsFor(graph)];
    expect(await runProgram(device, program, inputs)).toEqual(await runProgram(device, program, inputs));
  });

  it('has what is made of elements in the first kernel, and what is made of the result in the last', async () => {
    const [x, y] = [b.input('x', [512, 256], 'f32'), b.input('y', [512, 256], 'f32')];
    const dot = b.sqrt(b.relu(b.reduceSum(b.mul(b.mul(x, x), b.mul(y, y)), [0, 1])));
    const graph = makeGraph('f', [x, y], [dot]);
    expect(labels(graph)).toEqual([expect.stringMatching(/^rows .*reduceSum$/), expect.stringMatching(/^rows reduceSum relu sqrt$/)]);
    expect(await differenceFromOracle(device, graph)).toBeLessThan(1e-5);
  });

  it('has its gradient', async () => {
    const x = b.input('x', [257, 383], 'f32');
    const dy = b.input('dy', [], 'f32');
    const y = logSumExp(x);
    const graph = makeGraph('f', [x, dy], [y, ...vjp([y], [x], [dy]).flatMap((one) => one ?? [])]);
    expect(await differenceFromOracle(device, graph, { compile: { verify: true } })).toBeLessThan(1e-5);
  });

  it('is cut within a loop, too', async () => {
    const [x, start] = [b.input('x', ['t=3', 80_003], 'f32'), b.input('start', [], 'f32')];
    const { carries } = loop('t=3', [start], [x], (_, befores, rows) => ({
      carries: befores.map((before, i) => b.add(before, b.reduceMax(at(rows, i), [0]))),
      each: [],
    }));
    const graph = makeGraph('f', [x, start], [...carries]);
    expect(await differenceFromOracle(device, graph, { compile: { verify: true } })).toBeLessThan(1e-5);
  });

  it('sums the axes behind a symbolic one first', async () => {
    const graph = over(['batch', 384], [0, 1]);
    expect(compile(graph).kernels).toHaveLength(2);
    for (const batch of [1, 7, 300]) expect(await differenceFromOracle(device, graph, { symbols: { batch } })).toBeLessThan(1e-5);
  });
});

const features = b.input('x', [8192, 64], 'f32');
const errors = b.input('dy', [8192, 10], 'f32');

it.each([
  ['short sums', over([100, 100], [0, 1])],
  ['sums with many results', over([1024, 1024], [0])],
  ['sums along many rows', over([1024, 1024], [1])],
  ['symbolic lengths', over(['batch'], [0])],
] as const)('leaves %s whole', (_, graph) => {
  expect(labels(graph)).toHaveLength(1);
});

it('leaves sums over no axes as they are', async () => {
  const graph = over([70_000], []);
  const plain = { simplify: false, verify: true };
  expect(compile(graph, plain).kernels).toHaveLength(1);
  expect(await differenceFromOracle(device, graph, { compile: plain })).toBe(0);
});

it('leaves sums that ride along in the kernel of a product where they are', () => {
  const graph = makeGraph('f', [features, errors], [b.contract(features, errors, { left: [0], right: [0] }), b.reduceSum(errors, [0])]);
  expect(labels(graph).filter((label) => label.startsWith('contract'))).toHaveLength(1);
});
