import { describe, expect, it } from 'vitest';
import type { Dim } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import * as build from './build.ts';
import { evaluate } from './evaluate.ts';
import { makeGraph } from './graph.ts';
import { GraphError } from './graphError.ts';
import { loop } from './loop.ts';
import type { Primitive } from './primitive.ts';
import type { Value } from './value.ts';

interface Literal {
  readonly of: readonly { readonly shape: readonly Dim[]; readonly dtype?: DType; readonly elements: readonly number[] }[];
  readonly build: (...operands: Value[]) => Value;
  readonly expected: readonly number[];
}

const one = (xs: readonly number[], f: (x: Value) => Value, expected: readonly number[], dtype: DType = 'f32'): Literal => ({
  of: [{ shape: [xs.length], dtype, elements: xs }],
  build: f as Literal['build'],
  expected,
});
const two = (
  xs: readonly number[],
  ys: readonly number[],
  f: (x: Value, y: Value) => Value,
  expected: readonly number[],
  dtype: DType = 'f32',
): Literal => ({
  of: [xs, ys].map((elements) => ({ shape: [elements.length], dtype, elements })),
  build: f as Literal['build'],
  expected,
});
const onShape = (
  shape: readonly Dim[],
  elements: readonly number[],
  f: (x: Value) => Value,
  expected: readonly number[],
  dtype: DType = 'f32',
): Literal => ({
  of: [{ shape, dtype, elements }],
  build: f as Literal['build'],
  expected,
});
const alone = (f: () => Value, expected: readonly number[]): Literal => ({ of: [], build: f, expected });

const loopOf = (x: Value, what: 'each' | 'last'): Value => {
  const { carries, each } = loop(4, [build.constant(0, [], x.dtype)], [x], (index, [sum], [row]) => {
    const next = build.add(row as Value, build.mul(sum as Value, build.constant(2, [], x.dtype)));
    return { carries: [next], each: [build.add(next, build.cast(index, x.dtype))] };
  });
  return (what === 'each' ? each : carries)[0] as Value;
};

const big = 2 ** 31;

