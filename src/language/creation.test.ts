/** What the creation functions make, and what they refuse. */
import { describe, expect, it } from 'vitest';
import { philox } from '../runtime/random.ts';
import { ShapeError } from '../types/shapeError.ts';
import { arange, eye, full, ones, randn, tensor, uniform, zeros } from './creation.ts';
import { jit } from './jit.ts';
import { grad, vjp } from './vjp.ts';

/** A caller without types. */
// biome-ignore lint/suspicious/noExplicitAny: stands for JavaScript
const untyped = (f: unknown) => f as (...args: any[]) => { readonly shape: unknown; data(): Promise<unknown> };

describe('tensor', () => {
  it('reads sizes from the nesting and names from the list', async () => {
    const t = tensor(
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      ['n', 'in'],
    );
    expect(t.shape).toEqual(['n=3', 'in=2']);
    expect(t.sizes).toEqual([3, 2]);
    expect(t.dtype).toBe('f32');
    expect(await t.data()).toEqual(Float32Array.of(1, 0, 0, 1, 1, 1));
    expect(await t.array()).toEqual([
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
  });

  it('makes scalars, anonymous axes, booleans and integers', async () => {
    expect(await tensor(2.5).item()).toBe(2.5);
    expect(tensor([[1, 2]]).shape).toEqual([1, 2]);
    expect(await tensor([true, false]).array()).toEqual([true, false]);
    expect(await tensor([1, -2], ['n'], 'i32').data()).toEqual(Int32Array.of(1, -2));
  });

  it('takes typed arrays, and one symbolic size from their length', () => {
    const t = tensor(new Float32Array(6), ['batch', 'in=2']);
    expect(t.shape).toEqual(['batch', 'in=2']);
    expect(t.sizes).toEqual([3, 2]);
    expect(tensor(new Uint32Array(4), [4]).dtype).toBe('u32');
    expect(tensor(new Float32Array(12), ['b', 't', 'd=2'], { t: 3 }).sizes).toEqual([2, 3, 2]);
  });

  it('copies its data: later changes of the array are not seen', async () => {
    const array = Float32Array.of(1, 2);
    const t = tensor(array, [2]);
    array[0] = 9;
    const first = await t.data();
    expect(first[0]).toBe(1);
    first[1] = 9;
    expect((await t.data())[1]).toBe(2);
  });

  const refusals: readonly (readonly [what: string, args: readonly unknown[], sentence: string])[] = [
    [
      'ragged rows',
      [
        [[1, 2], [3]],
        ['n', 'in'],
      ],
      'tensor: the rows are ragged (give every row the same length)',
    ],
    [
      'depths that differ',
      [
        [[1, 2], 3],
        ['n', 'in'],
      ],
      'tensor: the rows are ragged (give every row the same length)',
    ],
    ['too few names', [[[1, 2]], ['n']], 'tensor: 1 names for rank 2: [1, 2] (give one name for each axis)'],
    [
      'a repeated name',
      [[[1, 2]], ['n', 'n']],
      "tensor: the name 'n' stands twice: [n=1, n=2] (name the two axes apart, such as 'n' and 'n2')",
    ],
    ['no elements', [[]], 'tensor: axis 0 has size 0 (sizes are whole numbers from 1)'],
    ['text', [['a']], 'tensor: element 0 has type string: [1] (elements are all numbers or all booleans)'],
    ['numbers and booleans', [[1, true]], 'tensor: numbers and booleans are mixed: [2] (elements are all numbers or all booleans)'],
    [
      'NaN where an integer is due',
      [[1, Number.NaN], ['n'], 'i32'],
      'tensor: element 1 is NaN: i32[n=2] (i32 takes whole numbers from -2147483648 to 2147483647)',
    ],
    [
      'a fraction where an integer is due',
      [[0.5], ['n'], 'u32'],
      'tensor: element 0 is 0.5: u32[n=1] (u32 takes whole numbers from 0 to 4294967295)',
    ],
    ['a negative number for u32', [[-1], ['n'], 'u32'], 'tensor: element 0 is -1: u32[n=1] (u32 takes whole numbers from 0 to 4294967295)'],
    [
      'a wrong length',
      [new Float32Array(5), ['n=3', 'in=2']],
      'tensor: 5 elements do not fill [n=3, in=2]: it takes 6 (check the length of the data, or the shape)',
    ],
    [
      'a length that is no multiple',
      [new Float32Array(5), ['batch', 'in=2']],
      'tensor: 5 elements do not fill [batch, in=2]: it takes a positive multiple of 2 (check the length of the data, or the shape)',
    ],
    [
      'an empty array',
      [new Float32Array(0), ['batch', 'in=2']],
      'tensor: 0 elements do not fill [batch, in=2]: it takes a positive multiple of 2 (check the length of the data, or the shape)',
    ],
    [
      'two open sizes',
      [new Float32Array(6), ['b', 't']],
      'tensor: 2 axes have no size: [b, t] (the number of elements decides one; give { b: … })',
    ],
    [
      'a size for no axis',
      [new Float32Array(6), ['b', 'in=2'], { c: 3 }],
      "tensor: no symbolic axis 'c' in [b, in=2] (sizes are given for symbolic axes)",
    ],
    [
      'another array',
      [new Float64Array(2), [2]],
      'tensor: the data is a Float64Array (use a Float32Array, an Int32Array or a Uint32Array)',
    ],
    ['an array without a shape', [new Float32Array(2)], "tensor: a typed array without a shape (give one, such as ['n', 'in=2'])"],
  ];
  it.each(refusals)('refuses %s', (_, args, sentence) => {
    expect(() => untyped(tensor)(...args)).toThrow(new ShapeError(sentence));
  });
});

describe('filled tensors', () => {
  it('hold one value', async () => {
    expect(await zeros(['n=2']).array()).toEqual([0, 0]);
    expect(await ones([2], 'i32').data()).toEqual(Int32Array.of(1, 1));
    expect(await full(['n=2', 1], -1.5).array()).toEqual([[-1.5], [-1.5]]);
    expect(await ones([2], 'bool').array()).toEqual([true, true]);
  });

  it('count and mark diagonals', async () => {
    expect(await arange('i=4').array()).toEqual([0, 1, 2, 3]);
    expect((await arange(3, 'i32').data()) instanceof Int32Array).toBe(true);
    expect(await eye(['h=2', 'h2=3']).array()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });

  const refusals: readonly (readonly [what: string, shape: unknown, sentence: string])[] = [
    ['a zero-sized axis', ['n=0'], 'zeros: axis 0 has size 0 (sizes are whole numbers from 1)'],
    ['a negative size', [3, -1], 'zeros: axis 1 has size -1 (sizes are whole numbers from 1)'],
    ['a fraction', [2.5], 'zeros: axis 0 has size 2.5 (sizes are whole numbers from 1)'],
    ['NaN', [Number.NaN], 'zeros: axis 0 has size NaN (sizes are whole numbers from 1)'],
    ['a repeated name', ['d=2', 'd=2'], "zeros: the name 'd' stands twice: [d=2, d=2] (name the two axes apart, such as 'd' and 'd2')"],
    ['an empty name', [''], 'zeros: axis 0 has no name (names are letters, digits and _, and begin with a letter)'],
    ['a name with a space', ['a b'], "zeros: axis 0 has the name 'a b' (names are letters, digits and _, and begin with a letter)"],
    ['null', [null], "zeros: axis 0 has type null (write each size as a literal, such as 3 or 'in=3', or name the axis, such as 'batch')"],
    ['no list', 3, "zeros: the rank is unknown (write the shape as a literal, such as ['n=3', 'in=2'])"],
  ];
  it.each(refusals)('refuse %s', (_, shape, sentence) => {
    expect(() => untyped(zeros)(shape)).toThrow(new ShapeError(sentence));
  });

  it('need a size for every axis, at the latest when they are read', async () => {
    await expect(zeros(['batch', 'in=2']).data()).rejects.toThrow(
      "sizes: axis 'batch' has no size: [batch, in=2] (give its size, or a dim with one, such as 'batch=3')",
    );
    const x = tensor(new Float32Array(4), ['batch', 'in=2']);
    expect((await zeros(['batch', 'in=2']).add(x).data()).length).toBe(4);
  });

  it('take the size of an open axis from what else is read, as in a jitted function, a gradient, and a cotangent', async () => {
    const x = tensor(Float32Array.of(1, 2, 3, 4), ['batch', 'in=2']);
    type X = typeof x;
    expect(await jit((t: X) => full(['batch', 'in=2'], 3).sub(t))(x).data()).toEqual(Float32Array.of(2, 1, 0, -1));
    expect(await jit((_: X) => ones(['batch', 'in=2']).sum())(x).item()).toBe(4);
    expect(await jit((_: X) => eye(['batch', 'k=2']))(x).data()).toEqual(Float32Array.of(1, 0, 0, 1));
    expect(await grad((t: X) => t.mul(ones(['batch', 'in=2'])).sum())(x).data()).toEqual(Float32Array.of(1, 1, 1, 1));
    expect(
      await vjp((t: X) => t.square())(x)
        .backward(ones(['batch', 'in=2']))[0]
        .data(),
    ).toEqual(Float32Array.of(2, 4, 6, 8));
    await expect(ones(['rows', 'in=2']).sum().item()).rejects.toThrow(
      "no input of data has the axis 'rows' (its size is taken from the inputs: pass a tensor that has the axis, or give it a size, such as 'rows=3')",
    );
  });
});

describe('random numbers', () => {
  it('are those of Philox4x32-10', () => {
    // The known answers that come with the Random123 library.
    expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    expect(philox([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual([
      0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
    ]);
    expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ]);
  });

  it('repeat with their seed and differ without one', async () => {
    const draw = (seed?: number) => randn([8], seed === undefined ? {} : { seed }).data();
    expect(await draw(3)).toEqual(await draw(3));
    expect(await draw(3)).not.toEqual(await draw(4));
    expect(await draw()).not.toEqual(await draw());
  });

  it('have the mean and variance they claim', async () => {
    const moments = (x: Float32Array) => {
      const mean = x.reduce((sum, element) => sum + element, 0) / x.length;
      return { mean, variance: x.reduce((sum, element) => sum + (element - mean) ** 2, 0) / x.length };
    };
    const normal = moments(await randn([100_001], { seed: 1 }).data());
    expect(Math.abs(normal.mean)).toBeLessThan(0.01);
    expect(Math.abs(normal.variance - 1)).toBeLessThan(0.02);
    const even = await uniform([100_000], { seed: 1, low: -1, high: 3 }).data();
    expect(Math.min(...even.subarray(0, 1000))).toBeGreaterThanOrEqual(-1);
    expect(even.every((x) => x >= -1 && x < 3)).toBe(true);
    const { mean, variance } = moments(even);
    expect(Math.abs(mean - 1)).toBeLessThan(0.02);
    expect(Math.abs(variance - 16 / 12)).toBeLessThan(0.02);
  });

  it('refuse what is no seed or no range', () => {
    expect(() => randn([2], { seed: 1.5 })).toThrow(new ShapeError('randn: the seed is 1.5 (seeds are whole numbers from 0)'));
    expect(() => uniform([2], { low: 2, high: 1 })).toThrow(
      new ShapeError('uniform: the range from 2 to 1 is empty (give a low that is not above high)'),
    );
    // @ts-expect-error the types say the same
    expect(() => randn(['batch'])).toThrow(
      "randn: axis 'batch' has no size: [batch] (give its size, or a dim with one, such as 'batch=3')",
    );
  });
});
