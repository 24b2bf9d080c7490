/** Loops on the software device, against the evaluator and against the same steps unrolled. */
import { beforeAll, describe, expect, it } from 'vitest';
import { vjp } from '../graph/autodiff/vjp.ts';
import * as b from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import { loop } from '../graph/loop.ts';
import { recurrence } from '../graph/testing/loops.ts';
import type { Graph, Value } from '../graph/value.ts';
import { compile } from './compile.ts';
import { differenceFromOracle, inputsFor } from './testing/differential.ts';
import { runProgram } from './testing/runProgram.ts';
import { softwareDevice } from './testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

const ways = [{}, { simplify: false }, { fuse: false }, { simplify: false, fuse: false }] as const;

const x = b.input('x', ['t=5', 'n=2', 'h=3'], 'f32');
const h0 = b.input('h0', ['n=2', 'h=3'], 'f32');
const w = b.input('w', ['h=3', 'h=3'], 'f32');
const inputs = [x, h0, w];
const forward = (run: typeof loop): Graph => {
  const { carries, each } = recurrence(run, 't=5', x, h0, w);
  return makeGraph('recurrence', inputs, [...carries, ...each]);
};
function gradient({ outputs, inputs }: Graph): Graph {
  const results = outputs.filter(({ dtype }) => dtype === 'f32');
  const seeds = results.map((value, i) => b.input(`d${i}`, value.shape, 'f32'));
  return makeGraph(
    'gradient',
    [...inputs, ...seeds],
    vjp(results, inputs, seeds).map((one, i) => one ?? b.constantLike(inputs[i] as Value, 0)),
  );
}

describe('a loop', () => {
  it.each(ways)('computes what the evaluator does, forward and backward: %o', async (way) => {
    expect(await differenceFromOracle(device, forward(loop), { compile: { ...way, verify: true } })).toBeLessThan(2e-6);
    expect(await differenceFromOracle(device, gradient(forward(loop)), { compile: { ...way, verify: true } })).toBeLessThan(2e-6);
  });

  it('has as many kernels as one step, however many steps it takes', () => {
    const of = (count: number) => {
      const xs = b.input('x', [count, 'n=2', 'h=3'], 'f32');
      const { carries, each } = recurrence(loop, count, xs, h0, w);
      return compile(gradient(makeGraph('recurrence', [xs, h0, w], [...carries, ...each])));
    };
    const [few, many] = [of(3), of(300)];
    expect(many.kernels.length).toBe(few.kernels.length);
    expect(few.repeats?.map(({ times }) => times)).toEqual([3, 3]);
    const ofStep = few.repeats?.reduce((sum, { first, last }) => sum + last + 1 - first, 0) ?? 0;
    expect(many.statistics.dispatches - few.statistics.dispatches).toBe(297 * ofStep);
    expect(Number(many.statistics.flops)).toBeGreaterThan(90 * Number(few.statistics.flops));
    // what a step needs for itself is there once: the rest is x, y and the states, with their gradients
    const perStep = (Number(many.statistics.peakBytes) - Number(few.statistics.peakBytes)) / 297;
    expect(perStep).toBeLessThanOrEqual(4 * 6 * 6);
  });

  it('gives the same bits from run to run', async () => {
    const graph = gradient(forward(loop));
    const program = compile(graph);
    const given = inputsFor(graph);
    const runs = [await runProgram(device, program, given), await runProgram(device, program, given)];
    expect(runs[0]).toEqual(runs[1]);
  });

  it('writes carries in place, and moves those that it cannot', async () => {
    const state = b.input('state', ['n=70', 'h=3'], 'f32');
    const swap = (run: typeof loop): Graph => {
      const { carries } = run('t=7', [state, state, b.mul(state, state)], [], (_, [first, second, third]) => {
        if (!first || !second || !third) throw new Error('three carries');
        const turned = b.contract(third, w, { left: [1], right: [0] });
        return { carries: [second, first, b.tanh(b.add(turned, first))], each: [] };
      });
      return makeGraph('swap', [state, w], [...carries, state]);
    };
    for (const way of ways) expect(await differenceFromOracle(device, swap(loop), { compile: way })).toBeLessThan(2e-6);
    const labels = compile(swap(loop)).kernels.map(({ label }) => label);
    expect(labels.filter((label) => label.startsWith('loop')).length).toBeGreaterThanOrEqual(2);
  });

  it('nests', async () => {
    const graph = makeGraph(
      'nested',
      inputs,
      loop('t=5', [h0], [x], (_, [h], [row]) => {
        const inner = loop('s=3', [h as Value], [], (index, [state]) => {
          const by = b.broadcast(b.cast(b.add(index, b.constant(1, [], 'u32')), 'f32'), h0.shape, []);
          const next = b.tanh(b.add(b.div(state as Value, by), b.contract(row as Value, w, { left: [1], right: [0] })));
          return { carries: [next], each: [next] };
        });
        return { carries: inner.carries, each: inner.each };
      }).each,
    );
    const [innermost, outer] = compile(graph).repeats ?? [];
    expect([innermost?.times, outer?.times]).toEqual([3, 5]);
    expect(await differenceFromOracle(device, graph, { compile: { verify: true } })).toBeLessThan(2e-6);
    expect(await differenceFromOracle(device, gradient(graph), { compile: { verify: true } })).toBeLessThan(2e-6);
  });

  it('has rows of halves, of odd lengths and one of one element', async () => {
    const xs = b.input('xs', ['t=5', 'n=3'], 'f32');
    const { carries, each } = loop(
      't=5',
      [b.constant(0, ['n=3'], 'f16'), b.constant(0, [], 'i32')],
      [b.cast(xs, 'f16')],
      (_, [sum, count], [row]) => {
        const next = b.add(sum as Value, row as Value);
        const more = b.add(count as Value, b.constant(1, [], 'i32'));
        return { carries: [next, more], each: [next, more] };
      },
    );
    const graph = makeGraph(
      'halves',
      [xs],
      [...carries, ...each].map((value) => (value.dtype === 'f16' ? b.cast(value, 'f32') : value)),
    );
    expect(await differenceFromOracle(device, graph)).toBeLessThan(2e-3);
  });

  it('runs with symbolic sizes inside', async () => {
    const xs = b.input('xs', ['t=4', 'batch', 'h=3'], 'f32');
    const first = b.broadcast(b.reduceSum(w, [0]), ['batch', 'h=3'], [1]);
    const { carries, each } = recurrence(loop, 't=4', xs, first, w);
    const graph = makeGraph('symbolic', [xs, w], [...carries, ...each]);
    for (const batch of [1, 70]) expect(await differenceFromOracle(device, graph, { symbols: { batch } })).toBeLessThan(2e-6);
  });
});
