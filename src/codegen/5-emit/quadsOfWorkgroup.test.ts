import { beforeAll, expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Graph } from '../../graph/value.ts';
import type { Dim } from '../../types/dim.ts';
import { compile } from '../compile.ts';
import { differenceFromOracle } from '../testing/differential.ts';
import { softwareDevice } from '../testing/softwareDevice.ts';
import { quadsOfWorkgroup } from './quadsOfWorkgroup.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

it.each([
  [16_384, 16],
  [512, 16],
  [256, 16],
  [128, 8],
  [16, 1],
  [24, 1],
  [125 * 4, 4],
  [1021, 1],
  // workgroups beyond the limit of a dimension would have to return where others swap
  [16 * 65_536, 1],
])('%i quads lie in workgroups of %i', (quads, together) => {
  expect(quadsOfWorkgroup(quads)).toBe(together);
});

const product = (m: Dim, n: Dim, k: Dim, orientation: 'NN' | 'NT' = 'NN'): Graph => {
  const [x, w] = [b.input('x', [m, k], 'f32'), b.input('w', orientation === 'NN' ? [k, n] : [n, k], 'f32')];
  return makeGraph(orientation, [x, w], [b.contract(x, w, { left: [1], right: [orientation === 'NN' ? 0 : 1] })]);
};
const first = (graph: Graph) => compile(graph).kernels[0]?.variants[0] ?? expect.fail('no kernel');

it('an outer product has a sixteenth of its quads in workgroups; of symbolic rows it has one a workgroup', () => {
  expect(first(product(4096, 1024, 1)).workgroups).toBeLessThanOrEqual(1024);
  expect(first(product('n', 1024, 1)).wgsl).toContain('@workgroup_size(4)');
});

it.each([
  ['quadDirect', product(64, 512, 3), 32],
  ['quadDirect', product(1, 1024, 50), 16],
  ['quadSwap', product(256, 256, 100), 16],
  ['quadSplit', product(1, 256, 700, 'NT'), 16],
] as const)('quads that share a workgroup are right: %s', async (design, graph, most) => {
  const { name, workgroups, wgsl } = first(graph);
  expect(name).toContain(design);
  expect(wgsl).toContain('let lane = invocation % 4u;');
  expect(workgroups).toBeLessThanOrEqual(most);
  expect(await differenceFromOracle(device, graph)).toBeLessThan(1e-5);
});
