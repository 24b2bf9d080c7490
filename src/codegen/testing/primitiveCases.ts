/** Graphs for every primitive, more than one where it has several ways to run: what runs on a device and is held against the evaluator. */
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import { loop } from '../../graph/loop.ts';
import type { Primitive } from '../../graph/primitive.ts';
import type { Graph, Value } from '../../graph/value.ts';
import type { Dim } from '../../types/dim.ts';

const f32 = (name: string, shape: readonly Dim[] = ['n=7', 'c=5']): Value => b.input(name, shape, 'f32');
const [x, y, z] = [f32('x'), f32('y'), f32('z')];
const i = b.input('i', ['n=7', 'c=5'], 'i32');
const j = b.input('j', ['n=7', 'c=5'], 'i32');
const u = b.input('u', ['n=7', 'c=5'], 'u32');
const p = b.input('p', ['n=7', 'c=5'], 'bool');
const positive = b.add(b.mul(x, x), b.constantLike(x, 0.125));
/** Windows of 3 rows, every other one: [3, 3, c=5]. */
const windows = (of: Value): Value =>
  b.skew(b.broadcast(of, ['n=7', 3, 'c=5'], [0, 2]), { axis: 0, window: 1, stride: 2, dilation: 1, shape: [3, 3, 'c=5'] });
const mark = (): Value => b.customGradient([b.exp(x)], [x], () => [undefined])[0] ?? x;

/** Down the rows: one that is kept, one that is multiplied by a matrix, and a count. */
const steps = (): readonly Value[] => {
  const w = b.iota(0, ['c=5', 'd=5'], 'f32');
  const first = [b.constant(0, ['c=5'], 'f32'), b.constant(1, ['c=5'], 'f32'), b.constant(0, ['c=5'], 'i32')];
  const { carries, each } = loop('n=7', first, [x, i], (index, [sum, state, count], [row, whole]) => {
    if (!sum || !state || !count || !row || !whole) throw new Error('three carries, two rows');
    const next = b.tanh(b.add(row, b.reshape(b.contract(state, w, { left: [0], right: [0] }), ['c=5'])));
    const place = b.broadcast(b.cast(index, 'i32'), ['c=5'], []);
    return { carries: [b.add(sum, b.mul(row, state)), next, b.add(count, b.mul(whole, place))], each: [next, b.compare(row, sum, 'lt')] };
  });
  return [...carries, ...each];
};

