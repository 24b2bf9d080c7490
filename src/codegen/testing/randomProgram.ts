/**
 * Random well-typed programs over every primitive and dtype, from lists of numbers: each step picks a primitive and operands among
 * the values so far. What a step cannot make of them, it leaves out, so any list of steps is a program, and so is any part of it.
 *
 * Invariant: numbers stay of size 1 or so. A value is `exact` if f32 and f64 agree on it to the last bit: only of such are jumps
 * taken (comparisons, whole numbers), for which the two would else differ by more than rounding.
 */
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import { loop } from '../../graph/loop.ts';
import type { CompareDirection, Primitive } from '../../graph/primitive.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { type Dim, sizeOf } from '../../types/dim.ts';
import type { DType } from '../../types/dtype.ts';
import { at } from '../at.ts';
import { randomView } from './randomView.ts';

export type Step = readonly [primitive: number, first: number, second: number, third: number];

/** Multiples of 1/64 below this are exact through a sum or a product of two. */
interface Known {
  readonly value: Value;
  readonly exact: boolean;
}

type Make = (pool: Pool, step: Step) => Known | undefined;

const elementLimit = 400;
const sizesOf = (value: Value): readonly number[] => value.shape.map((dim) => Number(sizeOf(dim)));
const count = (value: Value): number => sizesOf(value).reduce((product, size) => product * size, 1);

class Pool {
  readonly known: Known[];
  constructor(leaves: readonly Known[]) {
    this.known = [...leaves];
  }
  /** A value of one of the dtypes, chosen by a number. */
  pick(by: number, dtypes: readonly DType[], exactOnly = false): Known | undefined {
    const fitting = this.known.filter(({ value, exact }) => dtypes.includes(value.dtype) && (exact || !exactOnly));
    return fitting.length === 0 ? undefined : at(fitting, by % fitting.length);
  }
  /** Another value of the same type: one that is there, or the same in another order of its axes, or a constant. */
  partner({ value }: Known, by: number, exactOnly = false): Known {
    const fitting = this.known.filter(
      ({ value: other, exact }) => other.dtype === value.dtype && `${other.shape}` === `${value.shape}` && (exact || !exactOnly),
    );
    return at(fitting, by % fitting.length) ?? { value: constantOf(value, by), exact: true };
  }
}

const constantOf = (like: Value, by: number): Value =>
  b.constantLike(like, like.dtype === 'bool' ? by % 2 : like.dtype === 'f32' ? ((by % 17) - 8) / 8 : by % 5);

const floats: readonly DType[] = ['f32'];
const integers: readonly DType[] = ['i32', 'u32'];
const numbers: readonly DType[] = [...floats, ...integers];
const all: readonly DType[] = [...numbers, 'bool'];
const rough = (value: Value): Known => ({ value, exact: value.dtype !== 'f32' });
/** Back to a size of 1. */
const tamed = (value: Value): Known => (value.dtype === 'f32' ? rough(b.tanh(value)) : rough(value));
const scaled = (value: Value, by: number): Value => b.mul(value, b.constantLike(value, by));

const unary =
  (f: (x: Value) => Value, dtypes: readonly DType[], exact = false): Make =>
  (pool, [, first]) => {
    const x = pool.pick(first, dtypes);
    return x && { value: f(x.value), exact: x.value.dtype !== 'f32' || (exact && x.exact) };
  };
const jump =
  (f: (x: Value) => Value): Make =>
  (pool, [, first]) => {
    const x = pool.pick(first, floats, true);
    return x && { value: f(x.value), exact: true };
  };
const binary =
  (f: (x: Value, y: Value) => Value, dtypes: readonly DType[], exact = false): Make =>
  (pool, [, first, second]) => {
    const x = pool.pick(first, dtypes);
    if (x === undefined) return undefined;
    const y = pool.partner(x, second);
    return { value: f(x.value, y.value), exact: x.value.dtype !== 'f32' || (exact && x.exact && y.exact) };
  };
