/**
 * Each pointwise primitive as a WGSL expression.
 *
 * Semantics: maximum and relu pass NaN on, as NumPy's do (WGSL's `max` need not). tanh clamps its argument, since drivers
 * compute it by exponentials that overflow; sigmoid exponentiates only negative numbers. Integers wrap around; dividing by
 * zero gives the left operand, as WGSL says. exp and log are as exact as the device's.
 * Invariant: total over `Primitive`; what is not pointwise has no text.
 */
import type { CompareDirection, Primitive } from '../../graph/primitive.ts';
import type { DType } from '../../types/dtype.ts';
import { computedType } from './wgslText.ts';

export interface PointwiseTypes {
  readonly dtype: DType;
  readonly from: DType;
  readonly direction: CompareDirection | undefined;
}

type PointwiseText = (operands: readonly string[], types: PointwiseTypes) => string;

const signs: { readonly [D in CompareDirection]: string } = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' };
const infix =
  (sign: string): PointwiseText =>
  ([x, y]) =>
    `${x} ${sign} ${y}`;
const call =
  (name: string): PointwiseText =>
  (operands) =>
    `${name}(${operands.join(', ')})`;
const first: PointwiseText = ([x]) => `${x}`;

/** `!=` on floats is an ordered comparison on Vulkan: false if either is NaN. */
const differs = (x: string, y: string): string => `!(${x} == ${y})`;

export function maximumText(x: string, y: string, dtype: DType): string {
  return `${dtype === 'f32' ? 'maximum_f32' : 'max'}(${x}, ${y})`;
}

export const pointwiseText: { readonly [P in Primitive]: PointwiseText | undefined } = {
  input: undefined,
  data: undefined,
  constant: undefined,
  iota: undefined,
  neg: ([x]) => `-${x}`,
  exp: call('exp'),
  log: call('log'),
  sqrt: call('sqrt'),
  tanh: call('tanh_f32'),
  sigmoid: call('sigmoid_f32'),
  relu: ([x], { dtype }) => (dtype === 'f32' ? `select(${x}, 0f, ${x} < 0f)` : `max(${x}, 0)`),
  add: infix('+'),
  sub: infix('-'),
  mul: infix('*'),
  div: infix('/'),
  maximum: ([x, y], { dtype }) => maximumText(`${x}`, `${y}`, dtype),
  compare: ([x, y], { from, direction = 'eq' }) => {
    if (from === 'bool') return `u32(${x}) ${signs[direction]} u32(${y})`;
    return from === 'f32' && direction === 'ne' ? differs(`${x}`, `${y}`) : `${x} ${signs[direction]} ${y}`;
  },
  select: ([condition, whenTrue, whenFalse]) => `select(${whenFalse}, ${whenTrue}, ${condition})`,
  cast: ([x], { dtype, from }) => (dtype === 'bool' && from === 'f32' ? differs(`${x}`, '0f') : `${computedType(dtype)}(${x})`),
  permute: undefined,
  reshape: undefined,
  broadcast: undefined,
  slice: undefined,
  pad: undefined,
  skew: undefined,
  unskew: undefined,
  gather: undefined,
  reduceSum: undefined,
  reduceMax: undefined,
  contract: undefined,
  identity: first,
  stopGradient: first,
  customGradient: undefined,
};

/** Functions that the texts above call: each is declared in the kernels that use it. */
export const functions: readonly (readonly [name: string, declaration: string])[] = [
  ['maximum_f32', 'fn maximum_f32(x: f32, y: f32) -> f32 {\n  return select(y, x, x > y || !(x == x));\n}'],
  ['tanh_f32', 'fn tanh_f32(x: f32) -> f32 {\n  return tanh(select(x, sign(x) * 15f, abs(x) > 15f));\n}'],
  ['sigmoid_f32', 'fn sigmoid_f32(x: f32) -> f32 {\n  let small = exp(-abs(x));\n  return select(small, 1f, x >= 0f) / (1f + small);\n}'],
];
