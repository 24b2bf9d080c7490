/**
 * Sizes, indices, literals and types as WGSL.
 *
 * Invariant: everything here is a u32 expression that WGSL can evaluate early when it has no index in it; NaN and infinities
 * go through a private variable, since WGSL refuses them in constant expressions.
 */
import { symbolConstant } from '../../program/program.ts';
import { sizeExpression } from '../../types/arithmetic/sizeExpression.ts';
import type { Size } from '../../types/dim.ts';
import type { DType } from '../../types/dtype.ts';
import { roundToHalf } from '../../types/half.ts';
import type { Atom, Index, Term } from '../3-fuse/indexing.ts';
import type { Condition } from '../3-fuse/masks.ts';
import { isOne, literalOf, type Product } from '../3-fuse/product.ts';
import { CompileError } from '../compileError.ts';

export function sizeText({ literal, symbols }: Product): string {
  const factors = [
    ...symbols.map((symbol) => expressionText(sizeExpression(symbol))),
    ...(literal === 1 && symbols.length > 0 ? [] : [`${literal}u`]),
  ];
  return factors.length === 1 ? `${factors[0]}` : `(${factors.join(' * ')})`;
}

const operators = { add: '+', subtract: '-', multiply: '*', divide: '/' } as const;

/** A size as a constant expression. Quotients are whole: the runtime refuses a run where one is not. */
function expressionText(size: Size): string {
  if (typeof size === 'number') return `${size}u`;
  if (typeof size === 'string') return symbolConstant(size);
  if (size.op === 'ceilDivide') throw new CompileError('compile: an axis has a size that is rounded (internal: sizes of axes are exact)');
  return `(${expressionText(size.left)} ${operators[size.op]} ${expressionText(size.right)})`;
}

/** Gives the WGSL expression of each variable, and of each result by its name. */
export type VariableNames = (variable: string) => string;

/** `part` writes the indices within quotients and the like. What is subtracted comes last: no constant is below zero on the way. */
export function indexText(index: Index, names: VariableNames, part = (of: Index): string => indexText(of, names)): string {
  const negative = index.terms.filter(({ factor }) => factor.literal < 0);
  const positive = index.terms.filter((term) => !negative.includes(term));
  const sum = positive.length === 0 ? '0u' : positive.map((term) => termText(term, names, part)).join(' + ');
  return [
    sum,
    ...negative.map(({ atom, factor }) => termText({ atom, factor: { ...factor, literal: -factor.literal } }, names, part)),
  ].join(' - ');
}

function termText({ atom, factor }: Term, names: VariableNames, part: (of: Index) => string): string {
  if (atom.kind === 'unit') return sizeText(factor);
  const text = atomText(atom, names, part);
  return isOne(factor) ? text : `${text} * ${sizeText(factor)}`;
}

function atomText(atom: Exclude<Atom, { kind: 'unit' }>, names: VariableNames, part: (of: Index) => string): string {
  if (atom.kind === 'variable') return names(atom.name);
  if (atom.kind === 'result') return names(resultName(atom.result));
  const inner = part(atom.of);
  if (atom.kind === 'clamp') return `min(${inner}, ${lastText(atom.below)})`;
  const operand = /^\w+$/.test(inner) ? inner : `(${inner})`;
  return `(${operand} ${atom.kind === 'quotient' ? '/' : '%'} ${sizeText(atom.by)})`;
}

export const resultName = (result: number): string => `v${result}`;

/** The last index of an axis. */
export function lastText(size: Product): string {
  const literal = literalOf(size);
  return literal === undefined ? `${sizeText(size)} - 1u` : `${literal - 1}u`;
}

/** On bools, `&` asks both sides and needs no branch. */
export function conditionsText(conditions: readonly Condition[], part: (index: Index) => string): string {
  const texts = conditions.map((one) => (one.kind === 'zero' ? `${part(one.of)} == 0u` : `${part(one.of)} < ${sizeText(one.bound)}`));
  return texts.length === 1 ? `${texts[0]}` : texts.map((text) => `(${text})`).join(' & ');
}

/** The type of a value in a kernel: halves compute in f32. */
const computedTypes: { readonly [D in DType]: string } = { f32: 'f32', f16: 'f32', i32: 'i32', u32: 'u32', bool: 'bool' };

export const computedType = (dtype: DType): string => computedTypes[dtype];
/** The type of an element in a buffer; of halves, see `halfText.ts`. */
export const storedType = (dtype: Exclude<DType, 'f16'>): string => (dtype === 'bool' ? 'u32' : computedTypes[dtype]);

/** The type of so many elements that are loaded or stored at once. */
export const vectorType = (type: string, count: number): string => (count === 4 ? `vec4<${type}>` : `array<${type}, ${count}>`);

export function literalText(value: number, dtype: DType): string {
  if (dtype === 'bool') return value === 0 ? 'false' : 'true';
  if (dtype === 'u32') return `${value}u`;
  if (dtype === 'i32') return value < 0 ? `i32(${value})` : `${value}i`;
  const rounded = dtype === 'f16' ? roundToHalf(value) : Math.fround(value);
  if (Number.isNaN(rounded)) return 'bitcast<f32>(nan_bits)';
  if (rounded === Number.POSITIVE_INFINITY) return 'bitcast<f32>(infinity_bits)';
  if (rounded === Number.NEGATIVE_INFINITY) return '(-bitcast<f32>(infinity_bits))';
  const shortest = shortestText(rounded);
  return rounded < 0 || Object.is(rounded, -0) ? `(${shortest}f)` : `${shortest}f`;
}

/** WGSL takes no literal above it, not even one that rounds to it. */
const largest = 2 ** 128 - 2 ** 104;

/** The fewest digits that round to the same f32. */
function shortestText(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = `${Number(value.toPrecision(digits))}`;
    if (Math.fround(Number(text)) === value && Math.abs(Number(text)) <= largest && !Object.is(value, -0)) return text;
  }
  return Object.is(value, -0) ? '-0' : `${value}`;
}

/** Declared where a kernel's text uses them. */
export const specialBits: readonly (readonly [name: string, declaration: string])[] = [
  ['nan_bits', 'var<private> nan_bits: u32 = 0x7fc00000u;'],
  ['infinity_bits', 'var<private> infinity_bits: u32 = 0x7f800000u;'],
];
