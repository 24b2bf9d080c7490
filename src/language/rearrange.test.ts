/** Rearrangements on the device, with sizes that are numbers, symbols, and arithmetic over both; and what they refuse. */
import { describe, expect, it } from 'vitest';
import { evaluate } from '../graph/evaluate.ts';
import { makeGraph } from '../graph/graph.ts';
import { uniform } from '../graph/testing/uniform.ts';
import type { Structure } from '../program/structure.ts';
import type { Dim } from '../types/dim.ts';
import type { Divides } from '../types/rules/divides.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { arange, ones, tensor } from './creation.ts';
import { jit } from './jit.ts';
import { divides } from './rearrange.ts';
import { traceFunction } from './traceFunction.ts';
import { grad } from './vjp.ts';

const softmax = <B extends Dim, H extends Dim, Q extends Dim, K extends Dim>(x: Tensor<[B, H, Q, K]>): Tensor<[B, H, Q, K]> => {
  const powers = x.sub(x.max(3, { keepdims: true })).exp();
  return powers.div(powers.sum(3, { keepdims: true }));
};

const attention = <B extends Dim, T extends Dim, D extends Dim, I extends Dim, H extends Dim>(
  x: Tensor<[B, T, I]>,
  p: { q: Tensor<[I, D]>; k: Tensor<[I, D]>; v: Tensor<[I, D]> },
  heads: Divides<H, D>,
): Tensor<[B, T, D]> => {
  const q = x.matmul(p.q).split(heads).permute(0, 2, 1, 3);
  const keys = x.renameAxis(1, 'key');
  const k = keys.matmul(p.k).split(heads).permute(0, 2, 1, 3);
  const v = keys.matmul(p.v).split(heads).permute(0, 2, 1, 3);
  return softmax(q.matmul(k.mT)).matmul(v).permute(0, 2, 1, 3).merge(heads);
};

/** Attention by loops, in f64. */
function attentionByHand(
  x: number[],
  w: readonly number[][],
  [B, T, I, D, H]: readonly [number, number, number, number, number],
): number[] {
  const project = (matrix: number[], b: number, t: number, d: number): number =>
    Array.from({ length: I }, (_, i) => (x[(b * T + t) * I + i] ?? 0) * (matrix[i * D + d] ?? 0)).reduce((sum, term) => sum + term, 0);
  const [q = [], k = [], v = []] = w;
  const each = (n: number) => Array.from({ length: n }, (_, i) => i);
  return each(B).flatMap((b) =>
    each(T).flatMap((t) =>
      each(D).map((d) => {
        const head = Math.floor(d / (D / H));
        const dims = each(D / H).map((e) => head * (D / H) + e);
        const powers = each(T).map((s) => Math.exp(dims.reduce((sum, e) => sum + project(q, b, t, e) * project(k, b, s, e), 0)));
        const total = powers.reduce((sum, power) => sum + power, 0);
        return powers.reduce((sum, power, s) => sum + (power / total) * project(v, b, s, d), 0);
      }),
    ),
  );
}

describe('attention', () => {
  const [B, T, I, D, H] = [2, 5, 6, 12, 3] as const;
  const data = [B * T * I, I * D, I * D, I * D].map((count, i) => Float32Array.from(uniform(count, i + 1)));
  const [x, q, k, v] = data as [Float32Array, Float32Array, Float32Array, Float32Array];
  const expected = attentionByHand([...x], [[...q], [...k], [...v]], [B, T, I, D, H]);
  const close = (got: ArrayLike<number>): void => {
    expect(got).toHaveLength(expected.length);
    for (const [i, want] of expected.entries()) expect(got[i]).toBeCloseTo(want, 4);
  };

  it('with sizes that are numbers', async () => {
    const p = { q: tensor(q, ['in=6', 'd=12']), k: tensor(k, ['in=6', 'd=12']), v: tensor(v, ['in=6', 'd=12']) };
    const y: Tensor<['b=2', 't=5', 'd=12']> = attention(tensor(x, ['b=2', 't=5', 'in=6']), p, divides('h=3', 'd=12'));
    close(await y.data());
  });

  it('with d and the time symbols, compiled once', async () => {
    const compiled = jit(attention);
    const p = { q: tensor(q, ['in=6', 'd']), k: tensor(k, ['in=6', 'd']), v: tensor(v, ['in=6', 'd']) };
    const y: Tensor<['b=2', 't', 'd']> = compiled(tensor(x, ['b=2', 't', 'in=6']), p, divides('h=3', 'd'));
    close(await y.data());
    expect(y.sizes).toEqual([2, 5, 12]);
  });

  it('has a gradient where d is a symbol: that of d as a number', async () => {
    const symbolic = grad((w: Tensor<['in=6', 'd']>) =>
      attention(tensor(x, ['b=2', 't=5', 'in=6']), { q: w, k: w, v: w }, divides('h=3', 'd')).sum(),
    )(tensor(q, ['in=6', 'd']));
    const sized = grad((w: Tensor<['in=6', 'd=12']>) =>
      attention(tensor(x, ['b=2', 't=5', 'in=6']), { q: w, k: w, v: w }, divides('h=3', 'd=12')).sum(),
    )(tensor(q, ['in=6', 'd=12']));
    const [got, want] = await Promise.all([symbolic.data(), sized.data()]);
    for (const [i, element] of want.entries()) expect(got[i]).toBeCloseTo(element, 4);
  });

  it('refuses a run where d is no multiple of the heads', async () => {
    const p = { q: tensor(q, ['in=6', 'd']), k: tensor(k, ['in=6', 'd']), v: tensor(v, ['in=6', 'd']) };
    const y = attention(tensor(x, ['b=2', 't=5', 'in=6']), p, divides('h=5', 'd'));
    await expect(y.data()).rejects.toThrow(/\(d \/ 5\) to be a whole, positive number.*2\.4 for d=12/);
  });

  it('says which symbol no input gives a size', async () => {
    const y = tensor(x, ['b=2', 't=5', 'd']).split(divides('heads', 'd'));
    await expect(y.data()).rejects.toThrow("axis 'heads' has no size: [b=2, t=5, heads, d/heads]");
  });
});

