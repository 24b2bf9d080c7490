import { describe, expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Graph } from '../../graph/value.ts';
import { fuse } from '../3-fuse/fuse.ts';
import { matmul, mlpTrainStep, mnistSizes } from '../testing/mlp.ts';
import { orderKernels } from './orderKernels.ts';
import { planBuffers } from './planBuffers.ts';
import { countStatistics } from './statistics.ts';

const planned = (graph: Graph) => {
  const fused = fuse(graph, { storageBuffers: 8 });
  const order = orderKernels(fused);
  return { fused, order, ...planBuffers(fused, order, { inputs: [], outputs: [] }) };
};

describe('order', () => {
  it('puts what is stored before what loads it', () => {
    const { fused, order } = planned(mlpTrainStep(mnistSizes, true));
    const known = new Set(fused.inputs);
    for (const { loads, stores } of order) {
      for (const load of loads) expect(known.has(load)).toBe(true);
      for (const store of stores) known.add(store);
    }
  });

  it('puts independent kernels side by side', () => {
    const [x, w] = [b.input('x', [4, 4], 'f32'), b.input('w', [4, 4], 'f32')];
    const chain = (from: typeof x) => matmul(matmul(from, w), w);
    const { order } = planned(makeGraph('two', [x, w], [chain(x), chain(b.exp(x))]));
    const firstLoads = order.map(({ loads }) => loads.every((tensor) => tensor < 2));
    expect(firstLoads).toEqual([true, true, false, false, false]);
  });
});

describe('buffers', () => {
  it('are never written while a kernel of the same or a later turn still reads what they held', () => {
    const { fused, order, bufferOf, buffers } = planned(mlpTrainStep(mnistSizes, true));
    const holds = new Map<number, number>(fused.inputs.map((tensor) => [bufferOf.get(tensor) ?? -1, tensor]));
    for (const { loads, stores } of order) {
      for (const tensor of loads) expect(holds.get(bufferOf.get(tensor) ?? -1)).toBe(tensor);
      for (const tensor of stores) {
        expect(loads.map((load) => bufferOf.get(load))).not.toContain(bufferOf.get(tensor));
        holds.set(bufferOf.get(tensor) ?? -1, tensor);
      }
    }
    for (const output of fused.outputs) expect(buffers[bufferOf.get(output) ?? -1]?.role).toBe('output');
  });
});

it('counts flops and bytes, also of symbolic sizes', () => {
  const [x, w] = [b.input('x', ['batch', 'in=3'], 'f32'), b.input('w', ['in=3', 'out=2'], 'f32')];
  const graph = makeGraph('f', [x, w], [b.relu(matmul(x, w))]);
  const { order, buffers, unshared } = planned(graph);
  const statistics = countStatistics(graph, order.length, buffers, unshared);
  expect(statistics.dispatches).toBe(1);
  expect(JSON.stringify(statistics.flops)).toContain('"batch"');
  expect(statistics.temporaryBytes).toBe(0);
});
