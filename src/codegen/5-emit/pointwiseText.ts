/**
 * Each pointwise primitive as a WGSL expression.
 *
 * Semantics: maximum and relu pass NaN on, as NumPy's do (WGSL's `max` need not). tanh clamps its argument, since drivers
 * compute it by exponentials that overflow; sigmoid exponentiates only negative numbers. Integers wrap around; dividing by
 * zero gives the left operand and the remainder 0, as WGSL says; shifts are modulo 32. exp is as exact as the device's, and log, but of 0.
 * Invariant: total over `Primitive`; what is not pointwise has no text.
 */
import type { CompareDirection, Primitive, RandomWord } from '../../graph/primitive.ts';
import { type DType, isFloating } from '../../types/dtype.ts';
import { computedType } from './wgslText.ts';

export interface PointwiseTypes {
  readonly dtype: DType;
  readonly from: DType;
  readonly direction: CompareDirection | undefined;
  readonly word: RandomWord | undefined;
}

type PointwiseText = (operands: readonly string[], types: PointwiseTypes) => string;

const signs: { readonly [D in CompareDirection]: string } = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' };
const infix =
  (sign: string): PointwiseText =>
  ([x, y]) =>
    `${x} ${sign} ${y}`;
const shift =
  (sign: string): PointwiseText =>
  ([x, y]) =>
    `${x} ${sign} (u32(${y}) & 31u)`;
const call =
  (name: string): PointwiseText =>
  (operands) =>
    `${name}(${operands.join(', ')})`;
const first: PointwiseText = ([x]) => `${x}`;

const words: { readonly [W in RandomWord]: (block: string) => string } = {
  first: (block) => `${block}.x`,
  second: (block) => `${block}.y`,
  both: (block) => `both_words(${block})`,
};

/** `!=` on floats is an ordered comparison on Vulkan: false if either is NaN. */
const differs = (x: string, y: string): string => `!(${x} == ${y})`;

export function maximumText(x: string, y: string, dtype: DType): string {
  return `${isFloating(dtype) ? 'maximum_f32' : 'max'}(${x}, ${y})`;
}

export const pointwiseText: { readonly [P in Primitive]: PointwiseText | undefined } = {
  input: undefined,
  data: undefined,
  constant: undefined,
  iota: undefined,
  neg: ([x]) => `-${x}`,
  exp: call('exp'),
  log: call('log_f32'),
  sqrt: call('sqrt'),
  tanh: call('tanh_f32'),
  sigmoid: call('sigmoid_f32'),
  sin: ([x]) => `quarter_turns(${x}, 0i)`,
  cos: ([x]) => `quarter_turns(${x}, 1i)`,
  erf: call('erf_f32'),
  log1p: call('log1p_f32'),
  expm1: call('expm1_f32'),
  floor: call('floor'),
  round: call('round'),
  relu: ([x], { dtype }) => (isFloating(dtype) ? `select(${x}, 0f, ${x} < 0f)` : `max(${x}, 0)`),
  add: infix('+'),
  sub: infix('-'),
  mul: infix('*'),
  div: infix('/'),
  maximum: ([x, y], { dtype }) => maximumText(`${x}`, `${y}`, dtype),
  pow: call('pow_f32'),
  rem: infix('%'),
  bitAnd: infix('&'),
  bitOr: infix('|'),
  bitXor: infix('^'),
  shiftLeft: shift('<<'),
  shiftRight: shift('>>'),
  compare: ([x, y], { from, direction = 'eq' }) => {
    if (from === 'bool') return `u32(${x}) ${signs[direction]} u32(${y})`;
    return isFloating(from) && direction === 'ne' ? differs(`${x}`, `${y}`) : `${x} ${signs[direction]} ${y}`;
  },
  select: ([condition, whenTrue, whenFalse]) => `select(${whenFalse}, ${whenTrue}, ${condition})`,
  cast: ([x], { dtype, from }) => {
    if (dtype === 'bool' && isFloating(from)) return differs(`${x}`, '0f');
    return dtype === 'f16' ? `round_to_half(f32(${x}))` : `${computedType(dtype)}(${x})`;
  },
  randomBits: (operands, { word = 'both' }) => words[word](`threefry(${operands.join(', ')})`),
  permute: undefined,
  reshape: undefined,
  broadcast: undefined,
  slice: undefined,
  pad: undefined,
  skew: undefined,
  unskew: undefined,
  gather: undefined,
  scatterAdd: undefined,
  reduceSum: undefined,
  reduceMax: undefined,
  contract: undefined,
  loop: undefined,
  identity: first,
  stopGradient: first,
  after: undefined,
  customGradient: undefined,
};