/** Written by hand, at least one for each primitive. */
const literals: { readonly [P in Primitive]: readonly Literal[] } = {
  input: [one([3, 1, 4], (x) => x, [3, 1, 4])],
  data: [one([3, 1, 4], (x) => x, [3, 1, 4])],
  constant: [alone(() => build.constant(2.5, [2, 2], 'f32'), [2.5, 2.5, 2.5, 2.5]), alone(() => build.constant(1, [], 'bool'), [1])],
  iota: [alone(() => build.iota(0, [2, 3], 'i32'), [0, 0, 0, 1, 1, 1]), alone(() => build.iota(1, [2, 3], 'f32'), [0, 1, 2, 0, 1, 2])],
  neg: [one([1.5, -2], build.neg, [-1.5, 2]), one([5, -big], build.neg, [-5, -big], 'i32')],
  exp: [one([0, 2], build.exp, [1, 7.38905609893065])],
  log: [one([1, 3, 0], build.log, [0, 1.0986122886681098, -Infinity])],
  sqrt: [one([9, 3], build.sqrt, [3, 1.7320508075688772])],
  tanh: [one([0, 1, -1], build.tanh, [0, 0.7615941559557649, -0.7615941559557649])],
  sigmoid: [one([0, 1, -1000], build.sigmoid, [0.5, 0.7310585786300049, 0])],
  sin: [one([0, Math.PI / 6, -Math.PI / 2], (x) => build.sin(x), [0, 0.5, -1])],
  cos: [one([0, Math.PI / 3, Math.PI], (x) => build.cos(x), [1, 0.5, -1])],
  // Abramowitz and Stegun, table 7.1
  erf: [
    one(
      [0, 0.5, -1, 2, 4, 9],
      (x) => build.erf(x),
      [0, 0.5204998778130465, -0.8427007929497149, 0.9953222650189527, 0.9999999845827421, 1],
    ),
  ],
  log1p: [one([0, Math.E - 1, 1e-20], (x) => build.log1p(x), [0, 1, 1e-20])],
  expm1: [one([0, 1, -1e-20], (x) => build.expm1(x), [0, Math.E - 1, -1e-20])],
  floor: [one([1.5, -1.5, 2, -0.25], (x) => build.floor(x), [1, -2, 2, -1])],
  round: [one([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, -2.6], (x) => build.round(x), [0, 2, 2, 0, -2, 2, -3])],
  relu: [one([-1, 0, 2.5], build.relu, [0, 0, 2.5]), one([-7, 7], build.relu, [0, 7], 'i32')],
  add: [
    two([1, 2], [0.5, -4], build.add, [1.5, -2]),
    two([big - 1, -big], [1, -1], build.add, [-big, big - 1], 'i32'),
    two([2 * big - 1], [2], build.add, [1], 'u32'),
  ],
  sub: [
    two([1, 2], [0.5, -4], build.sub, [0.5, 6]),
    two([0], [1], build.sub, [2 * big - 1], 'u32'),
    two([-big], [1], build.sub, [big - 1], 'i32'),
  ],
  mul: [
    two([3, -2], [0.5, 4], build.mul, [1.5, -8]),
    two([65536, 123456789], [65537, 1000], build.mul, [65536, -1097262584], 'i32'),
    two([65536, 4294967295], [65537, 4294967295], build.mul, [65536, 1], 'u32'),
  ],
  div: [
    two([3, -1], [2, 4], build.div, [1.5, -0.25]),
    two([7, -7, 5, -big], [2, 2, 0, -1], build.div, [3, -3, 5, -big], 'i32'),
    two([4294967295, 9], [2, 0], build.div, [2147483647, 9], 'u32'),
  ],
  maximum: [two([1, -3], [0, -2], build.maximum, [1, -2])],
  compare: (
    [
      ['eq', [0, 1, 0]],
      ['ne', [1, 0, 1]],
      ['lt', [1, 0, 0]],
      ['le', [1, 1, 0]],
      ['gt', [0, 0, 1]],
      ['ge', [0, 1, 1]],
    ] as const
  ).map(([direction, expected]) => two([1, 2, 3], [2, 2, 2], (x, y) => build.compare(x, y, direction), expected)),
  select: [
    {
      of: [
        { shape: [3], dtype: 'bool', elements: [1, 0, 1] },
        { shape: [3], elements: [1, 2, 3] },
        { shape: [3], elements: [-1, -2, -3] },
      ],
      build: build.select as Literal['build'],
      expected: [1, -2, 3],
    },
  ],
  pow: [two([2, -2, -2, 0, 9, -1], [3, 3, -2, 0, 0.5, 0.5], (x, y) => build.pow(x, y), [8, -8, 0.25, 1, 3, NaN])],
  rem: [
    two([7, -7, 7, 5, -big], [3, 3, -3, 0, -1], (x, y) => build.rem(x, y), [1, -1, 1, 0, 0], 'i32'),
    two([2 * big - 1, 5], [16, 0], (x, y) => build.rem(x, y), [15, 0], 'u32'),
  ],
  bitAnd: [
    two([12, -1], [10, 6], (x, y) => build.bitAnd(x, y), [8, 6], 'i32'),
    two([2 * big - 1], [big], (x, y) => build.bitAnd(x, y), [big], 'u32'),
  ],
  bitOr: [
    two([12, -8], [10, 1], (x, y) => build.bitOr(x, y), [14, -7], 'i32'),
    two([big], [1], (x, y) => build.bitOr(x, y), [big + 1], 'u32'),
  ],
  bitXor: [
    two([12, 5], [10, -1], (x, y) => build.bitXor(x, y), [6, -6], 'i32'),
    two([2 * big - 1], [1], (x, y) => build.bitXor(x, y), [2 * big - 2], 'u32'),
  ],
  shiftLeft: [
    two([1, 3, 1], [31, 1, 33], (x, y) => build.shiftLeft(x, y), [-big, 6, 2], 'i32'),
    two([3], [31], (x, y) => build.shiftLeft(x, y), [big], 'u32'),
  ],
  shiftRight: [
    two([-8, 8, 8], [1, 2, 34], (x, y) => build.shiftRight(x, y), [-4, 2, 2], 'i32'),
    two([big], [31], (x, y) => build.shiftRight(x, y), [1], 'u32'),
  ],
  cast: [
    one([1.9, -1.9, 3e9, -3e9, NaN], (x) => build.cast(x, 'i32'), [1, -1, big - 1, -big, 0]),
    one([1.9, -1.9, 5e9], (x) => build.cast(x, 'u32'), [1, 0, 2 * big - 1]),
    one([0, -0.5, 2], (x) => build.cast(x, 'bool'), [0, 1, 1]),
    one([0, 1], (x) => build.cast(x, 'f32'), [0, 1], 'bool'),
    one([-1, 5], (x) => build.cast(x, 'u32'), [2 * big - 1, 5], 'i32'),
    one([2 * big - 1], (x) => build.cast(x, 'i32'), [-1], 'u32'),
    one([1.25], (x) => build.cast(x, 'f16'), [1.25]),
  ],
  randomBits: [
    // Random123's known answers for threefry2x32 with 20 rounds
    ...(
      [
        [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
        [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
        [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
      ] as const
    ).map(([k0, k1, c0, c1, first, second]): Literal => {
      const word = (x: number): Value => build.constant(x, [3], 'u32');
      const draw = (which: 'first' | 'second' | 'both'): Value =>
        build.slice(build.randomBits([word(k0), word(k1)], [word(c0), word(c1)], which), {
          starts: [0],
          limits: [1],
          strides: [1],
          shape: [1],
        });
      const pad = (x: Value, low: number): Value => build.pad(x, { low: [low], high: [2 - low], interior: [0], value: 0, shape: [3] });
      return {
        of: [],
        build: (() => build.add(build.add(pad(draw('first'), 0), pad(draw('second'), 1)), pad(draw('both'), 2))) as Literal['build'],
        expected: [first, second, (first ^ second) >>> 0],
      };
    }),
  ],
  permute: [
    onShape([2, 3], [1, 2, 3, 4, 5, 6], (x) => build.permute(x, [1, 0]), [1, 4, 2, 5, 3, 6]),
    onShape([2, 1, 3], [1, 2, 3, 4, 5, 6], (x) => build.permute(x, [2, 0, 1]), [1, 4, 2, 5, 3, 6]),
    onShape([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8], (x) => build.permute(x, [1, 2, 0]), [1, 5, 2, 6, 3, 7, 4, 8]),
  ],
  reshape: [onShape([2, 3], [1, 2, 3, 4, 5, 6], (x) => build.reshape(x, ['a=3', 2]), [1, 2, 3, 4, 5, 6])],
  broadcast: [
    onShape([2], [1, 2], (x) => build.broadcast(x, [3, 2], [1]), [1, 2, 1, 2, 1, 2]),
    onShape([2], [1, 2], (x) => build.broadcast(x, [2, 3], [0]), [1, 1, 1, 2, 2, 2]),
    onShape([2, 1], [1, 2], (x) => build.broadcast(x, [2, 3], [0, 1]), [1, 1, 1, 2, 2, 2]),
    onShape([], [7], (x) => build.broadcast(x, [2, 2], []), [7, 7, 7, 7]),
  ],
  slice: [
    onShape(
      [2, 3],
      [1, 2, 3, 4, 5, 6],
      (x) => build.slice(x, { starts: [0, 1], limits: [2, 3], strides: [1, 1], shape: [2, 2] }),
      [2, 3, 5, 6],
    ),
    onShape(
      [7],
      [0, 1, 2, 3, 4, 5, 6],
      (x) => build.slice(x, { starts: [1], limits: [undefined], strides: [2], shape: ['c=3'] }),
      [1, 3, 5],
    ),
    onShape([7], [0, 1, 2, 3, 4, 5, 6], (x) => build.slice(x, { starts: [0], limits: [6], strides: [4], shape: [2] }), [0, 4]),
  ],
  pad: [
    onShape([3], [1, 2, 3], (x) => build.pad(x, { low: [1], high: [2], interior: [1], value: 9, shape: [8] }), [9, 1, 9, 2, 9, 3, 9, 9]),
    onShape(
      [1, 2],
      [1, 2],
      (x) => build.pad(x, { low: [1, 0], high: [0, 1], interior: [0, 0], value: 0, shape: [2, 3] }),
      [0, 0, 0, 1, 2, 0],
    ),
    onShape([2], [1, 0], (x) => build.pad(x, { low: [0], high: [1], interior: [0], value: 1, shape: [3] }), [1, 0, 1], 'bool'),
  ],
  skew: [
    onShape(
      [4, 2],
      [1, 2, 3, 4, 5, 6, 7, 8],
      (x) => build.skew(x, { axis: 0, window: 1, stride: 1, dilation: 1, shape: [3, 2] }),
      [1, 4, 3, 6, 5, 8],
    ),
    onShape([2, 3], [1, 2, 3, 4, 5, 6], (x) => build.skew(x, { axis: 1, window: 0, stride: 1, dilation: 1, shape: [2, 2] }), [1, 2, 5, 6]),
    // windows of 2, every other element, two apart
    onShape(
      [5],
      [0, 1, 2, 3, 4],
      (x) => build.skew(build.broadcast(x, [5, 2], [0]), { axis: 0, window: 1, stride: 2, dilation: 2, shape: [2, 2] }),
      [0, 2, 2, 4],
    ),
  ],
  unskew: [
    onShape(
      [3, 2],
      [1, 2, 3, 4, 5, 6],
      (y) => build.unskew(y, { axis: 0, window: 1, stride: 1, dilation: 1, shape: [4, 2] }),
      [1, 0, 3, 2, 5, 4, 0, 6],
    ),
    onShape(
      [2, 2],
      [1, 2, 3, 4],
      (y) => build.unskew(y, { axis: 0, window: 1, stride: 2, dilation: 1, shape: [4, 2] }),
      [1, 0, 0, 2, 3, 0, 0, 4],
    ),
  ],
  gather: [
    {
      of: [
        { shape: [3, 2], elements: [1, 2, 3, 4, 5, 6] },
        { shape: [4], dtype: 'i32', elements: [2, 0, 7, -1] },
      ],
      build: ((x: Value, indices: Value) => build.gather(x, indices, 0)) as Literal['build'],
      expected: [5, 6, 1, 2, 5, 6, 1, 2],
    },
    {
      of: [
        { shape: [2, 3], elements: [1, 2, 3, 4, 5, 6] },
        { shape: [2, 1], dtype: 'u32', elements: [1, 2] },
      ],
      build: ((x: Value, indices: Value) => build.gather(x, indices, 1)) as Literal['build'],
      expected: [2, 3, 5, 6],
    },
  ],
  scatterAdd: [
    {
      of: [
        { shape: [4, 2], elements: [1, 2, 3, 4, 5, 6, 7, 8] },
        { shape: [4], dtype: 'i32', elements: [2, 0, 7, -1] },
      ],
      build: ((x: Value, indices: Value) => build.scatterAdd(x, indices, 0, 3)) as Literal['build'],
      expected: [10, 12, 0, 0, 6, 8],
    },
    {
      of: [
        { shape: [2, 2, 1], dtype: 'u32', elements: [2 ** 32 - 1, 2, 3, 4] },
        { shape: [2, 1], dtype: 'u32', elements: [1, 1] },
      ],
      build: ((x: Value, indices: Value) => build.scatterAdd(x, indices, 1, 2)) as Literal['build'],
      expected: [0, 1, 0, 7],
    },
  ],
  reduceSum: [
    onShape([2, 3], [1, 2, 3, 4, 5, 6], (x) => build.reduceSum(x, [0]), [5, 7, 9]),
    onShape([2, 3], [1, 2, 3, 4, 5, 6], (x) => build.reduceSum(x, [1]), [6, 15]),
    onShape([2, 3], [1, 2, 3, 4, 5, 6], (x) => build.reduceSum(x, [0, 1]), [21]),
    onShape([2, 1, 2], [1, 2, 3, 4], (x) => build.reduceSum(x, [0, 2]), [10]),
    onShape([2], [big - 1, 1], (x) => build.reduceSum(x, [0]), [-big], 'i32'),
  ],
  reduceMax: [
    onShape([2, 3], [-1, -2, -3, 4, 6, 5], (x) => build.reduceMax(x, [1]), [-1, 6]),
    onShape([2, 3], [-1, -2, -3, 4, 6, 5], (x) => build.reduceMax(x, [0]), [4, 6, 5]),
    onShape([2], [-big, -9], (x) => build.reduceMax(x, [0]), [-9], 'i32'),
  ],
  contract: [
    {
      // the worked example's X W
      of: [
        { shape: ['n=3', 'in=2'], elements: [1, 0, 0, 1, 1, 1] },
        { shape: ['in=2', 'out=2'], elements: [2, 1, -1, 3] },
      ],
      build: ((x: Value, w: Value) => build.contract(x, w, { left: [1], right: [0] })) as Literal['build'],
      expected: [2, 1, -1, 3, 1, 4],
    },
    {
      // the worked example's dX: dY times W transposed
      of: [
        { shape: ['n=3', 'out=2'], elements: [1, 1, 1, 1, 1, 1] },
        { shape: ['in=2', 'out=2'], elements: [2, 1, -1, 3] },
      ],
      build: ((dy: Value, w: Value) => build.contract(dy, w, { left: [1], right: [1] })) as Literal['build'],
      expected: [3, 2, 3, 2, 3, 2],
    },
    {
      // batch axis first on the left, last on the right: b[k, n, b]
      of: [
        { shape: ['b=2', 'm=1', 'k=2'], elements: [1, 2, 3, 4] },
        { shape: ['k=2', 'n=3', 'b=2'], elements: [1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12] },
      ],
      build: ((x: Value, y: Value) => build.contract(x, y, { left: [2], right: [0], leftBatch: [0], rightBatch: [2] })) as Literal['build'],
      expected: [9, 12, 15, 61, 68, 75],
    },
    {
      // two contracted pairs, crossed
      of: [
        { shape: ['i=2', 'j=3'], elements: [1, 2, 3, 4, 5, 6] },
        { shape: ['j=3', 'i=2'], elements: [1, 0, 0, 1, 1, 0] },
      ],
      build: ((x: Value, y: Value) => build.contract(x, y, { left: [0, 1], right: [1, 0] })) as Literal['build'],
      expected: [9],
    },
    {
      // an outer product
      of: [
        { shape: [2], elements: [1, 2] },
        { shape: [3], elements: [3, 4, 5] },
      ],
      build: ((x: Value, y: Value) => build.contract(x, y, { left: [], right: [] })) as Literal['build'],
      expected: [3, 4, 5, 6, 8, 10],
    },
  ],
  loop: [
    // 1, 1 + 2 * 1, 2 + 2 * 3, 3 + 2 * 8, each with its place added
    onShape([4], [1, 1, 2, 3], (x) => loopOf(x, 'each'), [1, 4, 10, 22]),
    onShape([4], [1, 1, 2, 3], (x) => loopOf(x, 'last'), [19]),
  ],
  identity: [one([1, 2], (x) => build.identity(x), [1, 2])],
  stopGradient: [one([1, 2], (x) => build.stopGradient(x), [1, 2])],
  after: [two([1, 2], [3, 4], (x, y) => build.after(x, [y]), [1, 2])],
  customGradient: [two([1, 2], [3, 4], (x, y) => build.customGradient([x], [y], () => [undefined])[0] ?? y, [1, 2])],
};

describe('evaluate', () => {
  for (const [primitive, cases] of Object.entries(literals)) {
    it.each(cases.map((literal, i) => ({ literal, i })))(`${primitive} $i`, ({ literal }) => {
      const inputs = literal.of.map(({ shape, dtype = 'f32' }, i) =>
        primitive === 'data' ? build.data({}, shape, dtype) : build.input(`x${i}`, shape, dtype),
      );
      const graph = makeGraph(primitive, inputs, [literal.build(...inputs)]);
      const [result] = evaluate(
        graph,
        literal.of.map(({ elements }) => elements),
      );
      const expected = Float64Array.from(literal.expected);
      expect(result).toHaveLength(expected.length);
      for (const [i, x] of expected.entries()) {
        if (Number.isNaN(x)) expect(result?.[i]).toBeNaN();
        else expect(result?.[i]).toBeCloseTo(x, 14);
      }
    });
  }

  it('takes the sizes of symbolic axes', () => {
    const x = build.input('x', ['batch', 2], 'f32');
    const graph = makeGraph('f', [x], [build.reduceSum(x, [0])]);
    expect(evaluate(graph, [[1, 2, 3, 4, 5, 6]], { batch: 3 })).toEqual([Float64Array.of(9, 12)]);
    expect(() => evaluate(graph, [[1, 2]])).toThrow("internal: evaluate: the axis 'batch' has no size");
  });

  it('refuses a wrong number of inputs or elements', () => {
    const x = build.input('x', [2], 'f32');
    const graph = makeGraph('f', [x], [x]);
    expect(() => evaluate(graph, [])).toThrow(GraphError);
    expect(() => evaluate(graph, [[1, 2, 3]])).toThrow('internal: evaluate: input 0 of f is f32[2], and 3 elements came');
  });

  it('gives results of its own, and computes chains of any depth', () => {
    const x = build.input('x', [1], 'f32');
    const elements = Float64Array.of(1);
    const [same] = evaluate(makeGraph('f', [x], [x]), [elements]);
    expect(same).toEqual(elements);
    expect(same).not.toBe(elements);
    let y = x;
    for (let i = 0; i < 20_000; i++) y = build.neg(y);
    expect(evaluate(makeGraph('deep', [x], [y]), [elements])).toEqual([elements]);
  });
});
