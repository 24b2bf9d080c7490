/**
 * What programs cost in figures that no clock disturbs: none may get worse. One that gets better is to be written down here.
 * Of variants: the first of a kernel is for subgroups of four lanes, the last for every device.
 */
import { describe, expect, it } from 'vitest';
import * as b from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import { loop } from '../graph/loop.ts';
import type { Graph } from '../graph/value.ts';
import type { FusedKernel } from './3-fuse/kernel.ts';
import { at } from './at.ts';
import { compile } from './compile.ts';
import { type ExplainedKernel, explainProgram, type Figure } from './explainProgram.ts';
import { addBias, matmul, mlpTrainStep, mnistSizes } from './testing/mlp.ts';
import { attention, gradientsOnly, withGradients } from './testing/normalisation.ts';

interface Costs {
  readonly dispatches: number;
  readonly submits: number;
  readonly barriers: number;
  /** Bytes moved, by the least possible. */
  readonly moved: number;
  readonly temporaryBytes: number;
  readonly quads: ProductCosts;
  readonly everyDevice: ProductCosts;
}

/** Of all products of a program; means over their multiply-adds. */
interface ProductCosts {
  /** FLOPs issued, by those that are useful. */
  readonly issued: number;
  readonly loads: number;
  readonly workgroupLoads: number;
  /** The most that an invocation keeps, and a workgroup. */
  readonly accumulators: number;
  readonly workgroupBytes: number;
  readonly barriers: number;
}

const number = (figure: Figure): number => (typeof figure === 'number' ? figure : expect.fail(`${figure} is no number`));

function productCosts(kernels: readonly ExplainedKernel[], which: 0 | -1): ProductCosts {
  const products = kernels.flatMap(({ variants }) => variants.at(which)?.figures ?? []).filter(({ per }) => per === 'multiply-add');
  const useful = products.map(({ flops }) => number(flops.useful));
  const total = useful.reduce((sum, flops) => sum + flops, 0);
  const mean = (of: (figures: (typeof products)[number]) => number): number =>
    products.reduce((sum, figures, index) => sum + (of(figures) * at(useful, index)) / total, 0);
  return {
    issued: products.reduce((sum, { flops }) => sum + number(flops.issued), 0) / total,
    loads: mean(({ loads }) => loads),
    workgroupLoads: mean(({ workgroupLoads }) => workgroupLoads),
    accumulators: Math.max(...products.map(({ accumulators }) => accumulators)),
    workgroupBytes: Math.max(...products.map(({ workgroupBytes }) => workgroupBytes)),
    barriers: mean(({ barriers }) => number(barriers)),
  };
}

function costsOf(graph: Graph): Costs {
  const { dispatches, submits, barriers, bytes, memory, kernels } = explainProgram(graph.name, compile(graph));
  return {
    dispatches,
    submits,
    barriers,
    moved: number(bytes.moved) / number(bytes.leastPossible),
    temporaryBytes: number(memory.temporaries),
    quads: productCosts(kernels, 0),
    everyDevice: productCosts(kernels, -1),
  };
}

/** The figures that are above what they were, each with both; the last digits are left to rounding. */
function worse(now: object, before: object, path = ''): readonly string[] {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(before);
  return entries.flatMap(([key, was]) => {
    const is: unknown = Object.entries(now).find(([name]) => name === key)?.[1];
    if (typeof was === 'object' && was !== null && typeof is === 'object' && is !== null) return worse(is, was, `${path}${key}.`);
    return typeof is === 'number' && typeof was === 'number' && is <= was * 1.001 ? [] : `${path}${key} is ${is}, was ${was}`;
  });
}

const product = (name: string, m: number, n: number, k: number): Graph => {
  const [x, w] = [b.input('x', [m, k], 'f32'), b.input('w', [k, n], 'f32')];
  return makeGraph(name, [x, w], [matmul(x, w)]);
};
const linear = withGradients([['n=256', 'in=512'], ['in=512', 'out=128'], ['out=128']], ([x, w, bias]) => addBias(matmul(x, w), bias));
const heads = [
  ['head=8', 'q=128', 'd=64'],
  ['head=8', 'key=128', 'd=64'],
  ['head=8', 'key=128', 'e=64'],
] as const;
const attended = withGradients(heads, ([q, k, v]) => attention(q, k, v, { scale: 0.125 }));

/** Tiles of 64 x 64 elements from workgroup memory, 16 an invocation; for each 16 steps a workgroup waits twice. */
const shared = { issued: 1, loads: 1 / 32, workgroupLoads: 0.5, accumulators: 16, workgroupBytes: 8192 };
/** Tiles of 16 x 32, and of 32 x 32, from the registers of four lanes. */
const quads = { issued: 1, loads: 3 / 32, workgroupLoads: 0, accumulators: 128, workgroupBytes: 0, barriers: 0 };
const largeQuads = { ...quads, loads: 1 / 16, accumulators: 256 };