const view =
  (kind: number): Make =>
  (pool, [, first, second, third]) => {
    const x = pool.pick(first, all);
    if (x === undefined) return undefined;
    return { value: randomView(x.value, [kind, second, third]), exact: x.exact };
  };
const reduction =
  (f: (x: Value, axes: readonly number[]) => Value, isSum: boolean): Make =>
  (pool, [, first, second]) => {
    const x = pool.pick(first, numbers);
    if (x === undefined || x.value.shape.length === 0) return undefined;
    const axes = [...x.value.shape.keys()].filter((axis) => (second >> axis) % 2 === 1 || x.value.shape.length === 1);
    const result = f(x.value, axes);
    return isSum && x.value.dtype === 'f32'
      ? rough(scaled(result, 1 / Math.max(1, count(x.value) / count(result))))
      : { value: result, exact: x.exact };
  };
const directions: readonly CompareDirection[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];

/** An axis' indices, i32 or u32 and any of them, also out of range. */
const indicesFor = (pool: Pool, by: number): Value | undefined => {
  const found = pool.pick(by, integers);
  if (found === undefined || count(found.value) > 40) return undefined;
  return b.sub(b.rem(found.value, b.constantLike(found.value, 7)), b.constantLike(found.value, found.value.dtype === 'i32' ? 1 : 0));
};

