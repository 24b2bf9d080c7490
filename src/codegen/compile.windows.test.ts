/** Convolutions, pools and embeddings on the software device, against the evaluator; and that their windows are never stored. */
import { beforeAll, describe, expect, it } from 'vitest';
import { vjp } from '../graph/autodiff/vjp.ts';
import * as b from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Graph, Value } from '../graph/value.ts';
import type { Program } from '../program/program.ts';
import type { Dim } from '../types/dim.ts';
import { compile } from './compile.ts';
import { conv1d, conv2d, groupedConv2d, pool2d } from './testing/convolution.ts';
import { differenceFromOracle, inputsFor } from './testing/differential.ts';
import { runProgram } from './testing/runProgram.ts';
import { softwareDevice } from './testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

type Shape = readonly Dim[];
const variants = ['quadSwap', 'direct'] as const;
const tolerance = 1e-5;

/** f, and its gradients with respect to all of its operands. */
function withGradients(shapes: readonly Shape[], f: (...xs: Value[]) => Value): Graph {
  const xs = shapes.map((shape, i) => b.input(`x${i}`, shape, 'f32'));
  const y = f(...xs);
  const dy = b.input('dy', y.shape, 'f32');
  return makeGraph('layer', [...xs, dy], [y, ...vjp([y], xs, [dy]).map((gradient) => gradient ?? dy)]);
}

/** The gradients' gradients. */
function secondOrder(graph: Graph): Graph {
  const gradients = graph.outputs.slice(1);
  const cotangents = gradients.map(({ shape }, i) => b.input(`dd${i}`, shape, 'f32'));
  const second = vjp(gradients, graph.inputs, cotangents);
  return makeGraph(
    'second',
    [...graph.inputs, ...cotangents],
    second.flatMap((gradient) => gradient ?? []),
  );
}

const stored = ({ buffers }: Program): readonly number[] => buffers.map(({ elements }) => Number(elements));

const convolutions: readonly (readonly [string, readonly Shape[], (x: Value, w: Value) => Value])[] = [
  [
    'conv1d',
    [
      ['n=2', 11, 'in=3'],
      [3, 'in=3', 'out=4'],
    ],
    (x, w) => conv1d(x, w),
  ],
  [
    'conv1d, stride 2',
    [
      ['n=2', 11, 'in=3'],
      [3, 'in=3', 'out=4'],
    ],
    (x, w) => conv1d(x, w, { stride: 2 }),
  ],
  [
    'conv1d, stride 3 that leaves a rest',
    [
      ['n=2', 12, 'in=3'],
      [2, 'in=3', 'out=4'],
    ],
    (x, w) => conv1d(x, w, { stride: 3 }),
  ],
  [
    'conv1d, dilation 2 and padding',
    [
      ['n=2', 9, 'in=3'],
      [3, 'in=3', 'out=4'],
    ],
    (x, w) => conv1d(x, w, { dilation: 2, padding: 2 }),
  ],
  [
    'conv1d, wider than its input',
    [
      ['n=1', 3, 'in=2'],
      [5, 'in=2', 'out=2'],
    ],
    (x, w) => conv1d(x, w, { padding: 2 }),
  ],
  [
    'conv2d',
    [
      ['n=2', 6, 7, 'in=3'],
      [3, 3, 'in=3', 'out=5'],
    ],
    (x, w) => conv2d(x, w),
  ],
  [
    'conv2d, same size',
    [
      ['n=2', 6, 7, 'in=3'],
      [3, 3, 'in=3', 'out=5'],
    ],
    (x, w) => conv2d(x, w, { padding: 1 }),
  ],
  [
    'conv2d, stride 2, padding',
    [
      ['n=2', 7, 8, 'in=3'],
      [3, 3, 'in=3', 'out=5'],
    ],
    (x, w) => conv2d(x, w, { stride: 2, padding: 1 }),
  ],
  [
    'conv2d, all at once',
    [
      ['n=2', 9, 8, 'in=2'],
      [3, 2, 'in=2', 'out=3'],
    ],
    (x, w) => conv2d(x, w, { stride: 2, padding: 1, dilation: 2 }),
  ],
  [
    'conv2d in groups',
    [
      ['n=2', 5, 6, 'g=3', 'in=2'],
      [3, 3, 'g=3', 'in=2', 'out=2'],
    ],
    (x, w) => groupedConv2d(x, w, { stride: 2, padding: 1 }),
  ],
];

describe.each(convolutions)('%s', (_, shapes, f) => {
  const graph = withGradients(shapes, f as (...xs: Value[]) => Value);

  it.each(variants)('is right with its gradients: %s', async (variant) => {
    expect(await differenceFromOracle(device, graph, { variant })).toBeLessThan(tolerance);
  });

  it('is right to the second order', async () => {
    expect(await differenceFromOracle(device, secondOrder(graph), { variant: 'quadSwap' })).toBeLessThan(tolerance);
  });

  it('is one kernel for each of three products, and stores no windows', () => {
    const program = compile(graph);
    expect(program.kernels.map(({ label }) => label.split(' ')[0])).toEqual(['contract', 'contract', 'contract']);
    expect(program.buffers.every(({ role }) => role !== 'temporary')).toBe(true);
    expect(program.statistics.temporaryBytesUnshared).toBe(0);
  });
});