const programs: readonly (readonly [name: string, graph: Graph, costs: Costs])[] = [
  [
    'the train step of a perceptron',
    mlpTrainStep(mnistSizes, true),
    {
      dispatches: 7,
      submits: 1,
      barriers: 4,
      moved: 2.908,
      temporaryBytes: 32_768,
      quads: { ...quads, issued: 1.0075, loads: 0.09771, workgroupLoads: 0.0000917, workgroupBytes: 160, barriers: 0.00626 },
      everyDevice: { ...shared, issued: 1.0651, loads: 1.0218, workgroupLoads: 0.2829, workgroupBytes: 10_752, barriers: 6.56 },
    },
  ],
  [
    'linear, forward and backward',
    linear,
    { dispatches: 3, submits: 1, barriers: 0, moved: 1.5, temporaryBytes: 0, quads, everyDevice: { ...shared, barriers: 37.34 } },
  ],
  [
    'attention, forward and backward',
    attended,
    { dispatches: 8, submits: 1, barriers: 4, moved: 4.754, temporaryBytes: 1_572_864, quads, everyDevice: { ...shared, barriers: 13.34 } },
  ],
  [
    'attention, backward',
    gradientsOnly(attended),
    { dispatches: 6, submits: 1, barriers: 2, moved: 4, temporaryBytes: 1_572_864, quads, everyDevice: { ...shared, barriers: 12.8 } },
  ],
  [
    'a product of ragged sizes',
    product('ragged', 33, 65, 17),
    {
      dispatches: 1,
      submits: 1,
      barriers: 0,
      moved: 1,
      temporaryBytes: 0,
      quads: { ...quads, issued: 1.3427, loads: 0.25, accumulators: 16 },
      everyDevice: { issued: 1.1413, loads: 2, workgroupLoads: 0, accumulators: 1, workgroupBytes: 0, barriers: 0 },
    },
  ],
  [
    'a single row',
    product('row', 1, 500, 500),
    {
      dispatches: 1,
      submits: 1,
      barriers: 0,
      moved: 1,
      temporaryBytes: 0,
      // the matrix once, and a quarter of the row in each of four lanes that have four columns each
      quads: { ...quads, issued: 1.024, loads: 1 + 1 / 16, accumulators: 4 },
      // 64 lanes with parts of four sums meet in 6 halvings
      everyDevice: { issued: 1, loads: 1.25, workgroupLoads: 0.38, accumulators: 4, workgroupBytes: 1024, barriers: 7 },
    },
  ],
  [
    'a product of squares',
    product('squares', 512, 512, 512),
    { dispatches: 1, submits: 1, barriers: 0, moved: 1, temporaryBytes: 0, quads: largeQuads, everyDevice: { ...shared, barriers: 64 } },
  ],
];

it.each(programs)('%s costs no more than it did', (_, graph, before) => {
  expect(worse(costsOf(graph), before)).toEqual([]);
});

const sumOf = (shape: readonly number[], axes: readonly number[]): Graph => {
  const input = b.input('x', shape, 'f32');
  return makeGraph('sum', [input], [b.reduceSum(input, axes)]);
};

/** A part's sum is written once and read once: by 64 parts of 2^14 elements, by 62 of 16,128 with 47 left over, which the second
 * kernel reads. */
const sums: readonly (readonly [name: string, graph: Graph, costs: Pick<Costs, 'dispatches' | 'barriers' | 'moved' | 'temporaryBytes'>])[] =
  [
    ['of 2^20 elements', sumOf([1024, 1024], [0, 1]), { dispatches: 2, barriers: 1, moved: 1 + 512 / 2 ** 22, temporaryBytes: 4 * 64 }],
    [
      'of a prime number of elements',
      sumOf([999_983], [0]),
      { dispatches: 2, barriers: 1, moved: 1 + 124 / 999_983, temporaryBytes: 4 * 62 },
    ],
    ['of 1024 columns', sumOf([1024, 1024], [0]), { dispatches: 1, barriers: 0, moved: 1, temporaryBytes: 0 }],
  ];

it.each(sums)('the sum %s costs no more than it did', (_, graph, before) => {
  expect(worse(costsOf(graph), before)).toEqual([]);
});

it('each figure counts: one that was better before is named', () => {
  const now = costsOf(product('p', 33, 65, 17));
  for (const key of ['dispatches', 'submits', 'moved'] as const) {
    expect(worse(now, { ...now, [key]: now[key] * 0.99 })).toEqual([`${key} is ${now[key]}, was ${now[key] * 0.99}`]);
  }
  expect(worse(now, { ...now, quads: { ...now.quads, loads: 0.2 } })).toEqual(['quads.loads is 0.25, was 0.2']);
  expect(worse(now, { ...now, barriers: -1, temporaryBytes: -1 })).toHaveLength(2);
  expect(worse({ ...now, dispatches: Number.NaN }, now)).toHaveLength(1);
});