/** Total: a primitive that is added without a case here does not compile. `undefined`: a leaf that every program has. */
const makers: { readonly [P in Primitive]: Make | undefined } = {
  input: undefined,
  data: undefined,
  constant: (pool, [, first, second]) => {
    const x = pool.pick(first, all);
    return x && { value: constantOf(x.value, second), exact: true };
  },
  iota: (pool, [, first, second]) => {
    const x = pool.pick(first, numbers);
    if (x === undefined || x.value.shape.length === 0) return undefined;
    const value = b.iota(second % x.value.shape.length, x.value.shape, x.value.dtype);
    return { value: x.value.dtype === 'f32' ? scaled(value, 1 / 64) : value, exact: true };
  },
  neg: unary(b.neg, ['f32', 'i32'], true),
  exp: unary((x) => b.exp(b.neg(b.mul(x, x))), floats),
  log: unary((x) => b.log(b.add(b.mul(x, x), b.constantLike(x, 0.5))), floats),
  sqrt: unary((x) => b.sqrt(b.add(b.mul(x, x), b.constantLike(x, 0.25))), floats),
  tanh: unary(b.tanh, floats),
  sigmoid: unary(b.sigmoid, floats),
  sin: unary((x) => b.sin(scaled(x, 3)), floats),
  cos: unary((x) => b.cos(scaled(x, 3)), floats),
  erf: unary(b.erf, floats),
  log1p: unary((x) => b.log1p(b.mul(x, x)), floats),
  expm1: unary((x) => b.expm1(b.neg(b.mul(x, x))), floats),
  floor: jump((x) => scaled(b.floor(scaled(x, 8)), 1 / 8)),
  round: jump((x) => scaled(b.round(scaled(x, 8)), 1 / 8)),
  relu: unary(b.relu, ['f32', 'i32'], true),
  add: (pool, step) => halved(binary(b.add, numbers)(pool, step)),
  sub: (pool, step) => halved(binary(b.sub, numbers)(pool, step)),
  mul: binary(b.mul, numbers),
  div: (pool, [, first, second]) => {
    const x = pool.pick(first, numbers);
    if (x === undefined) return undefined;
    const y = pool.partner(x, second).value;
    if (x.value.dtype !== 'f32') return rough(b.div(x.value, y));
    return rough(b.div(x.value, b.add(b.mul(y, y), b.constantLike(y, 1))));
  },
  maximum: binary(b.maximum, numbers, true),
  pow: (pool, [, first, second]) => {
    const x = pool.pick(first, floats);
    if (x === undefined) return undefined;
    const base = b.add(b.mul(x.value, x.value), b.constantLike(x.value, 0.5));
    return tamed(b.pow(base, pool.partner(x, second).value));
  },
  rem: binary(b.rem, integers),
  bitAnd: binary(b.bitAnd, integers),
  bitOr: binary(b.bitOr, integers),
  bitXor: binary(b.bitXor, integers),
  shiftLeft: binary(b.shiftLeft, integers),
  shiftRight: binary(b.shiftRight, integers),
  compare: (pool, [, first, second, third]) => {
    const x = pool.pick(first, all, true);
    if (x === undefined) return undefined;
    return rough(b.compare(x.value, pool.partner(x, second, true).value, at(directions, third % directions.length)));
  },
  select: (pool, [, first, second, third]) => {
    const condition = pool.pick(first, ['bool']);
    if (condition === undefined) return undefined;
    const fitting = pool.known.filter(({ value }) => `${value.shape}` === `${condition.value.shape}`);
    const x = at(fitting, second % fitting.length);
    const y = pool.partner(x, third);
    return { value: b.select(condition.value, x.value, y.value), exact: x.exact && y.exact };
  },
  cast: (pool, [, first, second]) => {
    const x = pool.pick(first, all, true);
    if (x === undefined) return undefined;
    if (x.value.dtype === 'f32') {
      const to = at<DType>(['i32', 'u32', 'bool', 'f16'], second % 4);
      if (to === 'f16') return { value: b.cast(b.cast(x.value, to), 'f32'), exact: true };
      return rough(b.cast(scaled(x.value, 64), to));
    }
    const to = at<DType>(['f32', 'i32', 'u32', 'bool'], second % 4);
    if (to !== 'f32') return rough(b.cast(x.value, to));
    // small enough to be exact, and of size 1
    const small = x.value.dtype === 'bool' ? x.value : b.rem(x.value, b.constantLike(x.value, 61));
    return { value: scaled(b.cast(small, 'f32'), 1 / 64), exact: true };
  },
  randomBits: (pool, [, first, second, third]) => {
    const x = pool.pick(first, ['u32']);
    if (x === undefined) return undefined;
    const [y, word] = [pool.partner(x, second).value, at(['first', 'second', 'both'] as const, third % 3)];
    return rough(b.randomBits([x.value, y], [y, b.constantLike(y, third % 9)], word));
  },
  permute: view(0),
  reshape: view(1),
  broadcast: view(2),
  slice: view(3),
  pad: (pool, step) => {
    const made = view(4)(pool, step);
    return made;
  },
  skew: view(5),
  unskew: view(6),
  gather: (pool, [, first, second, third]) => {
    const [x, indices] = [pool.pick(first, all), indicesFor(pool, second)];
    if (x === undefined || indices === undefined || x.value.shape.length === 0) return undefined;
    const value = b.gather(x.value, indices, third % x.value.shape.length);
    return { value, exact: x.exact };
  },
  scatterAdd: (pool, [, first, second, third]) => {
    const indices = indicesFor(pool, second);
    const x = pool.pick(first, numbers);
    if (indices === undefined || x === undefined || count(x.value) > 60) return undefined;
    const updates = b.broadcast(
      x.value,
      [...indices.shape, ...x.value.shape],
      x.value.shape.map((_, axis) => axis + indices.shape.length),
    );
    return tamed(b.scatterAdd(scaled(updates, x.value.dtype === 'f32' ? 0.25 : 3), indices, 0, 2 + (third % 6)));
  },
  reduceSum: reduction(b.reduceSum, true),
  reduceMax: reduction(b.reduceMax, false),
  contract: (pool, [, first, second, third]) => {
    const x = pool.pick(first, numbers);
    if (x === undefined || x.value.shape.length === 0) return undefined;
    const axis = third % x.value.shape.length;
    const fitting = pool.known.flatMap(({ value }) =>
      value.dtype !== x.value.dtype
        ? []
        : value.shape.flatMap((dim, other) => (dim === x.value.shape[axis] ? [{ value, axis: other }] : [])),
    );
    const y = at(fitting, second % fitting.length);
    const product = b.contract(x.value, y.value, { left: [axis], right: [y.axis] });
    return tamed(product);
  },
  loop: (pool, [, first, second, third]) => {
    const x = pool.pick(first, floats);
    const [axis, ...rest] = x?.value.shape ?? [];
    if (x === undefined || axis === undefined) return undefined;
    const [xs, y] = [x.value, scaled(b.reduceMax(pool.partner(x, second).value, [0]), 0.5)];
    const taken = loop(axis, [y, b.constant(third % 5, rest, 'i32')], [xs], (index, [state, count], [row]) => {
      if (state === undefined || count === undefined || row === undefined) throw new Error('two carries, one row');
      const place = b.broadcast(b.cast(index, 'i32'), rest, []);
      const next = b.tanh(b.add(b.mul(state, row), y));
      return { carries: [third % 3 === 0 ? row : next, b.add(count, place)], each: [b.mul(next, state), b.sub(place, count)] };
    });
    return rough(at([...taken.carries, ...taken.each], third % 4));
  },
  identity: unary((x) => b.identity(x), all, true),
  // of what no gradient is taken of: finite differences do not stop
  stopGradient: (pool, [, first]) => {
    const x = pool.pick(first, all, true);
    return x && { value: b.stopGradient(x.value), exact: true };
  },
  after: (pool, [, first, second]) => {
    const [x, y] = [pool.pick(first, all), pool.pick(second, all)];
    return x && y && { value: b.after(x.value, [y.value]), exact: x.exact };
  },
  customGradient: (pool, [, first]) => {
    const x = pool.pick(first, floats);
    if (x === undefined) return undefined;
    // sin, by hand
    const [y] = b.customGradient([b.sin(x.value)], [x.value], ([dy = x.value]) => [b.mul(dy, b.cos(x.value))]);
    return y && rough(y);
  },
};

