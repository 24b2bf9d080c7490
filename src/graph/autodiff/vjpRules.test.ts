/** Every rule, and every rule's gradient in turn, against central differences in f64. */
import { describe, expect, it } from 'vitest';
import type { Dim } from '../../types/dim.ts';
import { sizeOf } from '../../types/dim.ts';
import * as build from '../build.ts';
import { evaluate } from '../evaluate.ts';
import { makeGraph } from '../graph.ts';
import { loop } from '../loop.ts';
import type { Primitive } from '../primitive.ts';
import { finiteDifferenceVjp } from '../testing/finiteDifference.ts';
import { uniform } from '../testing/uniform.ts';
import { vjpGraph } from '../testing/vjpGraph.ts';
import type { Graph, Value } from '../value.ts';
import { verifyGraph } from '../verify.ts';
import { vjp } from './vjp.ts';

type Shape = readonly Dim[];
interface Case {
  readonly of: readonly Shape[];
  readonly build: (...xs: Value[]) => Value;
  /** Where the function is smooth; by default -1 to 1. */
  readonly between?: readonly [number, number];
  /** No gradient arrives at any operand, and differences are zero. */
  readonly none?: true;
}

const unary = (f: (x: Value) => Value, between?: readonly [number, number]): Case[] =>
  [['n=3', 'm=2'], [], [1]].map((shape) => ({ of: [shape], build: f as Case['build'], ...(between ? { between } : {}) }));
const binary = (f: (x: Value, y: Value) => Value, between?: readonly [number, number]): Case[] =>
  [['n=3', 'm=2'], [], [1, 2]].map((shape) => ({ of: [shape, shape], build: f as Case['build'], ...(between ? { between } : {}) }));
const onShape = (shape: Shape, f: (x: Value) => Value): Case => ({ of: [shape], build: f as Case['build'] });
/** The indices 1, 2, … modulo a number, down the first axis. */
const remainders = (shape: Shape, by: number): Value => {
  const i = build.add(build.iota(0, shape, 'i32'), build.constant(1, shape, 'i32'));
  const divisor = build.constant(by, shape, 'i32');
  return build.sub(i, build.mul(build.div(i, divisor), divisor));
};
const product = (left: Shape, right: Shape, axes: build.ContractAxes): Case => ({
  of: [left, right],
  build: ((x: Value, y: Value) => build.contract(x, y, axes)) as Case['build'],
});

/** No gradient goes through integers. */
const bits = (of: (left: Value, right: Value) => Value): readonly Case[] =>
  unary((x) => build.cast(of(build.cast(x, 'i32'), build.constant(3, x.shape, 'i32')), 'f32'), [0.1, 0.9]).map((one) => ({
    ...one,
    none: true as const,
  }));

const steps = (xs: Value, h: Value): readonly Value[] => {
  const { carries, each } = loop('t=4', [h], [xs], (_, [state], [row]) => {
    const next = build.sin(build.add(state as Value, build.mul(row as Value, h)));
    return { carries: [next], each: [build.mul(next, row as Value)] };
  });
  return [...carries, ...each];
};

