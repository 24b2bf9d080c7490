/** 16-bit floats from end to end: storage is halves, arithmetic is f32, on a device that has no f16 of its own. */
import { describe, expect, it } from 'vitest';
import { grad, jit, type Tensor, tensor, valueAndGrad, zeros } from '../index.ts';
import { halfFromBits, roundToHalf } from '../types/half.ts';

const finiteHalves = Array.from({ length: 2 ** 16 }, (_, bits) => halfFromBits(bits)).filter((half) => !Number.isNaN(half));

describe('storage', () => {
  it('keeps every half: to the device, through a kernel and back', async () => {
    const x = jit((y: Tensor<['n']>) => y.astype('f16'))(tensor(Float32Array.from(finiteHalves), ['n']));
    const back = await jit((y: Tensor<['n'], 'f16'>) => y.neg())(x).data();
    expect(back).toBeInstanceOf(Float32Array);
    const wrong = finiteHalves.findIndex((half, index) => !Object.is(back[index], -half));
    expect(wrong, `${finiteHalves[wrong]} came back as ${back[wrong]}`).toBe(-1);
  });

  it('rounds what comes from the host', async () => {
    const x = tensor([0.1, 65519, 65520, -1e9, 2 ** -25, Number.NaN], ['n'], 'f16');
    const expected = [0.1, 65519, 65520, -1e9, 2 ** -25, Number.NaN].map(roundToHalf);
    expect([...(await x.data())]).toEqual(expected);
    expect([...(await x.add(0).data())]).toEqual(expected);
  });

  it('takes half the bytes, and an odd number of elements', async () => {
    const double = jit((x: Tensor<['n']>) => x.astype('f16').mul(2));
    for (const size of [1, 2, 3, 63, 65]) {
      const x = Float32Array.from({ length: size }, (_, index) => index);
      expect([...(await double(tensor(x, ['n'])).data())]).toEqual([...x].map((one) => 2 * one));
    }
  });
});

describe('conversion', () => {
  const numbers = Float32Array.from(
    [...finiteHalves.filter((_, index) => index % 7 === 0)].flatMap((half) => [
      half * (1 + 2 ** -11),
      half * (1 + 2 ** -12),
      half + 2 ** -25,
    ]),
  ).map(Math.fround);

  it('to a half rounds to nearest even, also where nothing is stored between', async () => {
    const x = tensor(numbers, ['n']);
    const y = await jit((z: Tensor<['n']>) => z.astype('f16').astype('f32'))(x).data();
    const stored = await x.astype('f16').data();
    const wrong = numbers.findIndex(
      (number, index) => !Object.is(y[index], roundToHalf(number)) || !Object.is(stored[index], roundToHalf(number)),
    );
    expect(wrong, `${numbers[wrong]} became ${y[wrong]} and ${stored[wrong]}`).toBe(-1);
  });

  it('overflows to infinity, keeps NaN, and gives its gradient back in f32', async () => {
    const x = tensor([65519.9, 65520, -70000, Number.POSITIVE_INFINITY, Number.NaN], ['n']);
    expect(await x.astype('f16').astype('f32').array()).toEqual([65504, Infinity, -Infinity, Infinity, Number.NaN]);
    const g = grad((y: Tensor<['n=2']>) => y.astype('f16').mul(3).astype('f32').sum())(tensor([1, 2], ['n']));
    expect(g.dtype).toBe('f32');
    expect(await g.array()).toEqual([3, 3]);
  });

  it('between halves and integers and truth values', async () => {
    const x = tensor([1.5, -2.5, 0, Number.NaN], ['n'], 'f16');
    expect(await x.slice('n', 0, 3).astype('i32').array()).toEqual([1, -2, 0]);
    expect(await x.astype('bool').array()).toEqual([true, true, false, true]);
    expect(await tensor([3, 2049], ['n'], 'i32').astype('f16').array()).toEqual([3, 2048]);
    expect(await x.relu().array()).toEqual([1.5, 0, 0, Number.NaN]);
    expect(await x.maximum(0.1).array()).toEqual([1.5, roundToHalf(0.1), roundToHalf(0.1), Number.NaN]);
    expect(await x.ne(x).array()).toEqual([false, false, false, true]);
  });
});

describe('arithmetic is in f32', () => {
  it('in products: a sum of 4096 ones would stop at 2048 in halves', async () => {
    const [a, b] = [zeros(['m=3', 'k=4096'], 'f16').add(1), zeros(['k=4096', 'n=5'], 'f16').add(1)];
    expect(new Set(await a.matmul(b).data())).toEqual(new Set([4096]));
    expect(await a.sum('k').array()).toEqual([4096, 4096, 4096]);
    expect(await a.mean().item()).toBe(1);
  });

  it('in a mean of more ones than the largest half', async () => {
    const ones = zeros(['k=80000'], 'f16').add(1);
    expect(await ones.mean().item()).toBe(1);
    expect(await ones.astype('f32').sum().item()).toBe(80_000);
    expect(await ones.mul(-3).max().item()).toBe(-3);
  });

  it('in the epilogue, too: what a product adds to is not rounded first', async () => {
    const a = tensor([[2048, 1]], ['m', 'k'], 'f16');
    const b = tensor([[1], [1]], ['k', 'n'], 'f16');
    expect(await a.matmul(b).sub(2048).array()).toEqual([[1]]); // 2049 is no half
  });
});

it('a step of training in mixed precision: f32 parameters, half activations, loss scaling', async () => {
  const w = tensor(
    [
      [0.5, -0.25],
      [1, 2],
    ],
    ['in', 'out'],
  );
  const x = tensor(
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    ['n', 'in'],
    'f16',
  );
  const scale = 1024;
  const loss = (p: typeof w) => {
    const y = x.matmul(p.astype('f16')).relu();
    const wide = y.astype('f32');
    return wide.mul(wide).mean().mul(scale);
  };
  const step = jit((p: typeof w) => {
    const { value, gradient } = valueAndGrad(loss)(p);
    return { value: value.div(scale), w: p.sub(gradient.mul(0.01 / scale)) };
  });
  const y = [
    [2.5, 3.75],
    [5.5, 7.25],
    [8.5, 10.75],
  ];
  const mean = y.flat().reduce((sum, one) => sum + one * one, 0) / 6;
  const result = step(w);
  expect(await result.value.item()).toBeCloseTo(mean, 4);
  // of mean(y²) by w: xᵀ (2 y / 6)
  const inputs = await x.array();
  const gradient = (i: number, o: number): number => y.reduce((sum, row, n) => sum + ((inputs[n]?.[i] ?? 0) * 2 * (row[o] ?? 0)) / 6, 0);
  const expected = [
    [0.5, -0.25],
    [1, 2],
  ].map((row, i) => row.map((one, o) => one - 0.01 * gradient(i, o)));
  const got = await result.w.array();
  for (const [i, row] of expected.entries()) for (const [o, one] of row.entries()) expect(got[i]?.[o]).toBeCloseTo(one, 3);
});
