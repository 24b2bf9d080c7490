/**
 * The same elements in row-major order under another shape. The product of the sizes must not change: numbers are multiplied
 * out exactly, symbolic sizes are compared in normal form. A quotient that the shape did not have is refused: that it is
 * whole is a fact of its own (`divides.ts`).
 *
 * Invariant: the number of elements stays the same for all sizes.
 */
import { type Dim, sizeTextOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import { count } from './count.ts';
import type { shapeProblem } from './shape.ts';
import { shapeProblem as shapeProblemOf } from './shape.ts';

// newQuotient :: (Shape, Shape) -> the first size of the second that is a quotient and no size of the first, or never
type newQuotient<from extends Shape, to extends Shape> = to extends readonly [infer head extends Dim, ...infer rest extends Shape]
  ? head extends `${string}/${string}`
    ? sizeTextOf<head> extends sizeTextOf<from[number]>
      ? newQuotient<from, rest>
      : sizeTextOf<head>
    : newQuotient<from, rest>
  : never;

function newQuotient(from: Shape, to: Shape): string | undefined {
  const known = from.map(sizeTextOf);
  return to.map(sizeTextOf).find((size) => size.includes('/') && !known.includes(size));
}

// without :: (Shape, size text) -> Shape without the first dim of that size, or false
type without<shape extends Shape, size> = shape extends readonly [infer head extends Dim, ...infer rest extends Shape]
  ? sizeTextOf<head> extends size
    ? rest
    : without<rest, size> extends infer others extends Shape
      ? [head, ...others]
      : false
  : false;

// sameCount :: (Shape, Shape, dims of the second that the first lacks) -> boolean      sizes that both have need no arithmetic
type sameCount<from extends Shape, to extends Shape, rest extends Shape = []> = to extends readonly [
  infer head extends Dim,
  ...infer others extends Shape,
]
  ? without<from, sizeTextOf<head>> extends infer less extends Shape
    ? sameCount<less, others, rest>
    : sameCount<from, others, [...rest, head]>
  : count<from> extends count<rest>
    ? true
    : false;

// reshapeProblem :: (Shape, Shape) -> sentence | never
export type reshapeProblem<from extends Shape, to extends Shape> = [shapeProblem<'reshape', to>] extends [never]
  ? sameCount<from, to> extends true
    ? [newQuotient<from, to>] extends [never]
      ? never
      : `reshape: ${newQuotient<from, to> & string} is not known to be whole: ${showShape<from>} to ${showShape<to>} (state it with divides, and split the axis)`
    : `reshape: ${count<from>} elements do not fill ${count<to>}: ${showShape<from>} to ${showShape<to>} (the product of the sizes must stay the same)`
  : shapeProblem<'reshape', to>;

export function reshapeProblem(from: Shape, to: Shape): string | undefined {
  const illegal = shapeProblemOf('reshape', to);
  if (illegal !== undefined) return illegal;
  const shapes = `${showShape(from)} to ${showShape(to)}`;
  if (count(from) !== count(to)) {
    return `reshape: ${count(from)} elements do not fill ${count(to)}: ${shapes} (the product of the sizes must stay the same)`;
  }
  const quotient = newQuotient(from, to);
  return quotient === undefined
    ? undefined
    : `reshape: ${quotient} is not known to be whole: ${shapes} (state it with divides, and split the axis)`;
}
