/**
 * Products of halves by subgroup matrices, on devices without: Dawn's null backend says that the WGSL is valid, and what it computes is
 * checked with the matrix functions written out, f32 for f16, on the software device. `npm run features` runs them as they are.
 */
import { beforeAll, expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Graph } from '../../graph/value.ts';
import type { KernelVariant, Program } from '../../program/program.ts';
import { findNodeAdapter } from '../../runtime/adapters/node.ts';
import { chooseVariant, type DeviceAbilities } from '../../runtime/planRun.ts';
import { openSession } from '../../runtime/session.ts';
import type { Dim } from '../../types/dim.ts';
import type { DType } from '../../types/dtype.ts';
import { at } from '../at.ts';
import { compile } from '../compile.ts';
import { addBias } from '../testing/mlp.ts';
import { nullDevice } from '../testing/nullDevice.ts';
import { makePipeline, runProgram } from '../testing/runProgram.ts';
import { configurationOf, matrixShapes } from './emitMatrix.ts';

let found: Awaited<ReturnType<typeof findNodeAdapter>>; // stays referenced: Dawn's instance dies with it
let device: GPUDevice;
beforeAll(async () => {
  // Dawn zeroes workgroup memory by a statement an element; kernels write before they read
  found = await findNodeAdapter('software', ['enable-dawn-features=disable_workgroup_init']);
  device = await found.adapter.requestDevice();
});

function product(orientation: string, [count, m, n, k]: readonly [number, Dim, Dim, Dim], dtype: DType = 'f16'): Graph {
  const left = b.input('a', orientation[0] === 'T' ? [count, k, m] : [count, m, k], dtype);
  const right = b.input('b', orientation[1] === 'T' ? [count, n, k] : [count, k, n], dtype);
  const [ofLeft, ofRight] = [orientation[0] === 'T' ? 1 : 2, orientation[1] === 'T' ? 2 : 1];
  const y = b.contract(left, right, { left: [ofLeft], right: [ofRight], leftBatch: [0], rightBatch: [0] });
  return makeGraph(orientation, [left, right], [y]);
}

const matricesOf = (program: Program): readonly KernelVariant[] =>
  program.kernels.flatMap(({ variants }) => variants).filter(({ name }) => name.startsWith('matrix'));

const features: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix' as GPUFeatureName]; // seam: not in WebGPU's types yet

it('is WGSL that Dawn accepts, in all orientations, with batches and epilogues', async () => {
  const validating = await nullDevice(features);
  const bias = b.input('bias', [32], 'f16');
  const dense = product('NN', [1, 64, 32, 48]);
  const linear = makeGraph('linear', [...dense.inputs, bias], [b.relu(addBias(at(dense.outputs, 0), bias))]);
  const graphs = ['NN', 'TN', 'NT', 'TT'].map((orientation) => product(orientation, [3, 64, 128, 16]));
  for (const graph of [...graphs, linear]) {
    const variants = matricesOf(compile(graph));
    const tile = graph === linear ? '32x32' : '64x64';
    expect(variants.map(({ name }) => name)).toEqual([`matrix ${tile} of 16x16, f16`, `matrix ${tile} of 8x8, f16`]);
    for (const variant of variants) await makePipeline(validating, variant, {});
  }
  const broken =
    matricesOf(compile(linear))[0]?.wgsl.replaceAll('subgroup_matrix_left<f16, 16, 16>', 'subgroup_matrix_left<f16, 8, 16>') ?? '';
  await expect(makePipeline(validating, { name: '', requires: {}, workgroups: 1, wgsl: broken }, {})).rejects.toThrow();
  validating.destroy();
});

/** The matrix functions in plain WGSL: the first lane of each subgroup computes all its matrices. */
function writtenOut(wgsl: string, edge: number, subgroupSize: number): string {
  const count = edge ** 2;
  const functions = ['read0', 'read1'].map((array) =>
    ['row_major', 'col_major'].map(
      (order) => `fn ${order}_${array}(from_here: u32, stride: u32) -> Matrix {
  var result: Matrix;
  for (var i = 0u; i < elements; i++) {
    let across = i ${order === 'row_major' ? '%' : '/'} ${edge}u;
    let down = i ${order === 'row_major' ? '/' : '%'} ${edge}u;
    result[i] = ${array}[from_here + down * stride + across];
  }
  return result;
}`,
    ),
  );
  return [
    `alias Matrix = array<f32, ${count}>;\nvar<private> elements: u32;`,
    wgsl
      .replace(/^enable .*$/gm, '')
      .replace(/^@diagnostic.*$/gm, '')
      .replace(/^fn main.*$/m, `$&\n  elements = select(0u, ${count}u, lane % ${subgroupSize}u == 0u);`)
      .replaceAll('f16', 'f32')
      .replaceAll(`subgroup_matrix_result<f32, ${edge}, ${edge}>`, 'Matrix')
      .replaceAll(new RegExp(`subgroupMatrixLoad<subgroup_matrix_\\w+<f32, ${edge}, ${edge}>, (\\w+)>\\(&(\\w+), `, 'g'), '$1_$2(')
      .replaceAll('subgroupMatrixStore<row_major>(&sums, ', 'store('),
    ...functions.flat(),
    `fn subgroupMatrixMultiplyAccumulate(a: Matrix, b: Matrix, c: Matrix) -> Matrix {
  var result = c;
  for (var i = 0u; i < elements; i++) {
    for (var k = 0u; k < ${edge}u; k++) { result[i] += a[i / ${edge}u * ${edge}u + k] * b[k * ${edge}u + i % ${edge}u]; }
  }
  return result;
}
fn store(to: u32, matrix: Matrix, stride: u32) {
  for (var i = 0u; i < elements; i++) { sums[to + i / ${edge}u * stride + i % ${edge}u] = matrix[i]; }
}`,
  ].join('\n');
}

