/**
 * What each primitive computes, element by element, in f64: written to be obviously right, not fast.
 *
 * Invariant: total over `Primitive`; a rule gets its operands' elements in row-major order and gives its own so.
 */
import { arithmetic, compareElements } from './elementArithmetic.ts';
import { at, type Elements, follow, reduce, remap } from './elements.ts';
import { erf } from './erf.ts';
import { evaluateContract } from './evaluateContract.ts';
import { GraphError } from './graphError.ts';
import { type IntegerArithmetic, integerArithmetic } from './integerArithmetic.ts';
import type { Primitive, RandomWord } from './primitive.ts';
import { countElements, offsets, rowMajorStrides } from './strides.ts';
import { threefry, type WordPair } from './threefry.ts';
import type { Value } from './value.ts';

/** `sizes` are the result's. */
type EvaluateRule<P extends Primitive> = (value: Value<P>, operands: readonly Elements[], sizes: readonly number[]) => Float64Array;

const dtypeOf = (value: Value): Value['dtype'] => at(value.operands, 0).dtype;

/** One function of the elements at the same index. */
function pointwise(elements: (value: Value) => (...xs: number[]) => number) {
  return (value: Value, operands: readonly Elements[], sizes: readonly number[]): Float64Array => {
    const f = elements(value);
    return Float64Array.from({ length: countElements(sizes) }, (_, i) => f(...operands.map((operand) => at(operand.elements, i))));
  };
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  return x - below === 0.5 ? below + Math.abs(below % 2) : Math.round(x);
}

const integers =
  (operation: keyof IntegerArithmetic) =>
  ({ primitive, dtype }: Value): ((left: number, right: number) => number) => {
    if (dtype !== 'i32' && dtype !== 'u32') throw new GraphError(primitive, `does not take ${dtype}`);
    return integerArithmetic[dtype][operation];
  };

const randomWords: { readonly [W in RandomWord]: (words: WordPair) => number } = {
  first: ([word]) => word,
  second: ([, word]) => word,
  both: ([first, second]) => (first ^ second) >>> 0,
};

const first = (_: Value, operands: readonly Elements[]): Float64Array => at(operands, 0).elements;

const leafWithoutData = (value: Value): never => {
  throw new GraphError('evaluate', `a leaf of ${value.primitive} that is no input`);
};