describe('orders, merges and splits on the device', () => {
  const x = arange(24).reshape(['b=2', 't=3', 'd=4']);

  it('is permuted by name', async () => {
    expect(await x.permute('d', 'b', 't').sum('t').array()).toEqual([
      [12, 48],
      [15, 51],
      [18, 54],
      [21, 57],
    ]);
    expect(await x.transpose('b', 'd').permute(2, 1, 0).array()).toEqual(await x.array());
  });

  it('keeps the elements in order', async () => {
    expect(await x.split('d', ['h=2', 'e']).merge(['t', 'h'], 'th').flatten('all').data()).toEqual(
      Float32Array.from({ length: 24 }, (_, i) => i),
    );
  });

  it.each([
    ['2*batch', ['2*batch', 4]],
    ['batch+1', ['batch+1', 4]],
    ['bt=batch*time', ['bt=batch*time', 4]],
    ['x=batch/2', ['x=batch/2', 4]],
    ['x=2*batch*time-batch', ['x=2*batch*time-batch', 4]],
  ] as const)('computes with an axis of size %s, given by the other inputs', async (_, shape) => {
    const symbols = { batch: 6, time: 3 };
    const given = [['batch', 'time'], shape] as const;
    const f = (a: Tensor<['batch', 'time']>, y: Tensor<['2*batch', 4]>) => y.mul(y).add(a.sum()).sum(1);
    const items = given.map((dims): Structure => ({ kind: 'tensor', type: { shape: dims, dtype: 'f32' } }));
    const { inputs, outputs } = traceFunction('layer', f as never, { kind: 'tuple', items });
    const rows = Number(Function('batch', 'time', `return ${shape[0].replace(/.*=/, '')}`)(6, 3));
    const elements = [uniform(18, 1), uniform(rows * 4, 2)] as const;
    const [expected = new Float64Array()] = evaluate(makeGraph('test', inputs, outputs), elements, symbols);
    // seam: a table of shapes
    const a = tensor(Float32Array.from(elements[0]), ['batch', 'time'], { batch: 6, time: 3 } as never);
    const y = tensor(Float32Array.from(elements[1]), shape as never);
    const got = await jit(f)(a as never, y as never).data();
    expect(got).toHaveLength(rows);
    for (const [i, want] of expected.entries()) expect(got[i]).toBeCloseTo(want, 4);
  });

  it('refuses an input that is not of the computed size', () => {
    const f = jit((a: Tensor<['batch', 4]>, y: Tensor<['2*batch', 4]>) => y.add(a.sum()));
    const call = () => f(tensor(new Float32Array(8), ['batch', 4]), tensor(new Float32Array(20), ['2*batch', 4]));
    expect(call).toThrow('expected [2*batch=4, 4], got [2*batch=5, 4]');
  });
});

describe('what is refused at run time has the words of the compiler', () => {
  const x = ones(['n=2', 't=5', 'd=768']);
  const untyped = x as unknown as Record<
    'permute' | 'transpose' | 'merge' | 'split' | 'flatten' | 'renameAxis',
    (...args: unknown[]) => unknown
  >;
  it.each([
    [() => untyped.permute('d', 'n'), 'permute: 2 axes for rank 3: [n=2, t=5, d=768] (list each axis once)'],
    [() => untyped.transpose('n', 'q'), "transpose: no axis 'q' in [n=2, t=5, d=768] (its axes are 'n', 't', 'd')"],
    [() => untyped.flatten('d=7'), "flatten: 'd=7' is no name (the size follows from the axes; give only the name)"],
    [
      () => untyped.merge(['n', 'd']),
      'merge: the axes do not stand side by side in that order: [n=2, t=5, d=768] (permute them first, or list them in the order of the shape)',
    ],
    [
      () => untyped.split('d', ['heads=7', 'e']),
      'split: 768 is no multiple of 7: [n=2, t=5, d=768] into [heads=7, e] (choose sizes that divide 768)',
    ],
    [() => untyped.split(divides('heads=7', 'e')), 'split: no axis e in [n=2, t=5, d=768] (the fact splits e into heads=7 and e/7)'],
    [
      () => untyped.merge(divides('t=5', 'n=2' as never)),
      'divides: 2 is no multiple of 5: [t=5] into [n=2] (choose a size that divides 2)',
    ],
    [
      () => untyped.renameAxis('t', 'd'),
      "renameAxis: the name 'd' stands twice: [n=2, d=5, d=768] (name the two axes apart, such as 'd' and 'd2')",
    ],
  ])('%#', (run, sentence) => {
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(sentence);
  });
});
