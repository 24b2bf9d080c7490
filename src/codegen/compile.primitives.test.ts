/** Every primitive on the software device, against the evaluator. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as b from '../graph/build.ts';
import { evaluate } from '../graph/evaluate.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import { compile } from './compile.ts';
import { differenceFromOracle } from './testing/differential.ts';
import { primitiveCases } from './testing/primitiveCases.ts';
import { runProgram } from './testing/runProgram.ts';
import { softwareDevice } from './testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

describe('every primitive agrees with the evaluator', () => {
  it.each(primitiveCases)('%s', async (_, graphs) => {
    for (const graph of graphs) expect(await differenceFromOracle(device, graph), `${graph.outputs[0]?.dtype}`).toBeLessThan(1e-5);
  });
});

describe('edges of arithmetic', () => {
  const t = b.input('t', [8], 'f32');
  const special = [-1000, -90, -20, 0, 20, 90, 1000, 1e-4];
  const run = async (value: Value): Promise<readonly number[]> =>
    (await runProgram(device, compile(makeGraph('f', [t], [value])), [special]))[0] ?? [];

  it('does not overflow in tanh and sigmoid', async () => {
    expect(await differenceFromOracle(device, makeGraph('f', [t], [b.tanh(t), b.sigmoid(t)]), { inputs: [special] })).toBeLessThan(1e-6);
  });
  it('is right where arguments are small, large or special', async () => {
    const cases: readonly (readonly [(x: Value) => Value, readonly number[]])[] = [
      [b.sin, [0, 1e-6, -0.8, 3.25, 100, -1234.5, 9999, 1e-30]],
      [b.cos, [0, 1e-6, -0.8, 1.5625, 100, -1234.5, 9999, 1e-30]],
      [b.erf, [0, 1e-6, -0.5, 1, 2.5, -3.9, 40, Number.NEGATIVE_INFINITY]],
      [b.log1p, [0, 1e-6, -1e-6, 0.37, -0.37, 0.38, -0.99, 1e6]],
      [b.expm1, [0, 1e-6, -1e-6, 0.49, -0.51, 3, -100, 80]],
      [(x) => b.pow(x, b.constantLike(x, 2.5)), [0, 1e-6, 1, 2, 100, 9.5, 0.1, 7]],
      [(x) => b.pow(b.constantLike(x, -2), x), [0, 1, -1, 2, 3, -3, 20, -21]],
      [(x) => b.pow(b.constantLike(x, 0), x), [0, 1, 2, 0.5, -1, 7, -2, 3]],
    ];
    for (const [f, given] of cases) {
      const got = (await runProgram(device, compile(makeGraph('f', [t], [f(t)])), [given]))[0] ?? [];
      const [expected = new Float64Array()] = evaluate(makeGraph('f', [t], [f(t)]), [Float32Array.from(given)]);
      // relative, but for the sine and cosine near their zeros
      for (const [i, x] of expected.entries()) {
        const due = Math.fround(x);
        if (!Number.isFinite(due)) expect(got[i]).toBe(due);
        else
          expect(Math.abs((got[i] ?? Number.NaN) - due), `${f.name} ${given[i]}`).toBeLessThan(
            f === b.sin || f === b.cos ? 3e-7 : 4e-6 * Math.abs(due) + 1e-37,
          );
      }
    }
    expect(
      await runProgram(device, compile(makeGraph('f', [t], [b.pow(t, b.constantLike(t, 0.5))])), [[-1, -2, -3, -4, -5, -6, -7, -8]]),
    ).toEqual([Array(8).fill(Number.NaN)]);
  });
  it('passes NaN on in relu and maximum', async () => {
    const nan = b.constantLike(t, Number.NaN);
    for (const value of [b.relu(b.add(t, nan)), b.maximum(t, nan), b.maximum(nan, t)]) {
      expect((await run(value)).every((element) => Number.isNaN(element))).toBe(true);
    }
  });
  it('compares NaN as IEEE does', async () => {
    const nan = b.constantLike(t, Number.NaN);
    expect(await run(b.compare(t, nan, 'ne'))).toEqual(Array(8).fill(1));
    expect(await run(b.cast(nan, 'bool'))).toEqual(Array(8).fill(1));
    expect(await run(b.compare(b.add(t, nan), t, 'eq'))).toEqual(Array(8).fill(0));
  });
  it('knows infinities', async () => {
    expect(await run(b.maximum(t, b.constantLike(t, Number.POSITIVE_INFINITY)))).toEqual(Array(8).fill(Number.POSITIVE_INFINITY));
    expect(await run(b.constantLike(t, Number.NEGATIVE_INFINITY))).toEqual(Array(8).fill(Number.NEGATIVE_INFINITY));
    expect(await run(b.reduceMax(b.constantLike(t, Number.NEGATIVE_INFINITY), [0]))).toEqual([Number.NEGATIVE_INFINITY]);
  });
  it('divides integers by zero as WGSL does', async () => {
    const k = b.input('k', [4], 'i32');
    expect(await runProgram(device, compile(makeGraph('f', [k], [b.div(k, b.constantLike(k, 0))])), [[1, -2, 0, 7]])).toEqual([
      [1, -2, 0, 7],
    ]);
  });
  it('gives the remainder 0 for the divisor 0, and shifts modulo 32', async () => {
    const k = b.input('k', [4], 'i32');
    const of = (value: Value) => runProgram(device, compile(makeGraph('f', [k], [value])), [[7, -7, 1, -(2 ** 31)]]);
    expect(await of(b.rem(k, b.constantLike(k, 0)))).toEqual([[0, 0, 0, 0]]);
    expect(await of(b.rem(k, b.constantLike(k, -1)))).toEqual([[0, 0, 0, 0]]);
    expect(await of(b.shiftLeft(k, b.constantLike(k, 33)))).toEqual([[14, -14, 2, 0]]);
    expect(await of(b.shiftRight(k, b.constantLike(k, 33)))).toEqual([[3, -4, 0, -(2 ** 30)]]);
  });
});