const cases: { readonly [P in Primitive]: readonly Value[] } = {
  input: [x],
  data: [b.add(b.data({}, ['n=7', 'c=5'], 'f32'), x)],
  constant: [
    b.constant(1 / 3, [4], 'f32'),
    b.constant(-7, [4], 'i32'),
    b.constant(7, [4], 'u32'),
    b.constant(1, [4], 'bool'),
    b.constant(-(2 ** 31), [4], 'i32'),
  ],
  iota: [b.iota(1, [3, 4], 'f32'), b.iota(0, [3, 4], 'i32')],
  neg: [b.neg(x), b.neg(i)],
  exp: [b.exp(x)],
  log: [b.log(positive)],
  sqrt: [b.sqrt(positive)],
  tanh: [b.tanh(x)],
  sigmoid: [b.sigmoid(x)],
  sin: [b.sin(b.mul(x, b.constantLike(x, 3)))],
  cos: [b.cos(b.mul(x, b.constantLike(x, 3)))],
  erf: [b.erf(b.mul(x, b.constantLike(x, 5))), b.erf(b.mul(x, b.constantLike(x, 0.25)))],
  log1p: [b.log1p(b.mul(x, b.constantLike(x, 0.9))), b.log1p(b.mul(x, b.constantLike(x, 1e-4)))],
  expm1: [b.expm1(b.mul(x, b.constantLike(x, 2))), b.expm1(b.mul(x, b.constantLike(x, 1e-4)))],
  floor: [b.floor(b.mul(x, b.constantLike(x, 9)))],
  round: [b.round(b.mul(x, b.constantLike(x, 9))), b.round(b.mul(b.cast(i, 'f32'), b.constantLike(x, 0.5)))],
  relu: [b.relu(x), b.relu(i)],
  add: [b.add(x, y), b.add(i, j)],
  sub: [b.sub(x, y), b.sub(i, j)],
  mul: [b.mul(x, y), b.mul(i, j), b.mul(u, u)],
  div: [b.div(x, positive), b.div(i, j)],
  maximum: [b.maximum(x, y), b.maximum(i, j), b.maximum(u, u)],
  pow: [
    b.pow(positive, b.mul(y, b.constantLike(y, 3))),
    b.pow(x, b.cast(b.rem(i, b.constantLike(i, 4)), 'f32')),
    b.pow(x, b.constantLike(x, 3)),
  ],
  rem: [b.rem(i, j), b.rem(u, b.cast(b.relu(j), 'u32'))],
  bitAnd: [b.bitAnd(i, j), b.bitAnd(u, b.cast(b.relu(j), 'u32'))],
  bitOr: [b.bitOr(i, j), b.bitOr(u, b.cast(b.relu(j), 'u32'))],
  bitXor: [b.bitXor(i, j), b.bitXor(u, b.cast(b.relu(j), 'u32'))],
  shiftLeft: [b.shiftLeft(i, j), b.shiftLeft(u, b.cast(b.relu(j), 'u32'))],
  shiftRight: [b.shiftRight(i, j), b.shiftRight(u, b.cast(b.relu(j), 'u32'))],
  compare: (['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const).flatMap((direction) => [
    b.compare(x, y, direction),
    b.compare(i, j, direction),
    b.compare(p, b.compare(x, y, 'lt'), direction),
  ]),
  select: [b.select(b.compare(x, y, 'gt'), x, z), b.select(p, i, j), b.select(p, p, b.compare(x, y, 'lt'))],
  cast: [
    b.cast(b.mul(x, b.constantLike(x, 9)), 'i32'),
    b.cast(i, 'f32'),
    b.cast(p, 'f32'),
    b.cast(i, 'bool'),
    b.cast(x, 'bool'),
    b.cast(i, 'u32'),
    b.cast(p, 'i32'),
  ],
  randomBits: (['first', 'second', 'both'] as const).map((word) =>
    b.randomBits([u, b.constantLike(u, 7)], [b.constantLike(u, 0), b.iota(1, u.shape, 'u32')], word),
  ),
  permute: [b.permute(x, [1, 0]), b.add(b.permute(x, [1, 0]), b.permute(y, [1, 0])), b.permute(b.reshape(x, [7, 1, 5]), [2, 1, 0])],
  reshape: [b.reshape(x, [35]), b.exp(b.reshape(b.permute(x, [1, 0]), [5, 7, 1])), b.reshape(b.permute(x, [1, 0]), [7, 5])],
  broadcast: [b.broadcast(b.reshape(x, [7, 1, 5]), [2, 7, 3, 5], [1, 2, 3]), b.mul(x, b.broadcast(f32('c', ['c=5']), x.shape, [1]))],
  slice: [
    b.slice(x, { starts: [1, 0], limits: [6, undefined], strides: [2, 1], shape: [3, 5] }),
    b.exp(b.slice(b.cast(b.div(i, b.constantLike(i, 50)), 'f32'), { starts: [0, 4], limits: [7, 5], strides: [1, 1], shape: [7, 1] })),
    b.slice(p, { starts: [2, 2], limits: [7, 5], strides: [3, 2], shape: [2, 2] }),
  ],
  pad: [
    b.pad(x, { low: [1, 0], high: [0, 3], interior: [2, 0], value: Number.NEGATIVE_INFINITY, shape: [20, 8] }),
    b.add(b.pad(x, { low: [0, 2], high: [0, 0], interior: [0, 0], value: 1, shape: [7, 7] }), f32('wide', [7, 7])),
    b.pad(i, { low: [0, 0], high: [0, 0], interior: [1, 1], value: -3, shape: [13, 9] }),
    b.pad(p, { low: [1, 1], high: [1, 1], interior: [0, 0], value: 1, shape: [9, 7] }),
    b.pad(b.pad(x, { low: [1, 0], high: [0, 0], interior: [0, 0], value: 5, shape: [8, 5] }), {
      low: [2, 1],
      high: [0, 0],
      interior: [0, 0],
      value: 7,
      shape: [10, 6],
    }),
  ],
  skew: [b.skew(x, { axis: 0, window: 1, stride: 1, dilation: 1, shape: [3, 'c=5'] }), b.neg(windows(x))],
  unskew: [
    b.unskew(x, { axis: 0, window: 1, stride: 2, dilation: 3, shape: [26, 'c=5'] }),
    b.reduceSum(b.unskew(windows(x), { axis: 0, window: 1, stride: 2, dilation: 1, shape: ['n=7', 3, 'c=5'] }), [1]),
  ],
  gather: [
    b.gather(x, i, 0),
    b.add(b.gather(x, b.reshape(u, [35]), 1), b.gather(x, b.reshape(u, [35]), 1)),
    b.gather(x, b.constant(-1, [], 'i32'), 0),
    b.gather(b.gather(x, b.iota(0, [9], 'i32'), 0), b.cast(b.relu(b.mul(x, b.constantLike(x, 5))), 'u32'), 1),
    b.pad(b.gather(p, b.iota(0, [3], 'i32'), 0), { low: [1, 0], high: [0, 0], interior: [0, 0], value: 1, shape: [4, 5] }),
    b.reduceMax(b.gather(i, b.cast(b.reduceSum(x, [1]), 'i32'), 0), [1]),
  ],
  scatterAdd: [
    b.scatterAdd(x, b.cast(b.reduceSum(i, [1]), 'i32'), 0, 'v=6'),
    b.scatterAdd(b.exp(x), u, 0, 4),
    b.neg(b.scatterAdd(b.broadcast(x, [3, 'n=7', 'c=5', 2], [1, 2]), b.reduceMax(i, [0]), 2, 'v=9')),
    b.scatterAdd(i, b.iota(0, ['n=7'], 'u32'), 0, 'n=7'),
    b.scatterAdd(b.reshape(x, ['n=7', 5]), b.constant(2, [], 'i32'), 1, 3),
    b.scatterAdd(f32('wide', ['n=7', 70]), b.reduceSum(i, [1]), 0, 30_000),
    b.scatterAdd(
      f32('long', ['t=90', 3]),
      b.div(b.mul(b.iota(0, ['t=90'], 'i32'), b.constant(7919, ['t=90'], 'i32')), b.constant(97, ['t=90'], 'i32')),
      0,
      5000,
    ),
    b.exp(b.scatterAdd(f32('two', [2, 9, 6, 'c=5']), b.input('ids', [9, 6], 'i32'), 1, 'v=700')),
  ],
  reduceSum: [
    b.reduceSum(x, [0]),
    b.reduceSum(x, [1]),
    b.reduceSum(x, [0, 1]),
    b.reduceSum(i, [1]),
    b.reduceSum(b.exp(b.permute(x, [1, 0])), [0]),
  ],
  reduceMax: [b.reduceMax(x, [0]), b.reduceMax(i, [1]), b.reduceMax(u, [0, 1]), b.reduceMax(b.neg(positive), [1])],
  contract: [
    b.contract(x, y, { left: [1], right: [1] }),
    b.contract(i, j, { left: [0], right: [0] }),
    b.contract(x, y, { left: [], right: [] }),
  ],
  loop: steps(),
  identity: [b.identity(x)],
  stopGradient: [b.stopGradient(x)],
  after: [b.after(x, [b.exp(x)]), b.mul(b.exp(b.after(x, [b.exp(x)])), x)],
  customGradient: [mark()],
};

const leaves = (values: readonly Value[]): readonly Value[] => {
  const found = new Set<Value>();
  const visit = (value: Value): void => {
    if (value.primitive === 'input' || value.primitive === 'data') found.add(value);
    value.operands.forEach(visit);
  };
  values.forEach(visit);
  return [...found];
};

/** Each primitive with its graphs of one output. */
export const primitiveCases: readonly (readonly [primitive: string, graphs: readonly Graph[]])[] = Object.entries(cases).map(
  ([primitive, outputs]) => [primitive, outputs.map((output) => makeGraph(primitive, leaves([output]), [output]))],
);
