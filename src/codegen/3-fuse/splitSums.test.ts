import { beforeAll, expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Graph } from '../../graph/value.ts';
import { compile } from '../compile.ts';
import { differenceFromOracle, inputsFor } from '../testing/differential.ts';
import { mlpTrainStep } from '../testing/mlp.ts';
import { attention } from '../testing/normalisation.ts';
import { runProgram } from '../testing/runProgram.ts';
import { softwareDevice } from '../testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

/** A weight's gradient and its update. */
function update(batch: number, inputs: number, outputs: number): Graph {
  const [x, dy, w] = [b.input('x', [batch, inputs], 'f32'), b.input('dy', [batch, outputs], 'f32'), b.input('w', [inputs, outputs], 'f32')];
  const gradient = b.contract(x, dy, { left: [0], right: [0] });
  return makeGraph('update', [x, dy, w], [b.sub(w, b.mul(gradient, b.constantLike(w, 0.001)))]);
}

it('cuts a tall batch into parts, added in order by the kernel that updates', async () => {
  const graph = update(4096, 20, 10);
  const program = compile(graph);
  expect(program.kernels.map(({ label }) => label)).toEqual(['contract', expect.stringMatching(/^rows reduceSum mul sub$/)]);
  expect(Number(program.kernels[0]?.variants[0]?.workgroups)).toBeGreaterThanOrEqual(8);
  expect(await differenceFromOracle(device, graph, { variant: 'quadSwap' })).toBeLessThan(1e-5);
  const inputs = inputsFor(graph);
  expect(await runProgram(device, program, inputs)).toEqual(await runProgram(device, program, inputs));
});

it('keeps batches and free axes in their places', async () => {
  const [x, y] = [b.input('x', [2, 1024, 3, 2], 'f32'), b.input('y', [2, 4, 1024], 'f32')];
  const graph = makeGraph('f', [x, y], [b.contract(x, y, { left: [1], right: [2], leftBatch: [0], rightBatch: [0] })]);
  expect(compile(graph).kernels).toHaveLength(2);
  expect(await differenceFromOracle(device, graph, { variant: 'quadSwap' })).toBeLessThan(1e-5);
});

/** One head. */
function attended(queries: number, keys: number): Graph {
  const [q, k, v] = [b.input('q', [queries, 8], 'f32'), b.input('k', [keys, 8], 'f32'), b.input('v', [keys, 8], 'f32')];
  return makeGraph('attention', [q, k, v], [attention(q, k, v)]);
}

it('one head of 1,024 positions stores no scores', async () => {
  const { statistics } = compile(attended(1024, 1024));
  expect(statistics).toMatchObject({ dispatches: 1, temporaryBytes: 0 });
  expect(await differenceFromOracle(device, attended(256, 1024), { variant: 'quadSwap' })).toBeLessThan(1e-5);
});

it('few rows over many keys are cut: they would leave a device idle', () => {
  expect(compile(attended(64, 4096)).kernels.length).toBeGreaterThan(1);
});

it('costs the step of a perceptron no kernel', () => {
  expect(compile(mlpTrainStep({ batch: 128, inputs: 784, hidden: 256, classes: 10 }, false)).kernels).toHaveLength(5);
});

it.each([
  ['short sums', update(256, 20, 10)],
  ['lengths that parts do not divide', update(2047, 20, 10)],
  ['the sums over 784 pixels', update(784, 128, 256)],
  ['many results', update(1024, 1024, 512)],
] as const)('leaves %s whole', (_, graph) => {
  expect(compile(graph).kernels).toHaveLength(1);
});
