/** <Ax, y> = <x, Aᵀy> for every linear primitive, on any data. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dim, sizeOf } from '../../types/dim.ts';
import * as build from '../build.ts';
import { evaluate } from '../evaluate.ts';
import { makeGraph } from '../graph.ts';
import { innerProduct } from '../testing/finiteDifference.ts';
import { uniform } from '../testing/uniform.ts';
import type { Value } from '../value.ts';
import { vjp } from './vjp.ts';

type Shape = readonly Dim[];
/** A map that is linear in its operands together; `fixed` are operands it is given as they are. */
interface Linear {
  readonly of: readonly Shape[];
  readonly fixed?: readonly Shape[];
  readonly map: (xs: readonly Value[], fixed: readonly Value[]) => Value;
}

const count = (shape: Shape): number => shape.reduce<number>((product, dim) => product * Number(sizeOf(dim)), 1);
const at = (values: readonly Value[], i: number): Value => values[i] ?? build.constant(Number.NaN, [], 'f32');
const first = (f: (x: Value) => Value) => (xs: readonly Value[]) => f(at(xs, 0));
const pair = (f: (x: Value, y: Value) => Value) => (xs: readonly Value[]) => f(at(xs, 0), at(xs, 1));
const shape: Shape = ['n=3', 'm=2'];
const axes = { left: [2, 1], right: [0, 3], leftBatch: [0], rightBatch: [1] };
const [left, right]: [Shape, Shape] = [
  ['i=2', 'j=3', 'k=4', 'm=2'],
  ['k=4', 'i=2', 'p=2', 'j=3'],
];

const linear: Readonly<Record<string, Linear>> = {
  neg: { of: [shape], map: first(build.neg) },
  add: { of: [shape, shape], map: pair(build.add) },
  sub: { of: [shape, shape], map: pair(build.sub) },
  'mul, left': { of: [shape], fixed: [shape], map: (xs, fixed) => build.mul(at(xs, 0), at(fixed, 0)) },
  'mul, right': { of: [shape], fixed: [shape], map: (xs, fixed) => build.mul(at(fixed, 0), at(xs, 0)) },
  'div, left': { of: [shape], fixed: [shape], map: (xs, fixed) => build.div(at(xs, 0), at(fixed, 0)) },
  select: {
    of: [shape, shape],
    fixed: [shape, shape],
    map: (xs, fixed) => build.select(build.compare(at(fixed, 0), at(fixed, 1), 'lt'), at(xs, 0), at(xs, 1)),
  },
  'cast f32 to f16': { of: [shape], map: first((x) => build.cast(x, 'f16')) },
  permute: { of: [[2, 'a=3', 4]], map: first((x) => build.permute(x, [2, 0, 1])) },
  reshape: { of: [[2, 'a=3', 4]], map: first((x) => build.reshape(x, ['b=4', 6])) },
  'broadcast a bias': { of: [['m=2']], map: first((x) => build.broadcast(x, shape, [1])) },
  'broadcast a stretched axis': { of: [[1, 3]], map: first((x) => build.broadcast(x, [2, 4, 3], [1, 2])) },
  slice: { of: [[7, 'a=3']], map: first((x) => build.slice(x, { starts: [1, 0], limits: [6, 2], strides: [2, 1], shape: [3, 2] })) },
  pad: { of: [[3, 'a=2']], map: first((x) => build.pad(x, { low: [1, 2], high: [2, 0], interior: [1, 0], value: 0, shape: [8, 4] })) },
  skew: { of: [[9, 'k=3']], map: first((x) => build.skew(x, { axis: 0, window: 1, stride: 2, dilation: 2, shape: [3, 'k=3'] })) },
  unskew: { of: [[3, 'k=3']], map: first((x) => build.unskew(x, { axis: 0, window: 1, stride: 2, dilation: 2, shape: [9, 'k=3'] })) },
  'sliding windows': {
    of: [['c=2', 6]],
    map: first((x) =>
      build.skew(build.broadcast(x, ['c=2', 6, 'k=3'], [0, 1]), { axis: 1, window: 2, stride: 1, dilation: 1, shape: ['c=2', 4, 'k=3'] }),
    ),
  },
  gather: {
    of: [[4, 'a=2']],
    map: first((x) => build.gather(x, build.mul(build.iota(0, ['i=5'], 'i32'), build.constant(2, ['i=5'], 'i32')), 0)),
  },
  scatterAdd: {
    of: [['i=5', 'a=2']],
    map: first((x) => build.scatterAdd(x, build.div(build.iota(0, ['i=5'], 'i32'), build.constant(2, ['i=5'], 'i32')), 0, 'v=4')),
  },
  'reduceSum of one axis': { of: [[2, 'a=3', 4]], map: first((x) => build.reduceSum(x, [1])) },
  'reduceSum of all axes': { of: [shape], map: first((x) => build.reduceSum(x, [0, 1])) },
  'contract, left': { of: [left], fixed: [right], map: (xs, fixed) => build.contract(at(xs, 0), at(fixed, 0), axes) },
  'contract, right': { of: [right], fixed: [left], map: (xs, fixed) => build.contract(at(fixed, 0), at(xs, 0), axes) },
  identity: { of: [shape], map: first((x) => build.identity(x)) },
};

const elementsOf = (shapes: readonly Shape[]) =>
  fc.tuple(
    ...shapes.map((of) => fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: count(of), maxLength: count(of) })),
  );

describe('<Ax, y> = <x, Aᵀy>', () => {
  it.each(Object.entries(linear))('%s', (_, { of, fixed: fixedShapes = [], map }) => {
    const xs = of.map((type, i) => build.input(`x${i}`, type, 'f32'));
    const fixed = fixedShapes.map((type, i) => build.input(`c${i}`, type, 'f32'));
    const constants = fixedShapes.map((type, i) => uniform(count(type), i + 1, 0.5, 2));
    const y = map(xs, fixed);
    const dy = build.input('dy', y.shape, y.dtype);
    const forward = makeGraph('A', [...xs, ...fixed], [y]);
    const transposed = makeGraph(
      'At',
      [...fixed, dy],
      vjp([y], xs, [dy]).map((value) => value ?? build.constant(Number.NaN, [], 'f32')),
    );
    const property = fc.property(elementsOf(of), elementsOf([y.shape]), (x, given) => {
      const ax = evaluate(forward, [...x, ...constants]);
      const aty = evaluate(transposed, [...constants, ...given]);
      // rounding is relative to the summands, not to their sum
      const scale = Math.sqrt((innerProduct(ax, ax) + innerProduct(x, x)) * innerProduct(given, given)) + 1;
      expect(Math.abs(innerProduct(ax, given) - innerProduct(x, aty)) / scale).toBeLessThan(1e-13);
    });
    fc.assert(property, { numRuns: 50, seed: 20_261_123 });
  });
});
