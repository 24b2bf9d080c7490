/** Random numbers: the bits, their statistics, and that keys say which. Reference values are those of JAX 0.10.2. */
import { describe, expect, it } from 'vitest';
import { evaluate } from '../graph/evaluate.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Key } from '../types/random.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { tensor, zeros } from './creation.ts';
import { jit } from './jit.ts';
import { layer } from './layer.ts';
import type { LazyTensor } from './lazyTensor.ts';
import { foldIn, key, randomBits, randomNormal, randomUniform, splitKey } from './random.ts';
import { traceFunction } from './traceFunction.ts';
import { grad } from './vjp.ts';

/** In f64, by the evaluator. */
function numbers(seed: number, draw: (k: Key) => unknown): Float64Array {
  const { inputs, outputs } = traceFunction('test', draw as never, {
    kind: 'tuple',
    items: [{ kind: 'tensor', type: { shape: ['key=2'], dtype: 'u32' } }],
  });
  return evaluate(makeGraph('test', inputs, outputs), [[0, seed]])[0] ?? new Float64Array();
}

const shape = ['n=2', 'c=3'] as const;

describe('on a device', () => {
  it('draws the bits of jax.random', async () => {
    const k = key(42);
    const [first, second] = splitKey(k, 2);
    const counter = tensor([7], ['one'], 'u32').reshape([]);
    const [bits, uniform, folded, byTensor, one, two, normal] = await Promise.all([
      randomBits(k, shape).data(),
      randomUniform(k, shape).data(),
      foldIn(k, 7).data(),
      foldIn(k, counter).data(),
      first.data(),
      second.data(),
      randomNormal(k, shape).data(),
    ]);
    expect([...bits]).toEqual([2098992034, 2919706841, 2646866425, 2409546199, 1935504149, 2516274904]);
    expect([...uniform]).toEqual([
      0.48870956897735596, 0.6797971725463867, 0.6162714958190918, 0.5610160827636719, 0.4506446123123169, 0.58586585521698,
    ]);
    expect([...folded]).toEqual([2547012911, 1371500959]);
    expect(byTensor).toEqual(folded);
    expect([...one, ...two]).toEqual([1832780943, 270669613, 64467757, 2916123636]);
    const expected = [
      -0.02830461598932743, 0.4671318531036377, 0.2957029640674591, 0.15354591608047485, -0.12403281778097153, 0.21692314743995667,
    ];
    for (const [i, x] of expected.entries()) expect(normal[i]).toBeCloseTo(x, 6);
  });

  it('takes the key as data: one program draws new numbers', async () => {
    const dropout = jit((x: Tensor<['batch', 'c=4']>, k: Key) => x.mul(randomUniform(k, x).lt(0.5).astype('f32')));
    const x = tensor(new Float32Array(400).fill(1), ['batch', 'c=4']);
    const [a, again, other] = await Promise.all([dropout(x, key(1)).data(), dropout(x, key(1)).data(), dropout(x, key(2)).data()]);
    expect(again).toEqual(a);
    expect(other).not.toEqual(a);
    expect(a.filter((kept) => kept === 1).length / 400).toBeCloseTo(0.5, 0);
    const gradient = grad((at: Tensor<['batch', 'c=4']>) => dropout(at, key(1)).mul(at).sum())(x);
    expect(await gradient.data()).toEqual(a.map((kept) => 2 * kept));
  });
});