describe('networks with windows', () => {
  it('trains convolutions, a pool and a head without storing windows', async () => {
    const shapes: readonly Shape[] = [['n=2', 12, 12, 'in=2'], [3, 3, 'in=2', 'c=4'], ['c=4'], [3, 3, 'c=4', 'd=6'], ['f=54', 'out=3']];
    const network = (x: Value, w1: Value, bias: Value, w2: Value, head: Value): Value => {
      const first = conv2d(x, w1, { padding: 1 });
      const hidden = b.relu(b.add(first, b.broadcast(bias, first.shape, [3])));
      const second = b.tanh(conv2d(hidden, w2, { stride: 2, padding: 1 }));
      const pooled = b.reshape(pool2d(second, 'max', { width: 2, stride: 2 }), ['n=2', 'f=54']);
      return b.contract(pooled, head, { left: [1], right: [0] });
    };
    const graph = withGradients(shapes, network as (...xs: Value[]) => Value);
    const program = compile(graph);
    expect(Math.max(...stored(program))).toBe(2 * 12 * 12 * 4); // the hidden layer; its windows would be nine times that
    expect(program.kernels.length).toBeLessThanOrEqual(12);
    expect(await differenceFromOracle(device, graph, { variant: 'quadSwap' })).toBeLessThan(tolerance);
  });

  it('leaves the batch open', async () => {
    const graph = withGradients(
      [
        ['batch', 6, 7, 'in=3'],
        [3, 3, 'in=3', 'out=5'],
      ],
      ((x: Value, w: Value) => conv2d(x, w, { stride: 2, padding: 1 })) as (...xs: Value[]) => Value,
    );
    expect(compile(graph).kernels).toHaveLength(3);
    for (const batch of [1, 5]) {
      for (const variant of variants) {
        expect(await differenceFromOracle(device, graph, { variant, symbols: { batch } })).toBeLessThan(tolerance);
      }
    }
  });

  it.each([
    ['max', { width: 2, stride: 2 }],
    ['max', { width: 3, stride: 2, padding: 1 }],
    ['mean', { width: 3, stride: 1, padding: 1 }],
    ['mean', { width: 2, stride: 2 }],
  ] as const)('pools: %s %o', async (kind, sliding) => {
    const shape = ['n=2', 8, 9, 'c=5'];
    const graph = withGradients([shape], (x = b.constant(0, shape, 'f32')) => pool2d(b.exp(x), kind, sliding));
    expect(await differenceFromOracle(device, graph)).toBeLessThan(tolerance);
    expect(Math.max(...stored(compile(graph)))).toBe(2 * 8 * 9 * 5);
  });
});

describe('embeddings', () => {
  const tokens = b.input('tokens', ['n=3', 't=4'], 'i32');
  const embed = (table: Value, w: Value): Graph => {
    const y = b.contract(b.gather(table, tokens, 0), w, { left: [2], right: [0] });
    const dy = b.input('dy', y.shape, 'f32');
    return makeGraph('embed', [tokens, table, w, dy], [y, ...vjp([y], [table, w], [dy]).map((gradient) => gradient ?? dy)]);
  };

  it.each([
    ['of known size', ['v=10', 'd=6'], {}],
    ['of open size', ['vocabulary', 'd=6'], { vocabulary: 10 }],
  ] as const)('%s: rows are gathered, and cotangents added up, where they are loaded', async (_, shape, symbols) => {
    const graph = embed(b.input('table', shape, 'f32'), b.input('w', ['d=6', 'o=5'], 'f32'));
    const program = compile(graph);
    // y, dw, the cotangent of the rows and the table's: the one-hot is in no buffer
    expect(program.kernels).toHaveLength(4);
    expect(program.buffers.map(({ role, elements }) => [role, elements]).filter(([role]) => role === 'temporary')).toEqual([
      ['temporary', 72],
    ]);
    const inputs = inputsFor(graph, symbols).map((elements, i) => (i === 0 ? [0, 9, 3, 3, 3, 1, -5, 77, 2, 0, 0, 9] : elements));
    for (const variant of variants) {
      expect(await differenceFromOracle(device, graph, { variant, symbols, inputs })).toBeLessThan(tolerance);
    }
    const [first, again] = [await runProgram(device, program, inputs, { symbols }), await runProgram(device, program, inputs, { symbols })];
    expect(again).toEqual(first);
  });

  it('gathers by computed indices and along other axes', async () => {
    const graph = withGradients([['n=5', 'v=7', 'm=2']], (x = tokens) => {
      const nearest = b.cast(b.mul(b.reduceMax(x, [0, 2]), b.constant(6, ['v=7'], 'f32')), 'i32');
      return b.gather(b.tanh(x), nearest, 1);
    });
    expect(await differenceFromOracle(device, graph)).toBeLessThan(tolerance);
  });
});
