import { describe, expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Graph } from '../../graph/value.ts';
import { fuse } from '../3-fuse/fuse.ts';
import { matmul, mlpTrainStep, mnistSizes } from '../testing/mlp.ts';
import { writesInPlace } from './inPlace.ts';
import { orderKernels } from './orderKernels.ts';
import { planBuffers } from './planBuffers.ts';
import { countStatistics } from './statistics.ts';
import { updateInPlace } from './updateInPlace.ts';

const planned = (graph: Graph, donated: readonly number[] = []) => {
  const fused = fuse(graph, { storageBuffers: 8 });
  const { replaced, waits } = updateInPlace(fused, donated);
  const order = orderKernels(fused, waits);
  const assignment = planBuffers(fused, order, { inputs: [], outputs: [] }, { donated, replaced });
  return { fused, order, replaced, assignment, ...assignment, statistics: countStatistics(graph, fused, order, assignment) };
};

/** How often Dawn puts a barrier before a dispatch: where it reads what was written since the last one, or writes what was used. */
function barriersOf({ order, bufferOf }: ReturnType<typeof planned>): number {
  const [read, written] = [new Set<number>(), new Set<number>()];
  let barriers = 0;
  for (const { kernel } of order) {
    const [loads, stores] = [kernel.loads, kernel.stores].map((tensors) => tensors.map((tensor) => bufferOf.get(tensor) ?? -1));
    const isHazard = loads?.some((buffer) => written.has(buffer)) || stores?.some((buffer) => written.has(buffer) || read.has(buffer));
    if (isHazard) {
      barriers += 1;
      read.clear();
      written.clear();
    }
    for (const buffer of loads ?? []) read.add(buffer);
    for (const buffer of stores ?? []) written.add(buffer);
  }
  return barriers;
}

describe('order', () => {
  it('puts what is stored before what loads it', () => {
    const { fused, order } = planned(mlpTrainStep(mnistSizes, true));
    const known = new Set(fused.inputs);
    for (const { loads, stores } of order.map(({ kernel }) => kernel)) {
      for (const load of loads) expect(known.has(load)).toBe(true);
      for (const store of stores) known.add(store);
    }
  });

  it('puts independent kernels side by side', () => {
    const [x, w] = [b.input('x', [4, 4], 'f32'), b.input('w', [4, 4], 'f32')];
    const chain = (from: typeof x) => matmul(matmul(from, w), w);
    const { order } = planned(makeGraph('two', [x, w], [chain(x), chain(b.exp(x))]));
    const firstLoads = order.map(({ kernel }) => kernel.loads.every((tensor) => tensor < 2));
    expect(firstLoads).toEqual([true, true, false, false, false]);
  });

  it('refuses kernels that wait for each other instead of waiting with them', () => {
    const { fused } = planned(mlpTrainStep(mnistSizes, true));
    const [first, second] = fused.kernels;
    if (first === undefined || second === undefined) throw new Error('two kernels');
    const circular = { ...first, loads: [...first.loads, ...second.stores] };
    const other = { ...second, loads: [...second.loads, ...first.stores] };
    for (const kernels of [[{ ...first, loads: [...first.loads, ...first.stores] }], [circular, other]]) {
      expect(() => orderKernels({ kernels })).toThrow('internal: kernels wait for each other');
    }
  });
});

/** Follows what each buffer holds through the kernels: whoever reads a tensor finds it. */
function follow({ fused, order, bufferOf }: ReturnType<typeof planned>): void {
  const holds = new Map<number, number>(fused.inputs.map((tensor) => [bufferOf.get(tensor) ?? -1, tensor]));
  for (const { kernel } of order) {
    for (const tensor of kernel.loads) expect(holds.get(bufferOf.get(tensor) ?? -1)).toBe(tensor);
    for (const tensor of kernel.stores) {
      for (const load of kernel.loads)
        if (bufferOf.get(load) === bufferOf.get(tensor)) expect(writesInPlace(kernel, load, tensor)).toBe(true);
      holds.set(bufferOf.get(tensor) ?? -1, tensor);
    }
  }
  for (const output of fused.outputs) expect(holds.get(bufferOf.get(output) ?? -1)).toBe(output);
}

const input = (name: string, ...shape: number[]) => b.input(name, shape, 'f32');