const cases: { readonly [P in Primitive]: readonly Case[] } = {
  input: unary((x) => x),
  data: unary((x) => build.mul(x, x)),
  constant: unary((x) => build.mul(x, build.constantLike(x, 3))),
  iota: [onShape([2, 'm=3'], (x) => build.mul(x, build.iota(1, x.shape, 'f32')))],
  neg: unary(build.neg),
  exp: unary(build.exp),
  log: unary(build.log, [0.5, 2]),
  sqrt: unary(build.sqrt, [0.5, 2]),
  tanh: unary(build.tanh),
  sigmoid: unary(build.sigmoid, [-3, 3]),
  sin: unary(build.sin, [-3, 3]),
  cos: unary(build.cos, [-3, 3]),
  erf: unary(build.erf, [-2, 2]),
  log1p: unary(build.log1p, [-0.5, 2]),
  expm1: unary(build.expm1),
  floor: unary((x) => build.floor(x), [0.1, 0.9]).map((one) => ({ ...one, none: true as const })),
  round: unary((x) => build.round(x), [0.1, 0.4]).map((one) => ({ ...one, none: true as const })),
  relu: [...unary(build.relu, [0.1, 1]), ...unary(build.relu, [-1, -0.1]), onShape([5, 3], build.relu)],
  add: binary(build.add),
  sub: binary(build.sub),
  mul: binary(build.mul),
  div: binary(build.div, [0.5, 2]),
  maximum: binary(build.maximum),
  pow: [
    ...binary(build.pow, [0.5, 2]),
    ...unary((x) => build.pow(x, build.constantLike(x, 3))),
    ...unary((x) => build.pow(x, build.constantLike(x, -2)), [-2, -1]),
  ],
  rem: bits(build.rem),
  bitAnd: bits(build.bitAnd),
  bitOr: bits(build.bitOr),
  bitXor: bits(build.bitXor),
  shiftLeft: bits(build.shiftLeft),
  shiftRight: bits(build.shiftRight),
  compare: binary((x, y) => build.cast(build.compare(x, y, 'lt'), 'f32')).map((one) => ({ ...one, none: true })),
  select: [
    {
      of: [
        [4, 3],
        [4, 3],
        [4, 3],
      ],
      build: (c, x, y) => build.select(build.compare(c as Value, x as Value, 'lt'), x as Value, y as Value),
    },
  ],
  cast: [
    ...unary((x) => build.cast(build.cast(x, 'f16'), 'f32')),
    ...unary((x) => build.cast(build.cast(x, 'i32'), 'f32'), [0.1, 0.9]).map((one) => ({ ...one, none: true as const })),
  ],
  randomBits: unary((x) => {
    const word = build.reshape(build.iota(0, [sizeOfAll(x.shape)], 'u32'), x.shape);
    const bits = build.cast(build.randomBits([word, word], [word, word], 'both'), 'f32');
    return build.mul(x, build.mul(bits, build.constantLike(bits, 2 ** -32)));
  }),
  permute: [
    onShape([2, 'm=3'], (x) => build.permute(x, [1, 0])),
    onShape([2, 1, 3], (x) => build.permute(x, [2, 0, 1])),
    onShape([2, 3, 2, 2], (x) => build.permute(x, [1, 3, 0, 2])),
  ],
  reshape: [onShape([2, 'm=3'], (x) => build.reshape(x, ['a=3', 1, 2])), onShape([1], (x) => build.reshape(x, []))],
  broadcast: [
    onShape(['o=3'], (x) => build.broadcast(x, ['n=2', 'o=3'], [1])),
    onShape([2, 1, 3], (x) => build.broadcast(x, [4, 2, 5, 3], [1, 2, 3])),
    onShape([1, 3], (x) => build.broadcast(x, ['a=1', 2, 3], [0, 2])),
    onShape(['a=1'], (x) => build.broadcast(x, ['b=1'], [0])),
    onShape([], (x) => build.broadcast(x, [2, 2], [])),
    onShape([2], (x) => build.broadcast(x, [2], [0])),
  ],
  slice: [
    onShape([2, 'm=7'], (x) => build.slice(x, { starts: [0, 1], limits: [undefined, 6], strides: [1, 2], shape: [2, 3] })),
    onShape([5, 4], (x) => build.slice(x, { starts: [2, 0], limits: [5, 4], strides: [2, 3], shape: [2, 2] })),
    onShape([3], (x) => build.slice(x, { starts: [0], limits: [undefined], strides: [1], shape: ['r=3'] })),
  ],
  pad: [
    onShape([2, 'm=3'], (x) => build.pad(x, { low: [0, 1], high: [0, 2], interior: [0, 1], value: 3, shape: [2, 8] })),
    onShape([2, 2], (x) => build.pad(x, { low: [2, 0], high: [0, 0], interior: [2, 0], value: 0, shape: [6, 2] })),
  ],
  skew: [
    onShape([6, 'k=3'], (x) => build.skew(x, { axis: 0, window: 1, stride: 1, dilation: 2, shape: [2, 'k=3'] })),
    onShape(['c=2', 2, 7], (x) => build.skew(x, { axis: 2, window: 1, stride: 2, dilation: 1, shape: ['c=2', 2, 3] })),
    onShape([9], (x) => build.skew(build.broadcast(x, [9, 2], [0]), { axis: 0, window: 1, stride: 3, dilation: 2, shape: [3, 2] })),
  ],
  unskew: [
    onShape([2, 'k=3'], (x) => build.unskew(x, { axis: 0, window: 1, stride: 1, dilation: 2, shape: [6, 'k=3'] })),
    onShape([2, 3, 2], (x) => build.unskew(x, { axis: 1, window: 0, stride: 2, dilation: 1, shape: [2, 7, 2] })),
  ],
  gather: [
    onShape([4, 'm=2'], (x) => build.gather(x, remainders([3], 4), 0)),
    onShape([2, 3, 2], (x) => build.gather(x, remainders([2, 4], 3), 1)),
    onShape([3], (x) => build.gather(x, build.cast(build.constant(7, [], 'i32'), 'u32'), 0)),
  ],
  scatterAdd: [
    onShape([4, 'm=2'], (x) => build.scatterAdd(x, remainders([4], 3), 0, 'v=5')),
    onShape([2, 3, 4, 2], (x) => build.scatterAdd(x, remainders([3, 4], 3), 1, 2)),
    onShape([3], (x) => build.scatterAdd(x, build.cast(build.constant(7, [], 'i32'), 'u32'), 1, 4)),
  ],
  reduceSum: [
    onShape([2, 'm=3'], (x) => build.reduceSum(x, [0])),
    onShape([2, 3, 2], (x) => build.reduceSum(x, [0, 2])),
    onShape([1, 3], (x) => build.reduceSum(x, [0])),
    onShape([3], (x) => build.reduceSum(x, [0])),
    onShape([3], (x) => build.reduceSum(x, [])),
  ],
  reduceMax: [
    onShape([2, 'm=3'], (x) => build.reduceMax(x, [1])),
    onShape([2, 3, 2], (x) => build.reduceMax(x, [0, 2])),
    onShape([1, 3], (x) => build.reduceMax(x, [0])),
    onShape([], (x) => build.reduceMax(x, [])),
  ],
  contract: [
    product(['n=3', 'in=2'], ['in=2', 'out=4'], { left: [1], right: [0] }),
    product(['in=2', 'n=3'], ['in=2', 'out=4'], { left: [0], right: [0] }),
    product(['n=3', 'in=2'], ['out=4', 'in=2'], { left: [1], right: [1] }),
    product([1, 1], [1, 3], { left: [1], right: [0] }),
    product([2, 3, 4], [2, 4, 3], { left: [2], right: [1], leftBatch: [0], rightBatch: [0] }),
    product([3, 4, 2], [2, 5, 4], { left: [1], right: [2], leftBatch: [2], rightBatch: [0] }),
    product(['i=2', 'j=3', 'k=4', 'm=2'], ['k=4', 'i=2', 'p=2', 'j=3'], { left: [0, 1, 2], right: [1, 3, 0] }),
    product(['i=2', 'j=3', 'k=4', 'm=2'], ['k=4', 'i=2', 'p=2', 'j=3'], { left: [2, 1], right: [0, 3], leftBatch: [0], rightBatch: [1] }),
    product(['a=2', 'b=3', 'c=2'], ['b=3', 'a=2', 'c=2'], { left: [2], right: [2], leftBatch: [1, 0], rightBatch: [0, 1] }),
    product([2, 3], [4], { left: [], right: [] }),
    product([3], [3], { left: [0], right: [0] }),
  ],
  loop: [0, 1].map((result) => ({
    of: [['t=4', 2], [2]],
    build: ((xs: Value, h: Value) => steps(xs, h)[result]) as Case['build'],
  })),
  identity: unary((x) => build.identity(x)),
  stopGradient: [{ ...onShape([3], (x) => build.mul(build.stopGradient(build.constantLike(x, 2)), x)) }],
  after: unary((x) => build.after(x, [build.exp(x)])),
  customGradient: unary((x) => {
    const [y = x] = build.customGradient([build.mul(x, x)], [x], ([dy = x]) => [build.mul(dy, build.mul(x, build.constantLike(x, 2)))]);
    return y;
  }),
};

