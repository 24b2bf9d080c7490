/**
 * Planes are computed tile by tile and never stored: attention and what is like it, against the evaluator and against the same
 * graphs with their planes stored.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { splitGradient } from '../graph/autodiff/residuals.ts';
import { vjp } from '../graph/autodiff/vjp.ts';
import * as b from '../graph/build.ts';
import { evaluate } from '../graph/evaluate.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Graph, Value } from '../graph/value.ts';
import type { Program } from '../program/program.ts';
import { sizeOf } from '../types/dim.ts';
import { evaluateSize, multiplySizes } from '../types/size.ts';
import { at } from './at.ts';
import { type CompileOptions, compile } from './compile.ts';
import { differenceFromOracle, errorOf, inputsFor } from './testing/differential.ts';
import { crossEntropy, matmul } from './testing/mlp.ts';
import { alongLast, attention, gradientsOnly, scaled, softmax, withGradients } from './testing/normalisation.ts';
import { runProgram } from './testing/runProgram.ts';
import { softwareDevice } from './testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

const tolerance = 1e-5;
const kinds = (graph: Graph, options?: CompileOptions): readonly string[] =>
  compile(graph, options).kernels.map(({ label }) => label.split(' ')[0] ?? '');
const times = (count: number): readonly string[] => Array.from({ length: count }, () => 'chain');

interface Case {
  readonly graph: Graph;
  /** The other is slow where workgroup memory is: it runs on a few. */
  readonly variants?: readonly ('quadSwap' | 'shared')[];
  readonly options?: CompileOptions;
  readonly symbols?: readonly Readonly<Record<string, number>>[];
  /** Rows may be long: what softmax's gradient sums along them is the sum of its result times the cotangent, in a kernel of its own. */
  readonly isLong?: true;
}

const qkv = (m: number, k: number, d: number, e: number) =>
  [
    ['h=2', `m=${m}`, `d=${d}`],
    ['h=2', `k=${k}`, `d=${d}`],
    ['h=2', `k=${k}`, `e=${e}`],
  ] as const;

const cases: Readonly<Record<string, Case>> = {
  'scaled, sizes that no tile divides': {
    graph: withGradients(qkv(21, 19, 5, 7), ([q, k, v]) => attention(q, k, v, { scale: 0.3 })),
    variants: ['quadSwap', 'shared'],
  },
  causal: { graph: withGradients(qkv(33, 33, 8, 4), ([q, k, v]) => attention(q, k, v, { causal: true })) },
  'more keys than fit a block': {
    graph: withGradients(qkv(9, 300, 4, 4), ([q, k, v]) => attention(q, k, v)),
    variants: ['quadSwap', 'shared'],
  },
  'symbolic batch and positions': {
    graph: withGradients(
      [
        ['batch', 'h=2', 'time', 'd=5'],
        ['batch', 'h=2', 'key', 'd=5'],
        ['batch', 'h=2', 'key', 'e=7'],
      ],
      ([q, k, v]) => attention(q, k, v, { scale: 0.3, causal: true }),
    ),
    isLong: true,
    symbols: [
      { batch: 1, time: 1, key: 1 },
      { batch: 2, time: 35, key: 3 },
      { batch: 1, time: 5, key: 150 },
    ],
  },
  'queries in groups that share keys': {
    graph: withGradients(
      [
        ['kv=2', 'g=3', 'm=17', 'd=4'],
        ['kv=2', 'k=19', 'd=4'],
        ['kv=2', 'k=19', 'e=4'],
      ],
      ([q, k, v]) => {
        const scores = b.contract(q, k, { left: [3], right: [2], leftBatch: [0], rightBatch: [0] });
        return b.contract(softmax(scores), v, { left: [3], right: [1], leftBatch: [0], rightBatch: [0] });
      },
    ),
  },
  'a bias for each pair of positions': {
    graph: makeGraph('biased', ...biased()),
  },
};

