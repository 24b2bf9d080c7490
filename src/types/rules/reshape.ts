/**
 * The same elements in row-major order under another shape. The product of the sizes must not change: literal sizes are
 * multiplied out exactly, symbolic axes must be the same ones on both sides.
 *
 * Invariant: an element count is a literal part and the symbols it is multiplied with.
 */
import { type Dim, sizeOf, symbolOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import type { multiply } from '../arithmetic/multiply.ts';
import type { shapeProblem } from './shape.ts';
import { shapeProblem as shapeProblemOf } from './shape.ts';

// literalCount :: Shape -> the product of its literal sizes, as text
type literalCount<shape extends Shape, count extends string = '1'> = shape extends readonly [infer head extends Dim, ...infer rest extends Shape]
  ? literalCount<rest, number extends sizeOf<head> ? count : multiply<count, `${sizeOf<head>}`>>
  : count;

function literalCount(shape: Shape): string {
  return `${shape.reduce<bigint>((count, dim) => {
    const size = sizeOf(dim);
    return typeof size === 'number' ? count * BigInt(size) : count;
  }, 1n)}`;
}

// symbolsIn :: Shape -> its symbols, each with a number for every time it stands there: 'batch:0', 'batch:1'
type symbolsIn<shape extends Shape, met extends readonly unknown[] = []> = shape extends readonly [infer head extends Dim, ...infer rest extends Shape]
  ? [symbolOf<head>] extends [never]
    ? symbolsIn<rest, met>
    : `${symbolOf<head>}:${count<met, symbolOf<head>>}` | symbolsIn<rest, [...met, symbolOf<head>]>
  : never;

// count :: (names, name) -> how often the name is among them
type count<names extends readonly unknown[], name, found extends readonly unknown[] = []> = names extends readonly [infer head, ...infer rest]
  ? count<rest, name, head extends name ? [...found, head] : found>
  : found['length'];

function symbolsIn(shape: Shape): readonly string[] {
  return shape.flatMap((dim) => symbolOf(dim) ?? []).sort();
}

type sameSymbols<from extends Shape, to extends Shape> = [symbolsIn<from>] extends [symbolsIn<to>]
  ? [symbolsIn<to>] extends [symbolsIn<from>]
    ? true
    : false
  : false;

// reshapeProblem :: (Shape, Shape) -> sentence | never
export type reshapeProblem<from extends Shape, to extends Shape> = [shapeProblem<'reshape', to>] extends [never]
  ? sameSymbols<from, to> extends true
    ? literalCount<from> extends literalCount<to>
      ? never
      : `reshape: ${literalCount<from>} elements do not fill ${literalCount<to>}: ${showShape<from>} to ${showShape<to>} (the product of the sizes must stay the same)`
    : `reshape: the symbolic axes differ: ${showShape<from>} to ${showShape<to>} (keep each symbolic axis as it is)`
  : shapeProblem<'reshape', to>;

export function reshapeProblem(from: Shape, to: Shape): string | undefined {
  const illegal = shapeProblemOf('reshape', to);
  if (illegal !== undefined) return illegal;
  const shapes = `${showShape(from)} to ${showShape(to)}`;
  if (symbolsIn(from).join() !== symbolsIn(to).join()) {
    return `reshape: the symbolic axes differ: ${shapes} (keep each symbolic axis as it is)`;
  }
  if (literalCount(from) === literalCount(to)) return undefined;
  return `reshape: ${literalCount(from)} elements do not fill ${literalCount(to)}: ${shapes} (the product of the sizes must stay the same)`;
}
