/**
 * The same elements in row-major order under another shape. The product of the sizes must not change: literal sizes are
 * multiplied out exactly, symbolic axes must be the same ones on both sides.
 *
 * Invariant: an element count is written as its literal part and its symbolic names in order of appearance.
 */
import { type Dim, nameOf, sizeOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import type { multiply } from './multiply.ts';
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

// symbolsIn :: Shape -> the names of its symbolic axes      a union: a name stands at most once in a shape
type symbolsIn<shape extends Shape> = { [axis in keyof shape]: number extends sizeOf<shape[axis]> ? nameOf<shape[axis]> : never }[number];

function symbolsIn(shape: Shape): readonly string[] {
  return shape.flatMap((dim) => (typeof sizeOf(dim) === 'string' ? [nameOf(dim) as string] : [])).sort();
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