export const evaluateRules: { readonly [P in Primitive]: EvaluateRule<P> } = {
  input: leafWithoutData,
  data: leafWithoutData,
  constant: ({ params }, _, sizes) => new Float64Array(countElements(sizes)).fill(params.value),
  iota: ({ params }, _, sizes) =>
    Float64Array.from(
      offsets(
        sizes,
        sizes.map((_, axis) => (axis === params.axis ? 1 : 0)),
      ),
    ),

  neg: pointwise(({ dtype }) => arithmetic[dtype].neg),
  exp: pointwise(() => Math.exp),
  log: pointwise(() => Math.log),
  sqrt: pointwise(() => Math.sqrt),
  tanh: pointwise(() => Math.tanh),
  sigmoid: pointwise(
    () =>
      (x = Number.NaN) =>
        1 / (1 + Math.exp(-x)),
  ),
  sin: pointwise(() => Math.sin),
  cos: pointwise(() => Math.cos),
  erf: pointwise(() => erf),
  log1p: pointwise(() => Math.log1p),
  expm1: pointwise(() => Math.expm1),
  floor: pointwise(() => Math.floor),
  round: pointwise(() => roundHalfToEven),
  relu: pointwise(
    () =>
      (x = Number.NaN) =>
        Math.max(x, 0),
  ),
  add: pointwise(({ dtype }) => arithmetic[dtype].add),
  sub: pointwise(({ dtype }) => arithmetic[dtype].sub),
  mul: pointwise(({ dtype }) => arithmetic[dtype].mul),
  div: pointwise(({ dtype }) => arithmetic[dtype].div),
  maximum: pointwise(() => Math.max),
  pow: pointwise(() => Math.pow),
  rem: pointwise(integers('rem')),
  bitAnd: pointwise(integers('bitAnd')),
  bitOr: pointwise(integers('bitOr')),
  bitXor: pointwise(integers('bitXor')),
  shiftLeft: pointwise(integers('shiftLeft')),
  shiftRight: pointwise(integers('shiftRight')),
  compare: (value, operands, sizes) => {
    const holds = compareElements[value.params.direction];
    return pointwise(() => (left, right) => (holds(left, right) ? 1 : 0))(value, operands, sizes);
  },
  select: pointwise(() => (condition, whenTrue, whenFalse) => (condition !== 0 ? whenTrue : whenFalse)),
  cast: pointwise((value) => (x) => arithmetic[value.dtype].cast(x, dtypeOf(value))),
  randomBits: (value, operands, sizes) => {
    const pick = randomWords[value.params.word];
    return pointwise(() => (k0, k1, c0, c1) => pick(threefry([k0, k1], [c0, c1])))(value, operands, sizes);
  },

  permute: ({ params }, operands, sizes) => {
    const strides = rowMajorStrides(at(operands, 0).sizes);
    return follow(
      at(operands, 0),
      sizes,
      params.order.map((axis) => at(strides, axis)),
    );
  },
  reshape: first,
  broadcast: ({ params }, operands, sizes) => {
    const operand = at(operands, 0);
    const strides = rowMajorStrides(operand.sizes);
    const strideOf = (axis: number): number => {
      const from = params.axes.indexOf(axis);
      return from < 0 || at(operand.sizes, from) === 1 ? 0 : at(strides, from);
    };
    return follow(
      operand,
      sizes,
      sizes.map((_, axis) => strideOf(axis)),
    );
  },

  slice: ({ params }, operands, sizes) =>
    remap(at(operands, 0), sizes, Number.NaN, (index) => index.map((i, axis) => at(params.starts, axis) + i * at(params.strides, axis))),
  pad: ({ params }, operands, sizes) =>
    remap(at(operands, 0), sizes, params.value, (index) =>
      index.map((i, axis) => (i - at(params.low, axis)) / (at(params.interior, axis) + 1)),
    ),
  skew: ({ params: { axis, window, stride, dilation } }, operands, sizes) =>
    remap(at(operands, 0), sizes, Number.NaN, (index) => index.with(axis, at(index, axis) * stride + at(index, window) * dilation)),
  unskew: ({ params: { axis, window, stride, dilation } }, operands, sizes) =>
    remap(at(operands, 0), sizes, 0, (index) => index.with(axis, (at(index, axis) - at(index, window) * dilation) / stride)),
  gather: ({ params: { axis } }, operands, sizes) => {
    const [x, indices] = [at(operands, 0), at(operands, 1)];
    const [strides, rank, last] = [rowMajorStrides(indices.sizes), indices.sizes.length, at(x.sizes, axis) - 1];
    return remap(x, sizes, Number.NaN, (index) => {
      const offset = strides.reduce((sum, stride, i) => sum + stride * at(index, axis + i), 0);
      return index.toSpliced(axis, rank, Math.min(Math.max(at(indices.elements, offset), 0), last));
    });
  },

  scatterAdd: ({ params, dtype }, operands, sizes) => {
    const [updates, indices] = [at(operands, 0), at(operands, 1)];
    const [before, after] = [countElements(sizes.slice(0, params.axis)), countElements(sizes.slice(params.axis + 1))];
    const rows = at(sizes, params.axis);
    const result = new Float64Array(countElements(sizes));
    for (let b = 0; b < before; b++) {
      for (const [k, index] of indices.elements.entries()) {
        const row = Math.min(Math.max(index, 0), rows - 1);
        for (let n = 0; n < after; n++) {
          const to = (b * rows + row) * after + n;
          result[to] = arithmetic[dtype].add(at(result, to), at(updates.elements, (b * indices.elements.length + k) * after + n));
        }
      }
    }
    return result;
  },
  reduceSum: ({ params, dtype }, operands) => reduce(at(operands, 0), params.axes, 0, arithmetic[dtype].add),
  reduceMax: ({ params, dtype }, operands) => reduce(at(operands, 0), params.axes, arithmetic[dtype].lowest, Math.max),

  contract: evaluateContract,

  loop: () => {
    throw new GraphError('evaluate', 'a loop is evaluated as a whole');
  },

  identity: first,
  stopGradient: first,
  after: first,
  customGradient: first,
};