/** Of the kernel whose kind it is, the variant at `which`. */
interface Case {
  readonly graph: Graph;
  readonly label: RegExp;
  readonly which: 0 | -1;
  readonly name: string;
  readonly times?: number;
  readonly figures: ExplainedKernel['variants'][number]['figures'];
}

const [x, w] = [b.input('x', [33, 17], 'f32'), b.input('w', [17, 65], 'f32')];
const [q, keys, values] = [b.input('q', [2, 64, 16], 'f32'), b.input('k', [2, 64, 16], 'f32'), b.input('v', [2, 64, 16], 'f32')];
const [updates, indices] = [b.input('u', [12, 5], 'f32'), b.input('i', [12], 'i32')];
const square = b.input('s', [300, 512], 'f32');
const [sequence, state] = [b.input('x', [5, 6], 'f32'), b.input('h', [6], 'f32')];
const { carries } = loop(5, [state], [sequence], (_, [carry = state], [row = state]) => ({
  carries: [b.tanh(b.mul(carry, row))],
  each: [],
}));

/** Total over the kinds: a new one has to say what it costs, by hand. */
const byKind: { readonly [K in FusedKernel['body']['kind']]: readonly Case[] } = {
  contract: [
    {
      // 33 x 65 in tiles of 4 x 4 over 17 steps: 36 x 68; an invocation has one element, and loads two for each multiply-add
      graph: makeGraph('product', [x, w], [b.tanh(matmul(x, w))]),
      label: /^contract/,
      which: -1,
      name: 'direct 4x4',
      figures: {
        per: 'multiply-add',
        accumulators: 1,
        workgroupBytes: 0,
        loads: 2,
        workgroupLoads: 0,
        barriers: 0,
        flops: { useful: 2 * 33 * 65 * 17, issued: 2 * 36 * 68 * 17, others: 33 * 65 },
        bytes: { moved: 4 * (2 * 36 * 68 * 17 + 33 * 65), compulsory: 4 * (33 * 17 + 17 * 65 + 33 * 65) },
      },
    },
  ],
  chain: [
    {
      // 2 heads, 64 x 64 x 16, then 64 x 16 x 64. A tile is 8 x 32: it loads 1/8 + 1/32 elements a multiply-add, the sum over keys 1/8.
      // 64 sums and 2 rows of 64 scores a lane. Scaled, its maximum, less that, exp, its sum, again for the weights: 10 an element.
      graph: makeGraph('attention', [q, keys, values], [attention(q, keys, values, { scale: 0.125 })]),
      label: /^chain/,
      which: 0,
      name: 'quadSwap chain 8x64',
      figures: {
        per: 'multiply-add',
        accumulators: 64 + 2 * 64,
        workgroupBytes: 0,
        loads: (1 / 8 + 1 / 32 + 1 / 8) / 2,
        workgroupLoads: 0,
        barriers: 0,
        flops: { useful: 2 * 2 * 2 * 64 * 64 * 16, issued: 2 * 2 * 2 * 64 * 64 * 16, others: 2 * 64 * 64 * 10 },
        bytes: { moved: 4 * (2 * 64 * 64 * 16 * (1 / 8 + 1 / 32 + 1 / 8) + 2 * 64 * 16), compulsory: 4 * 4 * 2 * 64 * 16 },
      },
    },
    {
      // Of eight tiles of 8 rows the first four need 32 keys, the others 64: 12 tiles; the sum goes over 8, 16, … 64 keys: 288.
      graph: makeGraph('causal', [q, keys, values], [attention(q, keys, values, { scale: 0.125, causal: true })]),
      label: /^chain/,
      which: 0,
      name: 'quadSwap chain 8x64',
      figures: {
        per: 'multiply-add',
        accumulators: 64 + 2 * 64,
        workgroupBytes: 0,
        loads: (12 * 32 * (1 / 8 + 1 / 32) + 288 / 8) / (12 * 32 + 288),
        workgroupLoads: 0,
        barriers: 0,
        flops: { useful: 2 * 2 * 2 * 64 * 64 * 16, issued: 2 * 2 * 8 * 16 * (12 * 32 + 288), others: 2 * 64 * 64 * 16 },
        bytes: {
          moved: 4 * (2 * 8 * 16 * (12 * 32 * (1 / 8 + 1 / 32) + 288 / 8) + 2 * 64 * 16),
          compulsory: 4 * 4 * 2 * 64 * 16,
        },
      },
    },
    {
      // Tiles of 16 x 32, 2 x 4 an invocation; of 16 results a tile's half lies past the end. Scores, and maxima and sums of four lanes a
      // row, are in the workgroup, which reads scores three times, for each four sums once, and what four lanes found. It waits for scores, maxima, sums, weights.
      graph: makeGraph('attention', [q, keys, values], [attention(q, keys, values, { scale: 0.125 })]),
      label: /^chain/,
      which: -1,
      name: 'shared chain 16x64',
      figures: {
        per: 'multiply-add',
        accumulators: 8,
        workgroupBytes: 4 * (16 * 64 + 2 * 64),
        loads: (16 * (1 / 2 + 1 / 4) + 32 / 2) / 48,
        workgroupLoads: (3 + 32 / 4 + (2 * 4 * 4) / 64) / 48,
        barriers: 4,
        flops: { useful: 2 * 2 * 2 * 64 * 64 * 16, issued: 2 * 2 * 64 * 64 * (16 + 32), others: 2 * 64 * 64 * 10 },
        bytes: {
          moved: 4 * (2 * 64 * 64 * (16 * (1 / 2 + 1 / 4) + 32 / 2) + 2 * 64 * 16),
          compulsory: 4 * 4 * 2 * 64 * 16,
        },
      },
    },
  ],
  loop: [
    {
      // 64 lanes a row: 1 + log2 64 barriers, 63 more additions, and each lane doubles the sum
      graph: makeGraph('rows', [square], [b.mul(b.reduceSum(square, [1]), b.constant(2, [300], 'f32'))]),
      label: /^rows/,
      which: -1,
      name: 'workgroup a row',
      figures: {
        per: 'element',
        accumulators: 1,
        workgroupBytes: 4 * 64,
        loads: 1,
        workgroupLoads: (2 * 63 + 64) / 512,
        barriers: 7,
        flops: { useful: 300 * 512 + 300, issued: 300 * (512 + 63 + 64), others: 0 },
        bytes: { moved: 4 * (300 * 512 + 300), compulsory: 4 * (300 * 512 + 300) },
      },
    },
    {
      graph: makeGraph('map', [square], [b.add(b.exp(square), square)]),
      label: /^map/,
      which: -1,
      name: 'map',
      figures: {
        per: 'element',
        accumulators: 0,
        workgroupBytes: 0,
        loads: 1,
        workgroupLoads: 0,
        barriers: 0,
        flops: { useful: 2 * 300 * 512, issued: 2 * 300 * 512, others: 0 },
        bytes: { moved: 4 * 2 * 300 * 512, compulsory: 4 * 2 * 300 * 512 },
      },
    },
  ],
  scatter: [
    {
      // 15 invocations of 12 updates in order: each finds its first in 4 comparisons, and reads one index past its last
      graph: makeGraph('sorted', [updates, indices], [b.scatterAdd(updates, indices, 0, 3, undefined, true)]),
      label: /^scatter/,
      which: -1,
      name: '1 columns an invocation',
      figures: {
        per: 'element',
        accumulators: 1,
        workgroupBytes: 0,
        loads: 1 + (12 * 5 + 15 * 5) / 60,
        workgroupLoads: 0,
        barriers: 0,
        flops: { useful: 60, issued: 60, others: 0 },
        bytes: { moved: 4 * (60 + 12 * 5 + 15 * 5 + 15), compulsory: 4 * (60 + 12 + 15) },
      },
    },
  ],
  repeat: [
    {
      // five steps; a step's turn moves the index on, which it reads and writes, and the carry to where the next step reads it
      graph: makeGraph('loop', [sequence, state], carries),
      label: /turn$/,
      which: -1,
      name: 'turn',
      times: 5,
      figures: {
        per: 'element',
        accumulators: 0,
        workgroupBytes: 0,
        loads: 0,
        workgroupLoads: 0,
        barriers: 0,
        flops: { useful: 0, issued: 0, others: 0 },
        bytes: { moved: 8, compulsory: 8 },
      },
    },
  ],
};

describe.each(Object.entries(byKind))('%s kernels', (_, cases) => {
  it.each(cases.map((one) => [`${one.graph.name}: ${one.name}`, one] as const))(
    '%s',
    (__, { graph, label, which, name, times = 1, figures }) => {
      const { kernels, flopsIssued } = explainProgram(graph.name, compile(graph));
      const kernel = kernels.find((one) => label.test(one.label)) ?? expect.fail(`no kernel is ${label}`);
      const variant = kernel.variants.at(which) ?? expect.fail('no variant');
      expect(variant.name).toContain(name);
      expect(variant.figures).toEqual(figures);
      expect(kernel.times).toBe(times);
      // what a program issues is what its kernels do, as often as they run
      const issued = kernels.map((one) => {
        const { flops } = one.variants.at(-1)?.figures ?? expect.fail('no figures');
        return one.times * (number(flops.issued) + number(flops.others));
      });
      expect(flopsIssued).toBe(issued.reduce((sum, one) => sum + one, 0));
    },
  );
});
