/**
 * More elements before and after those of one axis: `pad('t', 1, 2)`.
 *
 * Invariant: the new size is the exact sum, also of a symbol: batch is padded to batch+3.
 */
import { addSizes } from '../arithmetic/sizes.ts';
import { sizeTextOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import { type axesProblem, axesProblem as axesProblemOf, type indices } from './axis.ts';
import { type areLiterals, areWhole, axisText, dimAt, type knownSize, resized } from './resize.ts';

// padShape :: (Shape, axis, before, after) -> Shape      undecided in one dim at most
export type padShape<shape extends Shape, axis, before, after> = [before, after] extends [0, 0]
  ? shape
  : resized<
      shape,
      axis,
      knownSize<dimAt<shape, axis>> extends infer size extends string
        ? addSizes<addSizes<`${before & number}`, size>, `${after & number}`>
        : '1'
    >;

export function padShape(shape: Shape, axis: string | number, before: number, after: number): Shape {
  if (before === 0 && after === 0) return shape;
  return resized(shape, axis, addSizes(addSizes(`${before}`, sizeTextOf(dimAt(shape, axis))), `${after}`));
}

type amountProblem<shape extends Shape, axis, before, after> =
  areLiterals<[before, after]> extends false
    ? 'pad: the numbers before and after are not known (write them as literals, such as 1, 2)'
    : areWhole<`${(before | after) & number}`> extends false
      ? `pad: takes whole numbers from 0, not ${before & number} before and ${after & number} after: axis ${axisText<axis>} of ${showShape<shape>} (slice takes elements away)`
      : [before, after] extends [0, 0]
        ? never
        : knownSize<dimAt<shape, axis>> extends string
          ? never
          : `pad: the size of axis ${axisText<axis>} is not known: ${showShape<shape>} (give it one, or a name)`;

// padProblem :: (Shape, axis, before, after) -> sentence | never      an index asks nothing of the other dims
export type padProblem<shape extends Shape, axis, before, after> = [axis] extends [indices<shape>]
  ? amountProblem<shape, axis, before, after>
  : [axesProblem<'pad', shape, axis>] extends [never]
    ? amountProblem<shape, axis, before, after>
    : axesProblem<'pad', shape, axis>;

export function padProblem(shape: Shape, axis: string | number, before: number, after: number): string | undefined {
  const unknown = axesProblemOf('pad', shape, axis);
  if (unknown !== undefined) return unknown;
  if (!areWhole(before, after)) {
    return `pad: takes whole numbers from 0, not ${before} before and ${after} after: axis ${axisText(axis)} of ${showShape(shape)} (slice takes elements away)`;
  }
  return undefined;
}