describe('statistics', () => {
  const count = 40_000;
  const mean = (xs: ArrayLike<number>): number => Array.from(xs).reduce((sum, x) => sum + x, 0) / xs.length;
  const moment = (xs: ArrayLike<number>, power: number): number => {
    const centre = mean(xs);
    return mean(Array.from(xs, (x) => (x - centre) ** power));
  };

  it('every byte of the bits is evenly distributed (chi-square, 255 degrees of freedom)', () => {
    const bits = numbers(3, (k) => randomBits(k, [count]));
    for (const shift of [0, 8, 16, 24]) {
      const counts = new Float64Array(256);
      for (const word of bits) counts[(word >>> shift) & 255] = (counts[(word >>> shift) & 255] ?? 0) + 1;
      const expected = count / 256;
      const square = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
      // a right generator is outside with a chance of 1 in 1000, on either side
      expect(square).toBeGreaterThan(190);
      expect(square).toBeLessThan(331);
    }
  });
  it('uniform numbers have their mean and variance', () => {
    const xs = numbers(4, (k) => randomUniform(k, [count], { low: -2, high: 4 }));
    expect(Math.abs(mean(xs) - 1)).toBeLessThan((4 * Math.sqrt(3)) / Math.sqrt(count));
    expect(Math.abs(moment(xs, 2) - 3)).toBeLessThan(0.06);
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...xs)).toBeLessThan(4);
  });
  it('normal numbers have their moments, and the share beyond one and two deviations', () => {
    const xs = numbers(5, (k) => randomNormal(k, [count]));
    expect(Math.abs(mean(xs))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(moment(xs, 2) - 1)).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(count));
    expect(Math.abs(moment(xs, 3))).toBeLessThan((4 * Math.sqrt(15)) / Math.sqrt(count));
    expect(Math.abs(moment(xs, 4) - 3)).toBeLessThan((4 * Math.sqrt(96)) / Math.sqrt(count));
    const beyond = (limit: number): number => xs.filter((x) => Math.abs(x) > limit).length / count;
    expect(Math.abs(beyond(1) - 0.31731)).toBeLessThan(0.01);
    expect(Math.abs(beyond(2) - 0.0455)).toBeLessThan(0.005);
    expect(xs.every(Number.isFinite)).toBe(true);
  });
  it('keys that are split, and neighbours, are not correlated', () => {
    const pairs = [(k: Key) => splitKey(k, 2), (k: Key) => [foldIn(k, 0), k] as const] as const;
    for (const [i, pair] of pairs.entries()) {
      const [a, b] = [0, 1].map((which) => numbers(6 + i, (k) => randomNormal(pair(k)[which] ?? k, [count])));
      const product = mean(Array.from(a ?? [], (x, at) => x * (b?.[at] ?? 0)));
      expect(Math.abs(product)).toBeLessThan(4 / Math.sqrt(count));
    }
    const xs = numbers(8, (k) => randomNormal(k, [count]));
    expect(Math.abs(mean(Array.from(xs.subarray(1), (x, at) => x * (xs[at] ?? 0))))).toBeLessThan(4 / Math.sqrt(count));
  });
});

describe('shapes and refusals', () => {
  it('has the shape that is given, or that of a tensor', () => {
    const k = key(0);
    expect(randomUniform(k, ['batch', 'c=3']).shape).toEqual(['batch', 'c=3']);
    expect(randomNormal(k, []).shape).toEqual([]);
    expect(randomBits(k, zeros(['n=2'])).dtype).toBe('u32');
    const like = layer(<S extends readonly (string | number)[]>(x: Tensor<S>, by: Key) => x.add(randomNormal(by, x)));
    expect(like(zeros(['n=2', 'c=3']), k).shape).toEqual(['n=2', 'c=3']);
  });
  it.each([
    ['key: the seed is -1 (give a whole number from 0 to 9007199254740991)', () => key(-1)],
    ['key: the seed is 0.5 (give a whole number from 0 to 9007199254740991)', () => key(0.5)],
    ['foldIn: the number is -1 (give a whole number from 0 to 4294967295)', () => foldIn(key(0), -1)],
    ['foldIn: the number is no whole number and no scalar of u32 or i32 (give one of them)', () => foldIn(key(0), zeros([]) as never)],
    ['splitKey: the count is 0 (give a whole number from 1)', () => splitKey(key(0), 0)],
    ['randomBits: the key is f32[n=2], not u32[key=2] (make one with key(seed))', () => randomBits(zeros(['n=2']) as never, [2])],
    ['randomBits: the key is no tensor (make one with key(seed))', () => randomBits(3 as never, [2])],
    ["randomUniform: there is no shape (give one, such as ['n', 'in=2'], or a tensor of it)", () => randomUniform(key(0), 3 as never)],
    ['randomUniform: the interval is 1 to 1 (low is less than high, and both are finite)', () => randomUniform(key(0), [2], { low: 1 })],
    ['randomNormal: axis 0 has size 0 (sizes are whole numbers from 1)', () => randomNormal(key(0), ['n=0'] as never)],
  ])('%s', (sentence, make) => {
    expect(make).toThrow(sentence);
  });
  it('gives as many keys as are asked for, and each is foldIn of its place', () => {
    const keys: readonly [Key, Key, Key] = splitKey(key(9), 3);
    expect((keys as unknown as readonly LazyTensor[]).map(({ shape: dims }) => dims)).toEqual([['key=2'], ['key=2'], ['key=2']]);
  });
});