function halved(made: Known | undefined): Known | undefined {
  return made?.value.dtype === 'f32' ? { value: scaled(made.value, 0.5), exact: false } : made;
}

export const drawn = (Object.keys(makers) as readonly Primitive[]).filter((primitive) => makers[primitive] !== undefined);

export interface RandomProgram {
  readonly graph: Graph;
  /** What the steps made: `undefined` where one made nothing. */
  readonly made: readonly (Primitive | undefined)[];
}

const shape: readonly Dim[] = [3, 4];

/** Integers, truth values and exact floats enter as inputs, and so do floats of any value. */
export function randomProgram(steps: readonly Step[]): RandomProgram {
  const inputs = [
    b.input('x', shape, 'f32'),
    b.input('y', shape, 'f32'),
    b.input('w', [4, 5], 'f32'),
    b.input('e', shape, 'f32'),
    b.input('i', shape, 'i32'),
    b.input('u', [3], 'u32'),
    b.input('p', shape, 'bool'),
  ];
  const pool = new Pool(
    inputs.map((value) => ({ value, exact: exactInputs.includes(value.params && 'name' in value.params ? value.params.name : '') })),
  );
  const made = steps.map((step) => {
    const primitive = at(drawn, at(step, 0) % drawn.length);
    const next = makers[primitive]?.(pool, step);
    if (next === undefined || count(next.value) > elementLimit) return undefined;
    pool.known.push(next);
    return primitive;
  });
  const last = pool.known.slice(inputs.length).map(({ value }) => value);
  const outputs = [...new Set([last.at(-1), last.at(-2), last[Math.floor(last.length / 2)]])].filter((value) => value !== undefined);
  return { graph: makeGraph('random', inputs, outputs.length > 0 ? outputs : [at(inputs, 0)]), made };
}

/** The inputs that are multiples of 1/64, or whole. */
export const exactInputs: readonly string[] = ['e', 'i', 'u', 'p'];
