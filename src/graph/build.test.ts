import { describe, expect, it } from 'vitest';
import * as build from './build.ts';
import { GraphError } from './graphError.ts';

const x = build.input('x', ['n=3', 'in=2'], 'f32');
const w = build.input('w', ['in=2', 'out=2'], 'f32');
const n = build.input('n', ['n=3', 'in=2'], 'i32');
const c = build.input('c', ['n=3', 'in=2'], 'bool');
const batch = build.input('batch', ['batch', 28, 28], 'f32');

describe('build', () => {
  it('gives levels, and marks what has no data yet', () => {
    const known = build.data({}, ['n=3', 'in=2'], 'f32');
    expect([known.level, known.traced, x.level, x.traced]).toEqual([0, false, 0, true]);
    const sum = build.add(known, build.neg(known));
    expect([sum.level, sum.traced]).toEqual([2, false]);
    expect(build.add(sum, x)).toMatchObject({ level: 3, traced: true });
    expect(build.identity(known).traced).toBe(false);
    expect(build.identity(known, { traced: true }).traced).toBe(true);
  });

  it('infers shapes from dims, literal and symbolic', () => {
    expect(build.contract(x, w, { left: [1], right: [0] }).shape).toEqual(['n=3', 'out=2']);
    expect(build.contract(w, w, { left: [0], right: [0] }).shape).toEqual(['out=2', 'out=2']);
    expect(build.permute(x, [1, 0]).shape).toEqual(['in=2', 'n=3']);
    expect(build.reduceMax(x, [0]).shape).toEqual(['in=2']);
    expect(build.reshape(batch, ['batch', 784]).shape).toEqual(['batch', 784]);
    expect(
      build.slice(batch, { starts: [0, 2, 1], limits: [undefined, 9, undefined], strides: [1, 2, 9], shape: ['batch', 'a=4', 3] }).shape,
    ).toEqual(['batch', 'a=4', 3]);
    expect(build.gather(batch, n, 1)).toMatchObject({ shape: ['batch', 'n=3', 'in=2', 28], dtype: 'f32' });
    expect(build.compare(n, n, 'eq')).toMatchObject({ shape: ['n=3', 'in=2'], dtype: 'bool' });
  });

  it('keeps the origin', () => {
    const origin = new Error('here');
    const y = build.neg(x, origin);
    expect(y.origin).toBe(origin);
    expect('origin' in build.neg(x)).toBe(false);
    expect(build.withOperands(y, [build.exp(x)]).origin).toBe(origin);
  });

  it('rebuilds a value only if an operand differs', () => {
    const y = build.neg(x);
    expect(build.withOperands(y, [x])).toBe(y);
    expect(build.withOperands(y, [build.exp(x)])).toMatchObject({ primitive: 'neg', level: 2 });
    const mark = build.identity(build.data({}, [2], 'f32'), { traced: true });
    expect(build.withOperands(mark, [build.data({}, [2], 'f32')]).traced).toBe(true);
  });

  const zero = 'the shape [n=0] has an axis of size 0';
  const slice =
    (starts: number[], limits: (number | undefined)[], strides: number[], shape: (number | string)[], of = x) =>
    () =>
      build.slice(of, { starts, limits, strides, shape });
  const pad =
    (low: number[], high: number[], interior: number[], shape: (number | string)[], of = x, value = 0) =>
    () =>
      build.pad(of, { low, high, interior, value, shape });
  const skewed =
    (make: typeof build.skew, axis: number, window: number, stride: number, dilation: number, shape: (number | string)[], of = x) =>
    () =>
      make(of, { axis, window, stride, dilation, shape });
  const all = [undefined, undefined];
  const refusedCuts: readonly (readonly [string, () => unknown])[] = [
    ['slice: an entry for each axis of [n=3, in=2] is due, in the result [3], too', slice([0], all, [1, 1], [3])],
    ['slice: starts are whole numbers from 0, not -1', slice([-1, 0], all, [1, 1], [3, 2])],
    ['slice: strides are whole numbers from 1, not 0', slice([0, 0], all, [0, 1], [3, 2])],
    ['slice: 2 to 2 is no part of axis 0 of [n=3, in=2]', slice([2, 0], [2, undefined], [1, 1], [1, 2])],
    ['slice: 0 to 4 is no part of axis 0 of [n=3, in=2]', slice([0, 0], [4, undefined], [1, 1], [4, 2])],
    ['slice: axis 0 of [n=3, in=2] comes out at 2, not as in [3, 2]', slice([0, 0], all, [2, 1], [3, 2])],
    [
      'slice: axis 0 of [batch, 28, 28] is symbolic and must stay whole',
      slice([1, 0, 0], [...all, undefined], [1, 1, 1], ['batch', 28, 28], batch),
    ],
    [
      'slice: axis 0 of [batch, 28, 28] comes out at batch, not as in [n, 28, 28]',
      slice([0, 0, 0], [...all, undefined], [1, 1, 1], ['n', 28, 28], batch),
    ],
    ['pad: low, high and interior are whole numbers from 0, not -1', pad([-1, 0], [0, 0], [0, 0], [2, 2])],
    ['pad: axis 0 of [n=3, in=2] comes out at 7, not as in [6, 2]', pad([1, 0], [1, 0], [1, 0], [6, 2])],
    ['pad: axis 0 of [batch, 28, 28] is symbolic and must stay whole', pad([1, 0, 0], [0, 0, 0], [0, 0, 0], ['batch', 28, 28], batch)],
    ['pad: 0.5 is not a i32', pad([1, 0], [0, 0], [0, 0], [4, 2], n, 0.5)],
    ['pad: bool is 0 or 1, not 2', pad([1, 0], [0, 0], [0, 0], [4, 2], c, 2)],
    ['skew: an axis stands twice in [0, 0]', skewed(build.skew, 0, 0, 1, 1, [2, 2])],
    ['skew: stride and dilation are whole numbers from 1, not 0', skewed(build.skew, 0, 1, 0, 1, [2, 'in=2'])],
    ['skew: 3 windows reach over 4 of axis 0: [n=3, in=2], [3, in=2]', skewed(build.skew, 0, 1, 1, 1, [3, 'in=2'])],
    ['skew: axis 1 of [n=3, in=2] comes out at in=2, not as in [2, 1]', skewed(build.skew, 0, 1, 1, 1, [2, 1])],
    ['skew: axis 0 of [batch, 28, 28] is symbolic and must stay whole', skewed(build.skew, 0, 1, 1, 1, [3, 28, 28], batch)],
    ['unskew: 3 windows reach over 6 of axis 0: [n=3, in=2], [5, in=2]', skewed(build.unskew, 0, 1, 2, 1, [5, 'in=2'])],
  ];
  const refusals: readonly (readonly [string, () => unknown])[] = [
    [`input: ${zero}`, () => build.input('x', ['n=0'], 'f32')],
    ['constant: bool is 0 or 1, not 2', () => build.constant(2, [], 'bool')],
    ['constant: 1.5 is not a i32', () => build.constant(1.5, [], 'i32')],
    ['iota: axis 1 is out of range for rank 1', () => build.iota(1, [2], 'f32')],
    ['iota: does not take bool', () => build.iota(0, [2], 'bool')],
    ['exp: does not take i32', () => build.exp(n)],
    ['neg: does not take bool', () => build.neg(c)],
    ['add: operands differ: f32[n=3, in=2], f32[in=2, out=2]', () => build.add(x, w)],
    ['mul: operands differ: f32[n=3, in=2], i32[n=3, in=2]', () => build.mul(x, n)],
    ['sub: does not take bool', () => build.sub(c, c)],
    ['compare: operands differ: f32[n=3, in=2], bool[n=3, in=2]', () => build.compare(x, c, 'lt')],
    ['select: operands differ: f32[n=3, in=2], bool[n=3, in=2]', () => build.select(x, x, x)],
    ['select: operands differ: f32[n=3, in=2], i32[n=3, in=2]', () => build.select(c, x, n)],
    ['permute: an axis stands twice in [0, 0]', () => build.permute(x, [0, 0])],
    ['permute: [0] leaves out an axis of [n=3, in=2]', () => build.permute(x, [0])],
    ['reshape: sizes differ: [n=3, in=2] has 6 elements, [5] has 5', () => build.reshape(x, [5])],
    ['reshape: sizes differ: [batch, 28, 28] has 784*batch elements, [784] has 784', () => build.reshape(batch, [784])],
    ['broadcast: [n=3, in=2] does not broadcast to [in=2, n=3] along [0, 1]', () => build.broadcast(x, ['in=2', 'n=3'], [0, 1])],
    ['broadcast: axes [1, 0] do not ascend', () => build.broadcast(x, ['in=2', 'n=3'], [1, 0])],
    ['broadcast: 1 axes for the operand [n=3, in=2]', () => build.broadcast(x, ['n=3', 'in=2'], [0])],
    ...refusedCuts,
    ['gather: does not take f32', () => build.gather(x, x, 0)],
    ['gather: axis 2 is out of range for rank 2', () => build.gather(x, n, 2)],
    ['scatterAdd: does not take f32', () => build.scatterAdd(x, x, 0, 2)],
    ['scatterAdd: does not take bool', () => build.scatterAdd(c, n, 0, 2)],
    ['scatterAdd: the axes of [n=3, in=2] from 1 are not those of [n=3, in=2]', () => build.scatterAdd(x, n, 1, 2)],
    ['reduceSum: axes [1, 0] do not ascend', () => build.reduceSum(x, [1, 0])],
    ['reduceSum: axis 2 is out of range for rank 2', () => build.reduceSum(x, [2])],
    ['reduceMax: does not take bool', () => build.reduceMax(c, [0])],
    ['contract: contracted axes differ: [n=3, in=2], [in=2, out=2]', () => build.contract(x, w, { left: [1], right: [1] })],
    ['contract: contracted axes do not pair up: [1], []', () => build.contract(x, w, { left: [1], right: [] })],
    [
      'contract: batch axes differ: [n=3, in=2], [in=2, out=2]',
      () => build.contract(x, w, { left: [], right: [], leftBatch: [0], rightBatch: [0] }),
    ],
    ['contract: an axis stands twice in [1, 1]', () => build.contract(x, x, { left: [1], right: [1], leftBatch: [1], rightBatch: [1] })],
    ['contract: dtypes differ: f32, i32', () => build.contract(x, n, { left: [1], right: [1] })],
    ['neg: takes 1 operand, not 2', () => build.makeValue('neg', [x, x], {})],
    [
      'customGradient: output 1 of a call with 0',
      () => build.makeValue('customGradient', [x], { call: { outputs: [], backward: () => [] }, output: 1 }),
    ],
    ['constant: a leaf needs a declared shape and dtype', () => build.makeValue('constant', [], { value: 1 })],
  ];
  it.each(refusals)('refuses %s', (text, make) => {
    expect(make).toThrow(GraphError);
    expect(make).toThrow(`internal: ${text}`);
  });
});
