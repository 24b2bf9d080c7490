/**
 * 16-bit floats in kernels: elements are halves in buffers and f32 everywhere else, so sums are always in f32.
 *
 * With the feature shader-f16 a buffer is an array of f16. Without it, two halves lie in a u32, and a store clears its half and
 * sets it by two atomic operations, which leave the other half alone: neighbours may be written at the same time, by anyone.
 * Invariant: both round to nearest, ties to even; the packed one goes to infinity from 65520 on, as IEEE 754 says.
 */

export type HalfStorage = 'native' | 'packed';

/** A buffer in WGSL: its element type, its length, and the functions that read and write it, if it takes any. */
export interface StoredArray {
  readonly elementType: string;
  readonly length: string;
  readonly functions: readonly string[];
}

export const loadHalf = (array: string, index: string): string => `load_${array}(${index})`;
export const storeHalf = (array: string, index: string, value: string): string => `store_${array}(${index}, ${value});`;

/** `length` is a WGSL expression. */
export function halfArray(array: string, length: string, access: 'read' | 'read_write', storage: HalfStorage): StoredArray {
  const load = (body: string): string => `fn load_${array}(i: u32) -> f32 {\n  return ${body};\n}`;
  const store = (...body: readonly string[]): readonly string[] =>
    access === 'read' ? [] : [`fn store_${array}(i: u32, value: f32) {\n${body.map((line) => `  ${line}\n`).join('')}}`];
  if (storage === 'native') {
    return { elementType: 'f16', length, functions: [load(`f32(${array}[i])`), ...store(`${array}[i] = f16(value);`)] };
  }
  const word = access === 'read' ? `${array}[i >> 1u]` : `atomicLoad(&${array}[i >> 1u])`;
  return {
    elementType: access === 'read' ? 'u32' : 'atomic<u32>',
    length: `(${length} + 1u) / 2u`,
    functions: [
      load(`unpack2x16float(${word})[i & 1u]`),
      ...store(
        'let shift = (i & 1u) << 4u;',
        `atomicAnd(&${array}[i >> 1u], ~(0xffffu << shift));`,
        `atomicOr(&${array}[i >> 1u], half_bits(value) << shift);`,
      ),
    ],
  };
}

/** Declared where a kernel's text uses them. Below 2⁻¹⁴ halves are multiples of 2⁻²⁴; WGSL's `round` takes ties to even. */
export const halfFunctions: readonly (readonly [name: string, declaration: string])[] = [
  ['round_to_half', 'fn round_to_half(x: f32) -> f32 {\n  return unpack2x16float(half_bits(x)).x;\n}'],
  [
    'half_bits',
    [
      'fn half_bits(x: f32) -> u32 {',
      '  let bits = bitcast<u32>(x);',
      '  let size = bits & 0x7fffffffu;',
      '  let normal = (size + 0xfffu + ((size >> 13u) & 1u) - 0x38000000u) >> 13u;',
      '  let small = u32(round(min(abs(x), 1f) * 16777216f));',
      '  let finite = select(normal, small, size < 0x38800000u);',
      '  let half = select(finite, select(0x7c00u, 0x7e00u, size > 0x7f800000u), size >= 0x477ff000u);',
      '  return ((bits >> 16u) & 0x8000u) | half;',
      '}',
    ].join('\n'),
  ],
];
