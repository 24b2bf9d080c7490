/**
 * The WGSL functions that pointwise texts call: what WGSL lacks, or has with less accuracy or other edges than the language promises.
 * Each is declared in the kernels that use it.
 *
 * Invariant: no step relies on an order of additions that a driver may change: small arguments have a polynomial of their own.
 * Sources: sin and cos by reduction to an eighth turn and the polynomials of Cephes, since WGSL promises 2^-11 only, within 2e-7 up to an
 * argument of 10,000; log1p by the series of 2·artanh(x / (2 + x)), below 1e-8; expm1 by its Taylor series, below 2e-8; erf by the rational
 * approximation of Eigen and XLA, in f32 within 4e-7; the inverse of each where the argument is large by WGSL's own functions.
 */
import { keyParity, rotations } from '../../graph/threefry.ts';

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

/** Coefficients from the highest power down. */
const horner = (coefficients: readonly number[], of: string): string =>
  coefficients.reduce((text, next, i) => (i === 0 ? `${next}f` : `(${text} * ${of} + ${next}f)`), '');

const erfOver = [
  -2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5, -7.34990630326855e-4, -2.95459980854025e-3,
  -1.60960333262415e-2,
];
const erfUnder = [-1.45660718464996e-5, -2.13374055278905e-4, -1.68282697438203e-3, -7.37332916720468e-3, -1.42647390514189e-2];
const artanhSeries = [1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3, 1];
const expm1Series = [1 / 40320, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1];

// Cephes, sinf and cosf
const sineSeries = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1];
const cosineSeries = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2];

const lines = (...text: readonly string[]): string => text.join('\n');

export const wgslFunctions: readonly (readonly [name: string, declaration: string])[] = [
  ['both_words', 'fn both_words(words: vec2u) -> u32 {\n  return words.x ^ words.y;\n}'],
  ['threefry', threefryText()],
  ['maximum_f32', 'fn maximum_f32(x: f32, y: f32) -> f32 {\n  return select(y, x, (x > y) | !(x == x));\n}'],
  ['tanh_f32', 'fn tanh_f32(x: f32) -> f32 {\n  return tanh(select(x, sign(x) * 15f, abs(x) > 15f));\n}'],
  ['sigmoid_f32', 'fn sigmoid_f32(x: f32) -> f32 {\n  let small = exp(-abs(x));\n  return select(small, 1f, x >= 0f) / (1f + small);\n}'],
  // some drivers give a finite number for 0
  ['log_f32', 'fn log_f32(x: f32) -> f32 {\n  return select(log(x), -bitcast<f32>(infinity_bits), x == 0f);\n}'],
  [
    'quarter_turns',
    lines(
      '/** The sine of x and so many quarter turns. */',
      'fn quarter_turns(x: f32, turns: i32) -> f32 {',
      '  let k = round(x * 0.63661977f);',
      '  let r = fma(-k, 7.5497899e-8f, fma(-k, 4.837513e-4f, fma(-k, 1.5703125f, x)));',
      '  let s = r * r;',
      `  let sine = r + r * s * ${horner(sineSeries, 's')};`,
      `  let cosine = 1f - 0.5f * s + s * s * ${horner(cosineSeries, 's')};`,
      '  let quarter = i32(k) + turns;',
      '  let y = select(sine, cosine, (quarter & 1i) == 1i);',
      '  return select(y, -y, (quarter & 2i) == 2i);',
      '}',
    ),
  ],
  [
    'erf_f32',
    lines(
      'fn erf_f32(x: f32) -> f32 {',
      '  let t = select(clamp(x, -4f, 4f), x, !(x == x));',
      '  let s = t * t;',
      `  return t * ${horner(erfOver, 's')} / ${horner(erfUnder, 's')};`,
      '}',
    ),
  ],
  [
    'log1p_f32',
    lines(
      'fn log1p_f32(x: f32) -> f32 {',
      '  let t = x / (2f + x);',
      '  let s = t * t;',
      `  return select(log_f32(1f + x), 2f * t * ${horner(artanhSeries, 's')}, abs(x) < 0.375f);`,
      '}',
    ),
  ],
  [
    'expm1_f32',
    lines('fn expm1_f32(x: f32) -> f32 {', `  return select(exp(x) - 1f, x * ${horner(expm1Series, 'x')}, abs(x) < 0.5f);`, '}'),
  ],
  [
    'pow_f32',
    lines(
      'fn pow_f32(x: f32, y: f32) -> f32 {',
      '  let ofZero = select(0f, bitcast<f32>(infinity_bits), y < 0f);',
      '  let size = select(select(exp2(y * log2(abs(x))), ofZero, x == 0f), 1f, y == 0f);',
      '  let half = floor(y) * 0.5f;',
      '  let negative = select(bitcast<f32>(nan_bits), select(-size, size, floor(half) == half), floor(y) == y);',
      '  return select(size, negative, x < 0f);',
      '}',
    ),
  ],
];