describe('buffers', () => {
  it.each([[false], [true]])('hold what is read of them, and sharing adds no barrier (momentum: %s)', (momentum) => {
    const graph = mlpTrainStep(mnistSizes, momentum);
    const donated = graph.inputs.map((_, i) => i).slice(2);
    for (const plan of [planned(graph), planned(graph, donated)]) {
      follow(plan);
      expect(barriersOf(plan)).toBe(plan.statistics.barriers);
    }
    expect(planned(graph, donated).statistics.barriers).toBe(planned(graph).statistics.barriers);
  });

  it('parameters and velocities are updated in place: besides them a step needs its loss and its temporaries', () => {
    const graph = mlpTrainStep(mnistSizes, true);
    const plan = planned(graph, [2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...plan.replaced]).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map((i) => [plan.fused.outputs[i - 1], i]));
    expect(plan.buffers.filter(({ role }) => role === 'output').map(({ label }) => label)).toEqual(['output0']);
    const { peakBytes, temporaryBytes } = plan.statistics;
    const given = 4 * (64 * 784 + 64 + 2 * (784 * 128 + 128 + 128 * 10 + 10));
    expect(peakBytes).toBe(given + 4 + Number(temporaryBytes));
    expect(Number(peakBytes)).toBeLessThan(0.6 * Number(planned(graph).statistics.peakBytes));
  });

  it('a donated input that is read at other places than written is not written over while it is read', () => {
    const w = input('w', 8, 8);
    const plan = planned(makeGraph('transposed', [w], [b.add(w, b.permute(w, [1, 0]))]), [0]);
    expect(plan.replaced.size).toBe(0);
    follow(plan);
    expect(plan.buffers).toHaveLength(2);
  });

  it('a row that is reduced may be written over by the lanes that read its elements, not by one for all', () => {
    const x = input('x', 8, 1000);
    const shifted = b.sub(x, b.broadcast(b.reduceMax(x, [1]), x.shape, [0]));
    expect(planned(makeGraph('shift', [x], [shifted]), [0]).replaced.size).toBe(1);
    const [bias, y] = [input('bias', 8), input('y', 8, 1000)];
    expect(planned(makeGraph('sum', [bias, y], [b.add(bias, b.reduceSum(y, [1]))]), [0]).replaced.size).toBe(0);
  });

  it('two updates that would wait for each other are not both in place', () => {
    const [v, w] = [input('v', 8, 8), input('w', 8, 8)];
    const graph = makeGraph('swap', [v, w], [b.add(v, matmul(w, w)), b.add(w, matmul(v, v))]);
    const plan = planned(graph, [0, 1]);
    expect(plan.replaced.size).toBe(1);
    follow(plan);
  });

  it('temporaries of any size share, the smaller in what the larger leave, and in outputs that are not yet written', () => {
    const [x, w, v] = [input('x', 64, 64), input('w', 64, 32), input('v', 32, 64)];
    let y = x;
    for (let i = 0; i < 4; i++) y = b.tanh(matmul(b.tanh(matmul(y, w)), v));
    const plan = planned(makeGraph('chain', [x, w, v], [y]));
    follow(plan);
    const temporaries = plan.buffers.filter(({ role }) => role === 'temporary').map(({ elements }) => elements);
    expect(plan.unshared).toHaveLength(7);
    expect(temporaries).toEqual([64 * 32]);
    expect(barriersOf(plan)).toBe(7);
  });

  it('symbolic sizes share where one is certainly no larger', () => {
    const x = b.input('x', ['batch', 64], 'f32');
    const [w, v] = [input('w', 64, 32), input('v', 32, 64)];
    let y = x;
    for (let i = 0; i < 3; i++) y = b.tanh(matmul(b.tanh(matmul(y, w)), v));
    const plan = planned(makeGraph('chain', [x, w, v], [y]));
    follow(plan);
    expect(plan.buffers.filter(({ role }) => role === 'temporary')).toHaveLength(1);
  });
});

it('counts flops and bytes, also of symbolic sizes', () => {
  const [x, w] = [b.input('x', ['batch', 'in=3'], 'f32'), b.input('w', ['in=3', 'out=2'], 'f32')];
  const graph = makeGraph('f', [x, w], [b.relu(matmul(x, w))]);
  const { statistics } = planned(graph);
  expect(statistics.dispatches).toBe(1);
  expect(JSON.stringify(statistics.flops)).toContain('"batch"');
  expect(statistics.temporaryBytes).toBe(0);
});