const sizeOfAll = (shape: Shape): number => shape.reduce<number>((count, dim) => count * Number(sizeOf(dim)), 1);

function expectGradients(graph: Graph, inputs: readonly Float64Array[]): void {
  verifyGraph(graph, 'the test');
  const gradient = vjpGraph(graph);
  verifyGraph(gradient, 'vjp');
  const cotangents = graph.outputs.map(({ shape }, i) => uniform(sizeOfAll(shape), 100 + i));
  const expected = finiteDifferenceVjp((at) => evaluate(graph, at), inputs, cotangents);
  const found = evaluate(gradient, [...inputs, ...cotangents]);
  for (const [i, elements] of expected.entries()) {
    for (const [k, x] of elements.entries()) expect(found[i]?.[k], `input ${i}, element ${k}`).toBeCloseTo(x, 7);
  }
}

describe('vjpRules', () => {
  for (const [primitive, list] of Object.entries(cases)) {
    it.each(list.map((one, i) => ({ one, i, shapes: one.of.map((shape) => `[${shape.join(', ')}]`).join(' ') })))(
      `${primitive} $i $shapes`,
      ({ one }) => {
        const inputs = one.of.map((shape, i) => (primitive === 'data' ? build.data({}, shape, 'f32') : build.input(`x${i}`, shape, 'f32')));
        const graph = makeGraph(primitive, inputs, [one.build(...inputs)]);
        const elements = one.of.map((shape, i) => uniform(sizeOfAll(shape), i + 1, ...(one.between ?? [-1, 1])));
        const gradients = vjp(
          graph.outputs,
          graph.inputs,
          graph.outputs.map((value) => build.constantLike(value, 1)),
        );
        if (one.none) expect(gradients.every((gradient) => gradient === undefined)).toBe(true);
        else expect(gradients.some((gradient) => gradient !== undefined)).toBe(true);
        expectGradients(graph, elements);
        expectGradients(vjpGraph(graph), [...elements, ...graph.outputs.map(({ shape }) => uniform(sizeOfAll(shape), 50))]);
      },
    );
  }

  it('a two-layer network under softmax cross-entropy', () => {
    const shapes: readonly Shape[] = [['n=3', 'in=2'], ['in=2', 'h=4'], ['h=4'], ['h=4', 'out=3']];
    const [x, w1, b1, w2] = shapes.map((shape, i) => build.input(`x${i}`, shape, 'f32')) as [Value, Value, Value, Value]; // seam: map forgets the length
    const logits = (hidden: Value): Value => build.contract(hidden, w2, { left: [1], right: [0] });
    const before = build.add(build.contract(x, w1, { left: [1], right: [0] }), build.broadcast(b1, ['n=3', 'h=4'], [1]));
    const z = logits(build.relu(before));
    const along = (rows: Value): Value => build.broadcast(rows, z.shape, [0]);
    const shifted = build.sub(z, along(build.stopGradient(build.reduceMax(z, [1]))));
    const logProbabilities = build.sub(shifted, along(build.log(build.reduceSum(build.exp(shifted), [1]))));
    const labels = build.cast(build.compare(build.iota(0, z.shape, 'i32'), build.iota(1, z.shape, 'i32'), 'eq'), 'f32');
    const loss = build.neg(build.reduceSum(build.mul(labels, logProbabilities), [0, 1]));
    expectGradients(
      makeGraph('network', [x, w1, b1, w2], [loss]),
      shapes.map((shape, i) => uniform(sizeOfAll(shape), i + 1)),
    );
  });

  /** The gradients of the sum of `f` at literal points. */
  const gradientsOf = (f: (...xs: Value[]) => Value, ...points: readonly (readonly number[])[]): Float64Array[] => {
    const inputs = points.map((elements, i) => build.input(`x${i}`, [elements.length], 'f32'));
    const y = f(...inputs);
    const gradients = vjp([y], inputs, [build.constantLike(y, 1)]).map((gradient, i) => gradient ?? build.constantLike(inputs[i] ?? y, 0));
    return evaluate(makeGraph('f', inputs, gradients), points);
  };

  it('relu has the slope 0 at 0', () => {
    expect(gradientsOf(build.relu as (...xs: Value[]) => Value, [-1, 0, 2])).toEqual([Float64Array.of(0, 0, 1)]);
  });

  it('maximum gives half to each of equals', () => {
    const found = gradientsOf(build.maximum as (...xs: Value[]) => Value, [1, 2, 3], [1, 3, 2]);
    expect(found).toEqual([Float64Array.of(0.5, 0, 1), Float64Array.of(0.5, 1, 0)]);
  });

  it('reduceMax gives equal parts to equals', () => {
    expect(gradientsOf((x) => build.reduceMax(x as Value, [0]), [4, 1, 4, 4, 0])).toEqual([Float64Array.of(1 / 3, 0, 1 / 3, 1 / 3, 0)]);
  });

  it('stopGradient stops', () => {
    const x = build.input('x', [2], 'f32');
    expect(vjp([build.stopGradient(x)], [x], [build.constantLike(x, 1)])).toEqual([undefined]);
    expect(gradientsOf((at) => build.mul(build.stopGradient(at as Value), at as Value), [3, 4])).toEqual([Float64Array.of(3, 4)]);
  });

  it('integers and bool have no gradient', () => {
    const n = build.input('n', [2], 'i32');
    const y = build.cast(build.add(n, n), 'f32');
    expect(vjp([y], [n], [build.constantLike(y, 1)])).toEqual([undefined]);
    expect(vjp([n], [n], [build.constantLike(n, 1)])).toEqual([undefined]);
  });

  it("the worked example's dX has rows of [3, 2]", () => {
    const [x, w, b] = [
      build.input('x', ['n=3', 'in=2'], 'f32'),
      build.input('w', ['in=2', 'out=2'], 'f32'),
      build.input('b', ['out=2'], 'f32'),
    ];
    const y = build.add(build.contract(x, w, { left: [1], right: [0] }), build.broadcast(b, ['n=3', 'out=2'], [1]));
    const graph = vjpGraph(makeGraph('linear', [x, w, b], [y]));
    const [dx, dw, db] = evaluate(graph, [
      [1, 0, 0, 1, 1, 1],
      [2, 1, -1, 3],
      [0.5, -2],
      [1, 1, 1, 1, 1, 1],
    ]);
    expect(dx).toEqual(Float64Array.of(3, 2, 3, 2, 3, 2));
    expect(dw).toEqual(Float64Array.of(2, 2, 2, 2));
    expect(db).toEqual(Float64Array.of(3, 3));
  });
});
