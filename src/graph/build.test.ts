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
    ['reshape: sizes differ: [batch, 28, 28] has 784 * batch elements, [784] has 784', () => build.reshape(batch, [784])],
    ['broadcast: [n=3, in=2] does not broadcast to [in=2, n=3] along [0, 1]', () => build.broadcast(x, ['in=2', 'n=3'], [0, 1])],
    ['broadcast: axes [1, 0] do not ascend', () => build.broadcast(x, ['in=2', 'n=3'], [1, 0])],
    ['broadcast: 1 axes for the operand [n=3, in=2]', () => build.broadcast(x, ['n=3', 'in=2'], [0])],
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
