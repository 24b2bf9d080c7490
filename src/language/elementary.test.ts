/** Elementary functions, integers bit by bit, and reductions made of others: literals on a device, their edges, and what is refused. */
import { describe, expect, it } from 'vitest';
import { arange, full, tensor, zeros } from './creation.ts';
import { grad } from './vjp.ts';

const x = tensor([-2, -0.5, 0, 1.5], ['n']);
const bits = tensor([12, -7, 1, 2 ** 31 - 1], ['n'], 'i32');
const words = tensor([12, 7, 2 ** 31, 2 ** 32 - 1], ['n'], 'u32');
const rows = tensor(
  [
    [1, 2, 4],
    [3, 3, 3],
  ],
  ['r', 'c'],
);
const extreme = tensor(
  [
    [1000, 1001, -1000],
    [Number.NEGATIVE_INFINITY, 0, 1],
  ],
  ['r', 'c'],
);
const close = (got: ArrayLike<number>, expected: readonly number[]): void => {
  for (const [i, due] of expected.entries()) expect(got[i]).toBeCloseTo(due, 5);
};

describe('on a device', () => {
  it('computes elements', async () => {
    const special = tensor([Number.NaN, Number.POSITIVE_INFINITY, 3, -0.5], ['n']);
    const [abs, sign, ceil, round, clip, nan, finite, rsqrt, pow, square] = await Promise.all([
      x.abs().data(),
      special.sign().data(),
      x.ceil().data(),
      x.round().data(),
      x.clip(-1, 1).data(),
      special.isNaN().array(),
      special.isFinite().array(),
      tensor([4, 0.25], ['n']).rsqrt().data(),
      x.pow(2).data(),
      x.square().data(),
    ]);
    expect([...abs]).toEqual([2, 0.5, 0, 1.5]);
    expect([...sign]).toEqual([Number.NaN, 1, 1, -1]);
    close(ceil, [-2, 0, 0, 2]);
    close(round, [-2, 0, 0, 2]);
    expect([...clip]).toEqual([-1, -0.5, 0, 1]);
    expect(nan).toEqual([true, false, false, false]);
    expect(finite).toEqual([false, false, true, true]);
    close(rsqrt, [0.5, 2]);
    expect([...pow]).toEqual([4, 0.25, 0, 2.25]);
    expect(square).toEqual(pow);
  });

  it('computes integers bit by bit', async () => {
    expect(
      await Promise.all([
        bits.rem(5).array(),
        bits.rem(0).array(),
        bits.bitAnd(10).array(),
        bits.bitOr(tensor([1, 1, 2, 0], ['n'], 'i32')).array(),
        bits.bitXor(-1).array(),
        bits.shiftLeft(1).array(),
        bits.shiftRight(1).array(),
        words.shiftRight(28).array(),
        words.bitXor(words).array(),
        bits.abs().array(),
        words.sign().array(),
      ]),
    ).toEqual([
      [2, -2, 1, 2],
      [0, 0, 0, 0],
      [8, 8, 0, 10],
      [13, -7, 3, 2 ** 31 - 1],
      [-13, 6, -2, -(2 ** 31)],
      [24, -14, 2, -2],
      [6, -4, 0, 2 ** 30 - 1],
      [0, 0, 8, 15],
      [0, 0, 0, 0],
      [12, 7, 1, 2 ** 31 - 1],
      [1, 1, 1, 1],
    ]);
  });

  it('reduces', async () => {
    const truth = rows.ge(3);
    const [softmax, logSoftmax, logSumExp, variance, std, norm, any, all, kept, whole] = await Promise.all([
      extreme.softmax(-1).data(),
      extreme.logSoftmax('c').data(),
      extreme.logSumExp('c').data(),
      rows.variance('c').data(),
      rows.std(1).data(),
      rows.norm().data(),
      truth.any('c').array(),
      truth.all('c').array(),
      rows.norm('r', { keepdims: true }).array(),
      truth.all().array(),
    ]);
    const e = Math.E;
    close(softmax, [1 / (1 + e), e / (1 + e), 0, 0, 1 / (1 + e), e / (1 + e)]);
    close(logSoftmax, [-Math.log(1 + e), 1 - Math.log(1 + e)]);
    expect(logSoftmax[2]).toBeCloseTo(-2001 - Math.log1p(1 / e), 3);
    expect(logSoftmax[3]).toBe(Number.NEGATIVE_INFINITY);
    expect(logSumExp[0]).toBeCloseTo(1000 + Math.log(1 + e), 3);
    expect(logSumExp[1]).toBeCloseTo(Math.log(1 + e), 5);
    close(variance, [14 / 9, 0]);
    close(std, [Math.sqrt(14) / 3, 0]);
    close(norm, [Math.sqrt(48)]);
    expect([any, all, whole]).toEqual([[true, true], [false, true], false]);
    expect((kept as number[][]).length).toBe(1);
  });

  it('has finite gradients at the edges', async () => {
    const zero = zeros(['n=3']);
    const none = tensor([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], ['n']);
    const [norm, std, abs, pow, sum] = await Promise.all([
      grad((at: typeof zero) => at.norm())(zero).data(),
      grad((at: typeof zero) => at.std())(zero).data(),
      grad((at: typeof zero) => at.abs().sum())(zero).data(),
      grad((at: typeof zero) => at.pow(at).sum())(full(['n=3'], -2)).data(),
      none.logSumExp().data(),
    ]);
    expect([...norm, ...std, ...abs]).toEqual(Array(9).fill(0));
    expect(pow.every(Number.isFinite)).toBe(true);
    expect([...sum]).toEqual([Number.NEGATIVE_INFINITY]);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: what the types refuse must be refused without them, too
const any: any = x;
// biome-ignore lint/suspicious/noExplicitAny: the same
const whole: any = arange('n=4', 'i32');

it.each<readonly [() => unknown, string]>([
  [() => any.rem(2), 'rem: takes i32 or u32, not f32[n=4] (make the tensor i32 or u32)'],
  [() => whole.pow(2), 'pow: takes f32, not i32[n=4] (make the tensor f32)'],
  [() => whole.sin(), 'sin: takes f32, not i32[n=4] (make the tensor f32)'],
  [() => whole.shiftLeft(0.5), 'shiftLeft: 0.5 is not a whole number: i32[n=4] with 0.5 (use a whole number, or an f32 tensor)'],
  [() => words.add(-1), 'add: -1 is less than 0: u32[n=4] with -1 (use an i32 tensor)'],
  [() => x.clip(2, 1), 'clip: the bounds are 2 and 1 (the first is at most the second)'],
  [() => any.any(), 'any: takes bool, not f32[n=4] (make the tensor bool)'],
  [() => whole.variance(), 'variance: takes f32, not i32[n=4] (make the tensor f32)'],
  [() => any.softmax('q'), "softmax: no axis 'q' in [n=4] (its axes are 'n')"],
])('refuses %#', (f, sentence) => {
  expect(f).toThrow(sentence);
});
