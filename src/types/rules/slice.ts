/**
 * A part of one axis: `slice('t', 1, 4)` takes the indices 1, 2, 3; `slice('t', 0, 6, 2)` takes 0, 2, 4.
 *
 * Invariant: the new size is exact, the ceiling of (end - start) / step; an axis without a known size stays whole.
 */
import { add } from '../arithmetic/add.ts';
import { compare } from '../arithmetic/compare.ts';
import { divide } from '../arithmetic/divide.ts';
import { subtract } from '../arithmetic/subtract.ts';
import { type Shape, showShape } from '../shape.ts';
import { type axesProblem, axesProblem as axesProblemOf, type indices } from './axis.ts';
import { type areLiterals, areWhole, axisText, dimAt, literalSize, resized } from './resize.ts';

// partSize :: (start, end, step) as texts -> size      (end - start + step - 1) / step, rounded down
type partSize<start extends string, end extends string, step extends string> = step extends '0' | '1'
  ? subtract<end, start>
  : divide<add<subtract<end, start>, subtract<step, '1'>>, step>[0];

const partSize = (start: string, end: string, step: string): string => divide(add(subtract(end, start), subtract(step, '1')), step)[0];

// endOf :: (Shape, axis, end) -> end as text      the axis's size where none is given
type endOf<shape extends Shape, axis, end> = end extends number ? `${end}` : literalSize<dimAt<shape, axis>>;

// sliceShape :: (Shape, axis, start, end | undefined, step) -> Shape      undecided in one dim at most
export type sliceShape<shape extends Shape, axis, start, end, step> = [start, end, step] extends [0, undefined, 1]
  ? shape
  : resized<
      shape,
      axis,
      endOf<shape, axis, end> extends infer last extends string ? partSize<`${start & number}`, last, `${step & number}`> : '1'
    >;

export function sliceShape(shape: Shape, axis: string | number, start: number, end?: number, step = 1): Shape {
  if (start === 0 && end === undefined && step === 1) return shape;
  const last = end === undefined ? literalSize(dimAt(shape, axis)) : `${end}`;
  return last === false ? shape : resized(shape, axis, partSize(`${start}`, last, `${step}`));
}

// bounds :: as they are written: '1 to 4', '0 to 6 by 2', '2 to the end'
type bounds<start, end, step> =
  `${start & number} to ${end extends number ? end : 'the end'}${step extends 1 ? '' : ` by ${step & number}`}`;

const bounds = (start: number, end: number | undefined, step: number): string =>
  `${start} to ${end ?? 'the end'}${step === 1 ? '' : ` by ${step}`}`;

// partProblem :: (Shape, axis, start, end, step) -> sentence | never      of an axis that exists
type partProblem<shape extends Shape, axis, start, end, step> =
  areLiterals<[start, end, step]> extends false
    ? 'slice: start, end and step are not known (write them as literals, such as 0, 3)'
    : [start, end, step] extends [0, undefined, 1]
      ? never
      : areWhole<`${(start | step | (end extends number ? end : 0)) & number}`> extends false
        ? `slice: takes whole numbers from 0, not ${bounds<start, end, step>}: axis ${axisText<axis>} of ${showShape<shape>} (count from the start of the axis)`
        : step extends 0
          ? `slice: a step of 0 goes nowhere: axis ${axisText<axis>} of ${showShape<shape>} (use a step from 1)`
          : literalSize<dimAt<shape, axis>> extends infer size extends string
            ? rangeProblem<shape, axis, start, end, step, size>
            : `slice: the size of axis ${axisText<axis>} is not known: ${bounds<start, end, step>} of ${showShape<shape>} (leave the axis whole, or give it a size)`;

// rangeProblem :: of whole numbers, and an axis of a known size
type rangeProblem<shape extends Shape, axis, start, end, step, size extends string> = end extends number
  ? compare<`${end}`, size> extends 'more'
    ? outside<shape, axis, start, end, step, size>
    : compare<`${start & number}`, `${end}`> extends 'less'
      ? never
      : `slice: ${bounds<start, end, step>} is empty: axis ${axisText<axis>} of ${showShape<shape>} (start before the end)`
  : compare<`${start & number}`, size> extends 'less'
    ? never
    : outside<shape, axis, start, end, step, size>;

type outside<
  shape extends Shape,
  axis,
  start,
  end,
  step,
  size extends string,
> = `slice: ${bounds<start, end, step>} is out of range: axis ${axisText<axis>} of ${showShape<shape>} (its indices end before ${size})`;

// sliceProblem :: (Shape, axis, start, end | undefined, step) -> sentence | never      an index asks nothing of the other dims
export type sliceProblem<shape extends Shape, axis, start, end, step> = [axis] extends [indices<shape>]
  ? partProblem<shape, axis, start, end, step>
  : [axesProblem<'slice', shape, axis>] extends [never]
    ? partProblem<shape, axis, start, end, step>
    : axesProblem<'slice', shape, axis>;

export function sliceProblem(shape: Shape, axis: string | number, start: number, end?: number, step = 1): string | undefined {
  const unknown = axesProblemOf('slice', shape, axis);
  if (unknown !== undefined) return unknown;
  if (start === 0 && end === undefined && step === 1) return undefined;
  const [part, of] = [bounds(start, end, step), `axis ${axisText(axis)} of ${showShape(shape)}`];
  if (!areWhole(start, end ?? 0, step)) return `slice: takes whole numbers from 0, not ${part}: ${of} (count from the start of the axis)`;
  if (step === 0) return `slice: a step of 0 goes nowhere: ${of} (use a step from 1)`;
  const size = literalSize(dimAt(shape, axis));
  if (size === false) {
    return `slice: the size of axis ${axisText(axis)} is not known: ${part} of ${showShape(shape)} (leave the axis whole, or give it a size)`;
  }
  const outside = `slice: ${part} is out of range: ${of} (its indices end before ${size})`;
  if (end === undefined) return compare(`${start}`, size) === 'less' ? undefined : outside;
  if (compare(`${end}`, size) === 'more') return outside;
  return start < end ? undefined : `slice: ${part} is empty: ${of} (start before the end)`;
}