/** A bias that is not differentiated is read where it is needed. */
function biased(): [readonly Value[], readonly Value[]] {
  const [q, k, v] = [b.input('q', ['m=20', 'd=4'], 'f32'), b.input('k', ['k=24', 'd=4'], 'f32'), b.input('v', ['k=24', 'e=4'], 'f32')];
  const bias = b.input('bias', ['m=20', 'k=24'], 'f32');
  const scores = b.add(b.contract(q, k, { left: [1], right: [1] }), bias);
  const y = matmul(softmax(scores), v);
  const dy = b.input('dy', y.shape, 'f32');
  return [
    [q, k, v, bias, dy],
    [y, ...vjp([y], [q, k, v], [dy]).map((gradient) => gradient ?? dy)],
  ];
}

describe.each(Object.entries(cases))('attention: %s', (_, { graph, options = {}, symbols = [{}], variants = ['quadSwap'], isLong }) => {
  it('is one kernel forward and three backward, which store three numbers a row', () => {
    expect(kinds(graph, options)).toEqual(isLong ? ['chain', 'rows', ...times(3)] : times(4));
    expect(kinds(makeGraph('forward', graph.inputs.slice(0, -1), graph.outputs.slice(0, 1)))).toEqual(times(1));
    const rows = (graph.inputs[0]?.shape ?? []).slice(0, -1).map(sizeOf);
    const sizes = { batch: 3, time: 11, key: 1000 };
    const bytes = evaluateSize(multiplySizes(3, 4, ...rows), sizes);
    expect(evaluateSize(compile(graph, options).statistics.temporaryBytesUnshared, sizes)).toBe(bytes);
  });

  it.each(variants)('is right: %s', async (variant) => {
    for (const sizes of symbols)
      expect(await differenceFromOracle(device, graph, { variant, symbols: sizes, compile: options })).toBeLessThan(tolerance);
  });
});

