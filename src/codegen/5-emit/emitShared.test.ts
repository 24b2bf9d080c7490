/**
 * Kernels for GPUs, on the software device, against the evaluator: what they compute, not how fast. Dawn zeroes workgroup memory
 * by a statement an element there, which takes seconds to compile; kernels write before they read, so this is switched off.
 */
import { beforeAll, expect, it } from 'vitest';
import { vjp } from '../../graph/autodiff/vjp.ts';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Graph } from '../../graph/value.ts';
import { findNodeAdapter } from '../../runtime/adapters/node.ts';
import type { Dim } from '../../types/dim.ts';
import { compile } from '../compile.ts';
import { conv2d } from '../testing/convolution.ts';
import { differenceFromOracle, inputsFor } from '../testing/differential.ts';
import { addBias, matmul, mlpTrainStep } from '../testing/mlp.ts';

let found: Awaited<ReturnType<typeof findNodeAdapter>>; // stays referenced: Dawn's instance dies with it
let device: GPUDevice;
beforeAll(async () => {
  found = await findNodeAdapter('software', ['enable-dawn-features=disable_workgroup_init']);
  device = await found.adapter.requestDevice();
});

const error = (graph: Graph, tile: string, symbols: Readonly<Record<string, number>> = {}, inputs = inputsFor(graph, symbols)) =>
  differenceFromOracle(device, graph, { variant: `shared ${tile}`, symbols, inputs, compile: { variants: 'all' } });

function product(orientation: string, m: Dim, n: Dim, k: Dim): Graph {
  const left = b.input('a', orientation[0] === 'T' ? [k, m] : [m, k], 'f32');
  const right = b.input('b', orientation[1] === 'T' ? [n, k] : [k, n], 'f32');
  const y = b.contract(left, right, { left: [orientation[0] === 'T' ? 0 : 1], right: [orientation[1] === 'T' ? 1 : 0] });
  return makeGraph(orientation, [left, right], [y]);
}

it.each([
  // exact; vectors with edges; no vectors; k within one block, and beyond
  ['NN', '128x128', 128, 128, 32],
  ['TN', '128x64', 132, 68, 20],
  ['NT', '64x128', 61, 131, 37],
  ['NN', '64x64', 68, 36, 44],
  ['TN', '64x64', 65, 63, 17],
  ['NT', '32x32', 40, 24, 8],
  ['TT', '32x32', 33, 35, 48],
  ['NN', '16x128', 3, 200, 52],
  ['TN', '128x16', 130, 5, 19],
] as const)('%s in tiles of %s: %i x %i, k = %i', async (orientation, tile, m, n, k) => {
  expect(await error(product(orientation, `m=${m}`, `n=${n}`, `k=${k}`), tile)).toBeLessThan(1e-5);
});

it('leaves sizes open, and keeps batches apart', async () => {
  expect(await error(product('TN', 'm=20', 'n=12', 'batch'), '32x32', { batch: 37 })).toBeLessThan(1e-5);
  const [q, k] = [b.input('q', [3, 't=18', 'e=8'], 'f32'), b.input('k', [3, 's=20', 'e=8'], 'f32')];
  const scores = b.contract(q, k, { left: [2], right: [2], leftBatch: [0], rightBatch: [0] });
  expect(await error(makeGraph('scores', [q, k], [scores]), '32x32')).toBeLessThan(1e-5);
});

it('reads windows, and sums factors along', async () => {
  const [x, w] = [b.input('x', [2, 6, 5, 3], 'f32'), b.input('w', [3, 3, 3, 7], 'f32')];
  expect(await error(makeGraph('windows', [x, w], [conv2d(x, w, { padding: 1 })]), '32x32')).toBeLessThan(1e-5);
  const inputs = [b.input('x', ['n=33', 'k=20'], 'f32'), b.input('w', ['k=20', 'o=12'], 'f32'), b.input('b', ['o=12'], 'f32')] as const;
  const dy = b.input('dy', ['n=33', 'o=12'], 'f32');
  const y = b.tanh(addBias(matmul(inputs[0], inputs[1]), inputs[2]));
  const gradients = vjp([y], [...inputs], [dy]).flatMap((gradient) => gradient ?? []);
  expect(await error(makeGraph('linear', [...inputs, dy], [y, ...gradients]), '32x32')).toBeLessThan(1e-5);
});

it('trains a perceptron: row epilogue, aside, update', async () => {
  const graph = mlpTrainStep({ batch: 'batch=45', inputs: 'in=20', hidden: 'hidden=12', classes: 'class=5' }, true);
  const inputs = inputsFor(graph).map((elements, i) => (i === 1 ? Array.from(elements, (_, row) => row % 5) : elements));
  expect(compile(graph, { storageBuffers: 10 }).kernels).toHaveLength(5);
  expect(await error(graph, '32x32', {}, inputs)).toBeLessThan(1e-5);
});

it('asks for no more than every device has', () => {
  for (const { variants } of compile(product('NN', 1024, 1024, 1024), { variants: 'all' }).kernels)
    for (const { name, requires } of variants.filter((one) => !one.name.startsWith('line')))
      expect(requires, name).toEqual(name.startsWith('quad') ? { features: ['subgroups'], subgroupSize: 4 } : {});
});

it.each([
  [4096, 4096, 4096, 'shared 128x128'],
  [512, 512, 512, 'shared 64x64'],
  [16, 4096, 1024, 'shared 16x128'],
  [2, 3, 5, 'direct'],
] as const)('takes for %i x %i, k = %i: %s', (m, n, k, name) => {
  expect(compile(product('NN', m, n, k)).kernels[0]?.variants.at(-1)?.name).toMatch(new RegExp(`^${name}`));
});
