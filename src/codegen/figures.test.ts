/**
 * What programs cost in figures that no clock disturbs: none may get worse. One that gets better is to be written down here.
 * Of variants: the first of a kernel is for subgroups of four lanes, the last for every device.
 */
import { expect, it } from 'vitest';
import * as b from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Graph } from '../graph/value.ts';
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
  const products = kernels.flatMap(({ variants }) => variants.at(which)?.figures ?? []);
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
    barriers: mean(({ barriers }) => barriers),
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

/** Tiles of 64 x 64 elements from workgroup memory, 16 an invocation. */
const shared = { issued: 1, loads: 1 / 32, workgroupLoads: 0.5, accumulators: 16, workgroupBytes: 8192, barriers: 0.125 };
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
      quads: { ...quads, issued: 1.0075, loads: 0.09708 },
      everyDevice: { ...shared, issued: 1.0651, loads: 1.0218, workgroupLoads: 0.2485, workgroupBytes: 10_752, barriers: 0.0622 },
    },
  ],
  [
    'linear, forward and backward',
    linear,
    { dispatches: 3, submits: 1, barriers: 0, moved: 1.5, temporaryBytes: 0, quads, everyDevice: shared },
  ],
  [
    'attention, forward and backward',
    attended,
    { dispatches: 8, submits: 1, barriers: 4, moved: 4.5, temporaryBytes: 1_572_864, quads, everyDevice: shared },
  ],
  [
    'attention, backward',
    gradientsOnly(attended),
    { dispatches: 6, submits: 1, barriers: 2, moved: 3.715, temporaryBytes: 1_572_864, quads, everyDevice: shared },
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
    'a product of squares',
    product('squares', 512, 512, 512),
    { dispatches: 1, submits: 1, barriers: 0, moved: 1, temporaryBytes: 0, quads: largeQuads, everyDevice: shared },
  ],
];

it.each(programs)('%s costs no more than it did', (_, graph, before) => {
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
