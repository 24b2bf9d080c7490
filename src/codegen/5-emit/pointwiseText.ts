/**
 * Each pointwise primitive as a WGSL expression.
 *
 * Semantics: maximum and relu pass NaN on, as NumPy's do (WGSL's `max` need not). tanh clamps its argument, since drivers
 * compute it by exponentials that overflow; sigmoid exponentiates only negative numbers. Integers wrap around; dividing by
 * zero gives the left operand, as WGSL says. exp and log are as exact as the device's.
 * Invariant: total over `Primitive`; what is not pointwise has no text.
 */
import type { CompareDirection, Primitive, RandomWord } from '../../graph/primitive.ts';
import { keyParity, rotations } from '../../graph/threefry.ts';
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
  log: call('log'),
  sqrt: call('sqrt'),
  tanh: call('tanh_f32'),
  sigmoid: call('sigmoid_f32'),
  relu: ([x], { dtype }) => (isFloating(dtype) ? `select(${x}, 0f, ${x} < 0f)` : `max(${x}, 0)`),
  add: infix('+'),
  sub: infix('-'),
  mul: infix('*'),
  div: infix('/'),
  maximum: ([x, y], { dtype }) => maximumText(`${x}`, `${y}`, dtype),
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
  identity: first,
  stopGradient: first,
  after: undefined,
  customGradient: undefined,
};

/** The 20 rounds, unrolled. */
function threefryText(): string {
  const key = (i: number): string => ['k0', 'k1', 'k2'][i % 3] ?? '';
  const round = (by: number): string => `  x0 += x1; x1 = ((x1 << ${by}u) | (x1 >> ${32 - by}u)) ^ x0;`;
  const groups = [0, 1, 2, 3, 4].flatMap((group) => [
    ...(rotations[group % 2] ?? []).map(round),
    `  x0 += ${key(group + 1)}; x1 += ${key(group + 2)} + ${group + 1}u;`,
  ]);
  return [
    'fn threefry(k0: u32, k1: u32, c0: u32, c1: u32) -> vec2u {',
    `  let k2 = k0 ^ k1 ^ ${keyParity}u;`,
    '  var x0 = c0 + k0; var x1 = c1 + k1;',
    ...groups,
    '  return vec2u(x0, x1);',
    '}',
  ].join('\n');
}

/** Functions that the texts above call: each is declared in the kernels that use it. */
export const functions: readonly (readonly [name: string, declaration: string])[] = [
  ['both_words', 'fn both_words(words: vec2u) -> u32 {\n  return words.x ^ words.y;\n}'],
  ['threefry', threefryText()],
  ['maximum_f32', 'fn maximum_f32(x: f32, y: f32) -> f32 {\n  return select(y, x, x > y || !(x == x));\n}'],
  ['tanh_f32', 'fn tanh_f32(x: f32) -> f32 {\n  return tanh(select(x, sign(x) * 15f, abs(x) > 15f));\n}'],
  ['sigmoid_f32', 'fn sigmoid_f32(x: f32) -> f32 {\n  let small = exp(-abs(x));\n  return select(small, 1f, x >= 0f) / (1f + small);\n}'],
];