const written = [
  ['NN', [1, 64, 64, 32], 16],
  ['TN', [2, 32, 96, 16], 16],
  ['NT', [1, 96, 32, 32], 16],
  ['TT', [1, 32, 32, 16], 16],
  ['NT', [2, 32, 96, 24], 8],
] as const;

it.each(written)('computes %s %j by matrices with edges of %i', async (orientation, [count, m, n, k], edge) => {
  const program = compile(product(orientation, [count, m, n, k]));
  const { subgroupSize } = matrixShapes.find((shape) => shape.edge === edge) ?? at(matrixShapes, 0);
  const variant = matricesOf(program).find(({ requires }) => requires.subgroupSize === subgroupSize);
  if (variant === undefined) throw new Error('no variant');
  const kernel = { ...at(program.kernels, 0), variants: [{ ...variant, wgsl: writtenOut(variant.wgsl, edge, subgroupSize) }] };
  const inF32 = <T extends { readonly dtype: DType }>(port: T): T => ({ ...port, dtype: 'f32' });
  const plain: Program = {
    ...program,
    kernels: [kernel],
    buffers: program.buffers.map(inF32),
    inputs: program.inputs.map(inF32),
    outputs: program.outputs.map(inF32),
  };
  const element = (seed: number) => (i: number) => ((i * 7919 + seed) % 17) - 8;
  const [left, right] = [
    Array.from({ length: count * m * k }, (_, i) => element(3)(i)),
    Array.from({ length: count * k * n }, (_, i) => element(5)(i)),
  ];
  const [result = []] = await runProgram(device, plain, [left, right]);
  const expected = Array.from({ length: count * m * n }, (_, i) => {
    const [batch, row, column] = [Math.floor(i / (m * n)), Math.floor(i / n) % m, i % n];
    let sum = 0;
    for (let step = 0; step < k; step++) {
      const ofLeft = orientation[0] === 'T' ? step * m + row : row * k + step;
      const ofRight = orientation[1] === 'T' ? column * k + step : step * n + column;
      sum += (left[batch * m * k + ofLeft] ?? 0) * (right[batch * k * n + ofRight] ?? 0);
    }
    return sum;
  });
  expect(result).toEqual(expected);
});

it.each([
  ['edges', product('NN', [1, 40, 64, 32])],
  ['steps that are no matrix', product('NN', [1, 64, 64, 20])],
  ['sizes that are not known', product('NN', [1, 'batch', 64, 32])],
  ['other dtypes', product('NN', [1, 64, 64, 32], 'f32')],
])('%s have other variants only', (_, graph) => {
  const program = compile(graph);
  expect(matricesOf(program)).toEqual([]);
  expect(program.kernels).toHaveLength(1);
});

it('a device without the feature opens all the same when it is asked for', async () => {
  const session = await openSession({ device: 'software', experimental: true, onMessage: () => {} });
  expect(session.info.features).toContain('subgroups');
  expect(session.info.features).not.toContain('chromium-experimental-subgroup-matrix');
  session.close();
});

it('is taken by a device that lists the configuration, and by no other', () => {
  const [kernel] = compile(product('NN', [1, 64, 64, 32])).kernels;
  const all: DeviceAbilities = {
    // seam: of the limits, those that a choice asks for
    limits: { maxComputeWorkgroupStorageSize: 16_384, maxComputeInvocationsPerWorkgroup: 256 } as GPUSupportedLimits,
    features: new Set<string>(features),
    subgroupSize: 32,
    subgroupMatrices: [configurationOf(16)],
  };
  const name = (device: Partial<DeviceAbilities>): string | undefined => kernel && chooseVariant(kernel, { ...all, ...device }).name;
  expect(name({})).toBe('matrix 64x64 of 16x16, f16');
  expect(name({ subgroupSize: 8, subgroupMatrices: ['f16 f16 8x8x8', configurationOf(8)] })).toBe('matrix 64x64 of 8x8, f16');
  for (const other of [
    { subgroupMatrices: ['f16 f16 16x16x16', 'f16 f32 8x8x8'] },
    { subgroupMatrices: [] },
    { subgroupSize: undefined },
    { subgroupSize: 16 },
    { features: new Set(['shader-f16', 'subgroups']) },
    { features: new Set(['chromium-experimental-subgroup-matrix']) },
  ])
    expect(name(other)).not.toMatch(/^matrix/);
});