describe('attention', () => {
  const graph = withGradients(qkv(30, 26, 6, 6), ([q, k, v]) => attention(q, k, v));

  it('gives what it gives with its scores stored, and the same bits twice', async () => {
    const inputs = inputsFor(graph);
    const run = (storePlanes: boolean) => runProgram(device, compile(graph, { storePlanes }), inputs, { variant: 'quadSwap' });
    const [computed, again, stored] = [await run(false), await run(false), await run(true)];
    expect(again).toEqual(computed);
    for (const [i, output] of computed.entries()) expect(errorOf(output, stored[i] ?? [])).toBeLessThan(tolerance);
    expect(Number(compile(graph, { storePlanes: true }).statistics.temporaryBytes)).toBeGreaterThan(2 * 30 * 26 * 4);
  });

  it('recomputes what a backward pass of its own needs, and reads row statistics that are given', async () => {
    const backward = gradientsOnly(graph);
    expect(kinds(backward)).toEqual(times(3));
    expect(await differenceFromOracle(device, backward, { variant: 'quadSwap' })).toBeLessThan(tolerance);
    const keys = makeGraph('dK', graph.inputs, graph.outputs.slice(2, 3));
    expect(kinds(keys)).toEqual(times(2)); // row statistics first
    expect(await differenceFromOracle(device, keys, { variant: 'quadSwap' })).toBeLessThan(tolerance);
  });

  it('keeps row statistics between a forward and a backward program, not the scores', async () => {
    const args = graph.inputs.slice(0, -1);
    const [y, ...gradients] = graph.outputs as [Value, ...Value[]]; // seam: a result and three gradients
    const [dy = y] = graph.inputs.slice(-1);
    const { residuals, available, backward } = splitGradient('attention', args, [y], [dy], gradients);
    expect(residuals.map(({ shape }) => shape)).toEqual([
      ['h=2', 'm=30'],
      ['h=2', 'm=30'],
    ]);
    expect(kinds(makeGraph('forward', args, [y, ...residuals]))).toEqual(times(1));
    expect(kinds(backward)).toEqual(times(3));
    const given = inputsFor(graph);
    const saved = evaluate(makeGraph('saved', args, [...residuals]), given.slice(0, -1));
    const inputs = [...available.map((value) => at(given, args.indexOf(value))), ...saved, at(given, 3)];
    expect(await differenceFromOracle(device, backward, { variant: 'quadSwap', inputs })).toBeLessThan(tolerance);
    const whole = evaluate(gradientsOnly(graph), given);
    for (const [i, gradient] of evaluate(backward, inputs).entries()) expect(errorOf(gradient, whole[i] ?? [])).toBeLessThan(tolerance);
  });

  it('counts what a causal mask hides where nothing else is there to count', async () => {
    const args = [
      b.input('q', ['m=40', 'd=4'], 'f32'),
      b.input('k', ['k=40', 'd=4'], 'f32'),
      b.input('v', ['k=40', 'e=4'], 'f32'),
    ] as const;
    const [q, k, v] = args;
    const hidden = b.input('hidden', ['m=40', 'k=40'], 'f32');
    const scores = b.add(b.contract(q, k, { left: [1], right: [1] }), hidden);
    const [rows, columns] = [b.iota(0, scores.shape, 'i32'), b.iota(1, scores.shape, 'i32')];
    const y = matmul(softmax(b.select(b.compare(columns, rows, 'le'), scores, b.constantLike(scores, -1e30))), v);
    const graph = makeGraph('hidden', [...args, hidden], [y]);
    // of rows 3 and 30 every key is hidden, by the one mask or by the other
    const inputs = inputsFor(graph).map((elements, i) => {
      return i < 3 ? elements : Float32Array.from({ length: 1600 }, (_, at) => ([3, 30].includes(Math.floor(at / 40)) ? -Infinity : 0));
    });
    expect(kinds(graph)).toEqual(times(1));
    expect(evaluate(graph, inputs)[0]?.every(Number.isFinite)).toBe(true);
    for (const variant of ['quadSwap', 'shared'])
      expect(await differenceFromOracle(device, graph, { variant, inputs })).toBeLessThan(tolerance);
  });

  it('is stored where several kernels would multiply it again, and memory does not matter', async () => {
    const sized = (heads: number, width: number): Graph => {
      const shape = [`h=${heads}`, 'm=160', `d=${width}`];
      return withGradients([shape, shape.with(1, 'k=160'), shape.with(1, 'k=160')], ([q, k, v]) => attention(q, k, v));
    };
    const short = sized(3, 64);
    expect(kinds(short)).not.toContain('chain');
    expect(kinds(makeGraph('forward', short.inputs.slice(0, -1), short.outputs.slice(0, 1)))).toEqual(times(1));
    expect(await differenceFromOracle(device, short, { variant: 'quadSwap' })).toBeLessThan(tolerance);
    for (const [heads, width] of [
      [3, 8], // few products for what a store and loads cost
      [1, 64], // few elements for what dispatches cost
      [65, 64], // much memory
    ] as const)
      expect(kinds(sized(heads, width))).toEqual(times(4));
  });

  it('goes over rows of 2,048 elements block by block, forward and backward', async () => {
    const long = (m: number, k: number): Graph =>
      withGradients(
        [
          [`m=${m}`, 'd=4'],
          [`k=${k}`, 'd=4'],
          [`k=${k}`, 'e=4'],
        ],
        ([q, k, v]) => attention(q, k, v, { causal: true }),
      );
    const program = compile(long(2048, 2048));
    expect(at(at(program.kernels, 0).variants, 0).name).toBe('quadSwap sweep 16x16');
    expect(kinds(long(2048, 2048))).toEqual(['chain', 'rows', ...times(3)]);
    expect(program.statistics.temporaryBytesUnshared).toBe(3 * 2048 * 4);
    // the evaluator's planes are small, and every kernel's rows long once: those over keys, then those over queries
    for (const graph of [long(12, 2048), long(2048, 12)])
      expect(await differenceFromOracle(device, graph, { variant: 'quadSwap' })).toBeLessThan(tolerance);
  });

  describe('long rows', () => {
    const keys = 701;
    const args = [
      b.input('q', ['m=9', 'd=4'], 'f32'),
      b.input('k', [`k=${keys}`, 'd=4'], 'f32'),
      b.input('v', [`k=${keys}`, 'e=5'], 'f32'),
      b.input('bias', ['m=9', `k=${keys}`], 'f32'),
    ] as const;
    const [q, k, v, bias] = args;
    const scores = b.add(b.contract(q, k, { left: [1], right: [1] }), bias);
    const maximum = b.reduceMax(scores, [1]);
    const powers = b.exp(b.sub(scores, alongLast(maximum, scores)));
    const sum = b.reduceSum(powers, [1]);
    const weights = b.div(powers, alongLast(sum, powers));
    const zero = b.constantLike(weights, 0);
    const isKept = b.compare(bias, zero, 'ge');
    const nameOf = (graph: Graph): string => at(at(compile(graph).kernels, 0).variants, 0).name;

    /** Of each row the bias grows, falls, or is special somewhere. */
    const biasOf = (row: number, key: number): number => {
      const growing = key / 50;
      const specials = [growing, -growing, -Infinity, key < 350 ? -Infinity : 1, key < 350 ? 1 : -Infinity];
      return specials[row] ?? (key === 400 ? [80, -80, -Infinity][row - 5] : undefined) ?? Math.sin(key);
    };
    const inputsOf = (graph: Graph): readonly ArrayLike<number>[] =>
      inputsFor(graph).map((elements, i) =>
        i === 3 ? Float32Array.from({ length: 9 * keys }, (_, at) => biasOf(Math.floor(at / keys), at % keys)) : elements,
      );

    it.each<[string, readonly Value[]]>([
      ['with its row statistics', [matmul(weights, v), maximum, sum]],
      ['row statistics alone', [sum, maximum]],
      ['exponentials that nothing divides', [matmul(powers, v)]],
      ['weights that are dropped, scaled and added up', [matmul(b.sub(b.select(isKept, scaled(weights, 2), zero), b.neg(weights)), v)]],
    ])('are gone over once, as the maximum grows: %s', async (_, outputs) => {
      const graph = makeGraph('rows', args, outputs);
      expect(nameOf(graph)).toMatch(/^quadSwap sweep/);
      const inputs = inputsOf(graph);
      expect(evaluate(graph, inputs)[0]?.some(Number.isNaN)).toBe(true);
      expect(await differenceFromOracle(device, graph, { variant: 'quadSwap', inputs })).toBeLessThan(tolerance);
    });

    it.each<[string, Value]>([
      ['squares', b.mul(weights, weights)],
      ['weights and what is no weight', b.add(weights, b.constantLike(weights, 0.5))],
      ['weights that a comparison has read', b.select(b.compare(weights, b.constantLike(weights, 0.001), 'ge'), weights, zero)],
    ])('are gone over again where it is not linear: %s', async (_, left) => {
      const graph = makeGraph('rows', args, [matmul(left, v)]);
      expect(nameOf(graph)).toMatch(/^quadSwap chain/);
      expect(await differenceFromOracle(device, graph, { variant: 'quadSwap' })).toBeLessThan(tolerance);
    });
  });

  it('is differentiated twice', async () => {
    const small = withGradients(
      [
        ['m=11', 'd=3'],
        ['k=12', 'd=3'],
        ['k=12', 'e=3'],
      ],
      ([q, k, v]) => attention(q, k, v),
    );
    const gradients = small.outputs.slice(1);
    const cotangents = gradients.map(({ shape }, i) => b.input(`c${i}`, shape, 'f32'));
    const second = vjp(gradients, small.inputs, cotangents).flatMap((gradient) => gradient ?? []);
    const graphOfSecond = makeGraph('second', [...small.inputs, ...cotangents], second);
    expect(await differenceFromOracle(device, graphOfSecond, { variant: 'quadSwap' })).toBeLessThan(tolerance);
  });

  it('packs row statistics where kernels would bind too much, those of a forward program, too', async () => {
    const biasedGraph = makeGraph('biased', ...biased());
    const most = (program: Program): number => Math.max(...program.kernels.map(({ bindings }) => bindings.length));
    expect([most(compile(biasedGraph)), most(compile(biasedGraph, { storageBuffers: 10 }))]).toEqual([8, 9]);
    const [y, ...gradients] = biasedGraph.outputs as [Value, ...Value[]]; // seam: a result and three gradients
    const args = biasedGraph.inputs.slice(0, -1);
    const [dy = y] = biasedGraph.inputs.slice(-1);
    const { residuals, available, backward } = splitGradient('biased', args, [y], [dy], gradients);
    const program = compile(backward);
    expect(kinds(backward)).toEqual(['chain', 'map', ...times(2)]); // a copy of both statistics
    expect(most(program)).toBe(8);
    expect(program.buffers.filter(({ role }) => role === 'temporary').map(({ elements }) => elements)).toEqual([40, 20]);
    const given = inputsFor(biasedGraph);
    const saved = evaluate(makeGraph('saved', args, [...residuals]), given.slice(0, -1));
    const inputs = [...available.map((value) => at(given, args.indexOf(value))), ...saved, at(given, 4)];
    expect(await differenceFromOracle(device, backward, { variant: 'quadSwap', inputs })).toBeLessThan(tolerance);
  });

  it('stores the scores where they are a result, or kernels would bind too much', async () => {
    const [q, k, v] = [b.input('q', ['m=20', 'd=4'], 'f32'), b.input('k', ['k=24', 'd=4'], 'f32'), b.input('v', ['k=24', 'e=4'], 'f32')];
    const weights = softmax(b.contract(q, k, { left: [1], right: [1] }));
    const graphOfBoth = makeGraph('both', [q, k, v], [matmul(weights, v), weights]);
    expect(kinds(graphOfBoth)).not.toContain('chain');
    expect(await differenceFromOracle(device, graphOfBoth, { variant: 'quadSwap' })).toBeLessThan(tolerance);
    const program = compile(graph, { storageBuffers: 4 });
    for (const { bindings } of program.kernels) expect(bindings.length).toBeLessThanOrEqual(4);
  });
});

