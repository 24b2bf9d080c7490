/** What selections, comparisons and joins compute, on the device against plain loops; gradients of the functions; their sentences. */
import { describe, expect, it } from 'vitest';
import { finiteDifferenceVjp } from '../graph/testing/finiteDifference.ts';
import { uniform } from '../graph/testing/uniform.ts';
import type { Dim } from '../types/dim.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { arange, full, ones, tensor, zeros } from './creation.ts';
import { jit } from './jit.ts';
import { concat, stack } from './join.ts';
import type { LazyTensor } from './lazyTensor.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { grad, vjp } from './vjp.ts';
import { where } from './where.ts';

const x = tensor(
  [
    [3, -1, 4],
    [1, 5, -9],
  ],
  ['n', 't'],
);
const ids = tensor([2, 0, 7], ['k'], 'i32');

describe('on the device', () => {
  it('takes parts', async () => {
    expect(await x.slice('t', 1).array()).toEqual([
      [-1, 4],
      [5, -9],
    ]);
    expect(await x.slice(1, 0, 3, 2).array()).toEqual([
      [3, 4],
      [1, -9],
    ]);
    expect(await x.gt(0).slice('n', 1).array()).toEqual([[true, true, false]]);
  });

  it('pads', async () => {
    expect(await x.pad('t', 1, 0, 7).array()).toEqual([
      [7, 3, -1, 4],
      [7, 1, 5, -9],
    ]);
    expect(await x.gt(0).pad('n', 0, 1, true).array()).toEqual([
      [true, false, true],
      [true, true, false],
      [true, true, true],
    ]);
  });

  it('adds by index, several to one element, the nearest where out of range', async () => {
    const counts = zeros(['v=4'], 'i32').scatterAdd('v', tensor([3, 0, 3, 9, -1], ['t'], 'i32'), ones(['t=5'], 'i32'));
    expect(await counts.array()).toEqual([2, 0, 0, 3]);
  });
  it('takes by index, the nearest where out of range', async () => {
    expect(await x.take('t', ids).array()).toEqual([
      [4, 3, 4],
      [-9, 1, -9],
    ]);
    expect(await ids.oneHot('class=3').array()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('compares, chooses, converts', async () => {
    expect(await x.ge(3).array()).toEqual([
      [true, false, true],
      [false, true, false],
    ]);
    expect(await x.gt(0).and(x.lt(4)).or(x.eq(-9)).not().array()).toEqual([
      [false, true, true],
      [false, true, false],
    ]);
    expect(await where(x.gt(0), x, 0).array()).toEqual([
      [3, 0, 4],
      [1, 5, 0],
    ]);
    expect(await where(true_(), 1, 2).array()).toEqual([1, 2]);
    expect(await x.ne(3).astype('i32').data()).toEqual(Int32Array.of(0, 1, 1, 1, 1, 1));
    expect(await x.minimum(1).maximum(-2).array()).toEqual([
      [1, -1, 1],
      [1, 1, -2],
    ]);
  });

  it('finds smallest and largest elements and sums up to each', async () => {
    expect(await x.min().item()).toBe(-9);
    expect(await x.min('n').array()).toEqual([1, -1, -9]);
    expect(
      await tensor(new Uint32Array([3, 4294967295, 7]), [3])
        .min()
        .item(),
    ).toBe(3);
    expect(
      await tensor(new Int32Array([3, -2147483648, 7]), [3])
        .min()
        .item(),
    ).toBe(-2147483648);
    expect(
      await tensor([
        [1, 3, 3],
        [2, 2, 1],
      ])
        .argmax(-1)
        .data(),
    ).toEqual(Int32Array.of(1, 0));
    expect(await x.cumsum(-1).array()).toEqual([
      [3, 2, 6],
      [1, 6, -3],
    ]);
    expect(await x.cumsum(0).array()).toEqual([
      [3, -1, 4],
      [4, 4, -5],
    ]);
    expect(await tensor([1, Number.POSITIVE_INFINITY]).cumsum(0).array()).toEqual([1, Number.POSITIVE_INFINITY]);
  });

  it('joins any number of tensors, of any dtype, bit by bit', async () => {
    expect(await concat([x, x.slice('t', 0, 1)], 't').array()).toEqual([
      [3, -1, 4, 3],
      [1, 5, -9, 1],
    ]);
    expect(await stack([x.gt(0), x.lt(0)], 'pair').array()).toEqual([
      [
        [true, false, true],
        [true, true, false],
      ],
      [
        [false, true, false],
        [false, false, true],
      ],
    ]);
    const many = Array.from({ length: 20 }, (_, i) => tensor(new Float32Array([i, -i]), ['n=2']));
    const joined = (concat as unknown as (list: unknown, axis: string) => Tensor<['n=40']>)(many, 'n');
    expect(await joined.array()).toEqual(Array.from({ length: 20 }, (_, i) => [i, -i]).flat());
    expect(Object.is((await concat([tensor([-0]), tensor([1])], 0).data())[0], -0)).toBe(true);
  });

  it('pads and joins along axes whose sizes are known at run time only, with gradients', async () => {
    const s = tensor(new Float32Array([1, 2, Number.NaN, 4, 5, 6]), ['batch', 't=2']);
    const padded = s.pad('batch', 1, 2, 9);
    expect([padded.shape, padded.sizes]).toEqual([
      ['batch=batch+3', 't=2'],
      [6, 2],
    ]);
    const nines = [9, 9];
    expect(await padded.array()).toEqual([nines, [1, 2], [Number.NaN, 4], [5, 6], nines, nines]);
    expect(await s.gt(4).pad(0, 0, 1, true).slice('t', 0, 1).flatten().array()).toEqual([false, false, true, true]);
    const one = tensor([[7, 8]], ['batch', 't']);
    const joined = concat([one, s, s], 'batch');
    expect([joined.shape, joined.sizes]).toEqual([
      ['batch=2*batch+1', 't=2'],
      [7, 2],
    ]);
    expect(await joined.slice('t', 1).flatten().array()).toEqual([8, 2, 4, 6, 2, 4, 6]);

    const a = tensor(new Float32Array([1, 2, 3, 4, 5, 6]), ['batch', 't=2']);
    const squares = (x: Tensor<['batch', 't=2']>) => {
      const all = concat([x, one, x.mul(2)], 'batch').pad('batch', 1, 1, 3);
      return all.mul(all).sum();
    };
    expect(await grad(squares)(a).array()).toEqual([
      [10, 20],
      [30, 40],
      [50, 60],
    ]);
    expect(await jit(grad(squares))(a).data()).toEqual(new Float32Array([10, 20, 30, 40, 50, 60]));
  });
});

const true_ = () => tensor([true, false]);

interface Case {
  readonly shapes: readonly (readonly Dim[])[];
  readonly f: (...x: LazyTensor[]) => unknown;
}
const call = (f: unknown) => f as (...args: unknown[]) => LazyTensor;
const cases: Readonly<Record<string, Case>> = {
  concat: {
    shapes: [
      ['n=2', 't=3'],
      ['n=2', 't=1'],
      ['n=2', 't=2'],
    ],
    f: (a, b, c) => call(concat)([a, b, c], 't'),
  },
  'concat of one twice': { shapes: [['n=2', 't=3']], f: (a) => call(concat)([a, a], 0) },
  stack: {
    shapes: [
      ['n=2', 't=3'],
      ['n=2', 't=3'],
    ],
    f: (a, b) => call(stack)([a, b], 'pair'),
  },
  where: { shapes: [['n=2', 't=3'], ['t=3']], f: (a, b) => call(where)(a?.gt(0), a, b) },
};

describe('gradients that differences show', () => {
  it.each(Object.entries(cases))('%s', (_, { shapes, f }) => {
    const inputs = shapes.map((shape, i) =>
      uniform(
        shape.reduce<number>((n, dim) => n * Number(`${dim}`.replace(/.*=/, '')), 1),
        i + 1,
      ),
    );
    const run = inF64(f as never, shapes);
    let shapeOfY: readonly Dim[] = [];
    inF64(
      ((...args: LazyTensor[]) => {
        const y = f(...args) as LazyTensor;
        shapeOfY = y.shape;
        return y;
      }) as never,
      shapes,
    );
    const [y = new Float64Array()] = run(inputs);
    const dy = uniform(y.length, 7);
    const pullback = (...args: unknown[]): unknown =>
      (vjp as unknown as (f: unknown) => (...x: unknown[]) => { backward(dy: unknown): unknown })(f)(...args.slice(0, -1)).backward(
        args.at(-1),
      );
    const gradients = inF64(((...args: unknown[]) => pullback(...args)) as never, [...shapes, shapeOfY])([...inputs, dy]);
    const expected = finiteDifferenceVjp((at) => run(at), inputs, [dy]);
    for (const [i, gradient] of gradients.entries())
      for (const [k, element] of gradient.entries()) expect(element).toBeCloseTo(expected[i]?.[k] ?? Number.NaN, 6);
    expect(gradients).toHaveLength(inputs.length);
  });
});

describe('sentences at run time', () => {
  const any = x as unknown as LazyTensor;
  it.each([
    [() => any.slice('t', 1, 9), "slice: 1 to 9 is out of range: axis 't' of [n=2, t=3] (its indices end before 3)"],
    [() => any.pad('q', 1, 1), "pad: no axis 'q' in [n=2, t=3] (its axes are 'n', 't')"],
    [
      () => any.scatterAdd('t', x, x),
      "scatterAdd: the indices are f32[n=2, t=3], not whole numbers (make them i32 or u32, such as ids.astype('i32'))",
    ],
    [
      () => any.scatterAdd('t', ids, x),
      `scatterAdd: the updates are f32[n=2, t=3], not f32[${x.take('t', ids).shape.join(', ')}] (give them the shape of take(axis, indices))`,
    ],
    [() => any.take('t', 3), 'take: the indices are no tensor (make a tensor of them, with tensor(…))'],
    [() => any.take('t', x), "take: the indices are f32[n=2, t=3], not whole numbers (make them i32 or u32, such as ids.astype('i32'))"],
    [() => any.oneHot('class=3'), 'oneHot: takes i32 or u32, not f32[n=2, t=3] (make the tensor i32 or u32)'],
    [() => any.and(true), 'and: takes bool, not f32[n=2, t=3] (make the tensor bool)'],
    [() => any.astype('f64' as never), 'astype: f64 is no dtype (use one of f32, f16, i32, u32, bool)'],
    [() => call(concat)([], 0), 'concat: takes at least one tensor (write them in a list, such as [a, b])'],
    [() => call(concat)(x, 0), 'concat: the number of tensors is not known (write them in a list, such as [a, b])'],
    [() => call(concat)([x, ids], 0), 'concat: dtypes differ: f32[n=2, t=3] with i32[k=3] (make both the same dtype)'],
    [
      () => call(stack)([x, arange('q=2')], 'pair'),
      'stack: operand 1 has another shape: [n=2, t=3] with [q=2] (all shapes must be the same)',
    ],
    [() => call(where)(x, x, 0), 'where: the condition is f32[n=2, t=3], not bool (compare first, such as x.gt(0))'],
    [
      () => call(where)(x.gt(0), full(['q=2'], 1), 0),
      'where: shapes do not broadcast: condition [n=2, t=3], values [q=2] and [] (equal shapes, scalars, the last axes of the largest, or axes of size 1)',
    ],
  ])('%#', (f, sentence) => {
    expect(f).toThrow(sentence);
  });
});
