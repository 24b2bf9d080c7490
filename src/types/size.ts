/**
 * Sizes as expressions: literal sizes are folded at once, symbolic ones stay an expression until a program meets its inputs.
 *
 * Invariant: an expression without symbols is always a plain number.
 */
import type { Size } from './arithmetic/sizeExpression.ts';

const fold = {
  add: (left: number, right: number) => left + right,
  subtract: (left: number, right: number) => left - right,
  multiply: (left: number, right: number) => left * right,
  divide: (left: number, right: number) => left / right,
  ceilDivide: (left: number, right: number) => Math.ceil(left / right),
} as const;

function combine(op: keyof typeof fold, left: Size, right: Size): Size {
  if (typeof left === 'number' && typeof right === 'number') return fold[op](left, right);
  if (op === 'multiply' && left === 1) return right;
  if ((op === 'multiply' || op === 'divide' || op === 'ceilDivide') && right === 1) return left;
  if (op === 'add' && left === 0) return right;
  if ((op === 'add' || op === 'subtract') && right === 0) return left;
  return { op, left, right };
}

export const addSizes = (left: Size, right: Size): Size => combine('add', left, right);
export const subtractSizes = (left: Size, right: Size): Size => combine('subtract', left, right);
export const multiplySizes = (...sizes: readonly Size[]): Size => sizes.reduce<Size>((left, right) => combine('multiply', left, right), 1);
export const divideSizes = (left: Size, right: Size): Size => combine('divide', left, right);
export const ceilDivideSizes = (left: Size, right: Size): Size => combine('ceilDivide', left, right);

/** The number an expression stands for, given the sizes of the symbolic axes in it. Throws a `RangeError` on an unbound one. */
export function evaluateSize(size: Size, symbols: Readonly<Record<string, number>>): number {
  const value = knownSize(size, symbols);
  if (value !== undefined) return value;
  const open = symbolsOf(size).find((symbol) => knownSize(symbol, symbols) === undefined);
  throw new RangeError(`size: the axis '${open}' has no size yet`);
}

/** The number an expression stands for; undefined where a symbolic axis in it has no size yet. */
export function knownSize(size: Size, symbols: Readonly<Record<string, number | undefined>>): number | undefined {
  if (typeof size === 'number') return size;
  if (typeof size === 'string') return Object.hasOwn(symbols, size) ? symbols[size] : undefined;
  const [left, right] = [knownSize(size.left, symbols), knownSize(size.right, symbols)];
  return left === undefined || right === undefined ? undefined : fold[size.op](left, right);
}

/** The symbolic axes that an expression mentions. */
export function symbolsOf(size: Size): readonly string[] {
  if (typeof size === 'number') return [];
  if (typeof size === 'string') return [size];
  return [...new Set([...symbolsOf(size.left), ...symbolsOf(size.right)])];
}

const sign = { add: '+', subtract: '-', multiply: '*', divide: '/', ceilDivide: '⌈/⌉' } as const;

/** `(batch * 784)` */
export function showSize(size: Size): string {
  return typeof size === 'object' ? `(${showSize(size.left)} ${sign[size.op]} ${showSize(size.right)})` : `${size}`;
}