describe('other planes', () => {
  it('reduces the rows of a product that is not stored: cross-entropy over many classes', async () => {
    const [x, w] = [b.input('x', ['n=20', 'd=6'], 'f32'), b.input('w', ['d=6', 'c=40'], 'f32')];
    const labels = b.input('labels', ['n=20'], 'i32');
    const loss = crossEntropy(matmul(x, w), labels, 20);
    const gradients = vjp([loss], [x, w], [b.constant(1, [], 'f32')]).flatMap((gradient) => gradient ?? []);
    const graph = makeGraph('loss', [x, w, labels], [loss, ...gradients]);
    const program = compile(graph);
    expect(Math.max(...program.buffers.filter(({ role }) => role === 'temporary').map(({ elements }) => Number(elements)))).toBe(20);
    const inputs = inputsFor(graph).map((elements, i) => (i === 2 ? Array.from(elements, (_, row) => (row * 7) % 40) : elements));
    for (const variant of ['quadSwap', 'shared'])
      expect(await differenceFromOracle(device, graph, { inputs, variant })).toBeLessThan(tolerance);
  });

  it('normalises rows, then columns', async () => {
    const [x, y] = [b.input('x', ['m=20', 'd=3'], 'f32'), b.input('y', ['k=25', 'd=3'], 'f32')];
    const positive = b.exp(b.contract(x, y, { left: [1], right: [1] }));
    const byRow = b.div(positive, alongLast(b.reduceSum(positive, [1]), positive));
    const byColumn = b.div(byRow, b.broadcast(b.reduceSum(byRow, [0]), byRow.shape, [1]));
    const graph = makeGraph('sinkhorn', [x, y], [b.contract(byColumn, y, { left: [1], right: [0] }), b.reduceSum(byColumn, [1])]);
    expect(kinds(graph)).toEqual(times(3));
    expect(await differenceFromOracle(device, graph, { variant: 'quadSwap' })).toBeLessThan(tolerance);
  });

  it('leaves a product alone whose sums ride along with others: a hidden layer', () => {
    const [x, w, v] = [b.input('x', ['n=64', 'i=4'], 'f32'), b.input('w', ['i=4', 'h=64'], 'f32'), b.input('v', ['h=64', 'o=4'], 'f32')];
    const bias = b.input('b', ['h=64'], 'f32');
    const hidden = b.relu(b.add(matmul(x, w), b.broadcast(bias, ['n=64', 'h=64'], [1])));
    const y = matmul(hidden, v);
    const gradients = vjp([y], [w, bias, v], [scaled(y, 2)]).flatMap((gradient) => gradient ?? []);
    expect(kinds(makeGraph('mlp', [x, w, v, bias], [y, ...gradients]))).not.toContain('chain');
  });
});
