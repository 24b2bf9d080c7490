/**
 * Which shapes element-wise operations take: equal shapes, a scalar, a right operand whose shape is a suffix of the left
 * one (a bias), and axes of size 1 that stretch: an anonymous 1 along any axis, a kept axis (`key=1`) along the axis of its
 * name. Shapes are aligned at their last axes.
 *
 * Invariant: the result has the rank of the larger operand, and a dim of the result is a dim of an operand.
 * Source: NumPy broadcasting, restricted: the left operand never gains leading axes, unless it is a scalar.
 */
import { type Dim, sizeOf } from '../dim.ts';
import { type initial, type last, repeatedName, type Shape, showShape } from '../shape.ts';
import { stretches } from './kept.ts';

// broadcastDim :: (Dim, Dim) -> Dim | false      equal, or one of size 1 that stretches
type broadcastDim<left extends Dim, right extends Dim> = left extends right
  ? right extends left
    ? left
    : false
  : stretches<right, left> extends true
    ? left
    : stretches<left, right> extends true
      ? right
      : false;

function broadcastDim(left: Dim, right: Dim): Dim | false {
  if (left === right) return left;
  if (stretches(right, left)) return left;
  return stretches(left, right) ? right : false;
}

// aligned :: (Shape, Shape) -> Shape | false      from the last axis to the first; the first shape may have more
export type aligned<left extends Shape, right extends Shape, tail extends Shape = []> = right extends readonly []
  ? [...left, ...tail]
  : left extends readonly []
    ? false
    : broadcastDim<last<left>, last<right>> extends infer dim extends Dim
      ? aligned<initial<left>, initial<right>, [dim, ...tail]>
      : false;

// broadcastShapes :: (Shape, Shape) -> Shape | false
export type broadcastShapes<left extends Shape, right extends Shape> = left extends readonly []
  ? right
  : number extends right['length']
    ? false
    : aligned<left, right>;

export const broadcastShapes = (left: Shape, right: Shape): Shape | false => (left.length === 0 ? right : aligned(left, right));

export function aligned(left: Shape, right: Shape): Shape | false {
  if (right.length > left.length) return false;
  const result = [...left];
  for (let back = 1; back <= right.length; back++) {
    const dim = broadcastDim(left.at(-back) as Dim, right.at(-back) as Dim);
    if (dim === false) return false;
    result[left.length - back] = dim;
  }
  return result;
}

type reversed<shape extends Shape> = shape extends readonly [infer a extends Dim, infer b extends Dim] ? [b, a] : shape;

function reversed(shape: Shape): Shape {
  return shape.length === 2 ? [shape[1] as Dim, shape[0] as Dim] : shape;
}

// fitting :: (Shape, Shape) -> the result, or false where there is none or it would name an axis twice
type fitting<left extends Shape, right extends Shape> =
  broadcastShapes<left, right> extends infer shape extends Shape ? ([repeatedName<shape>] extends [never] ? shape : false) : false;

function fitting(left: Shape, right: Shape): Shape | false {
  const shape = broadcastShapes(left, right);
  return shape !== false && repeatedName(shape) === undefined ? shape : false;
}

// remedy :: the first of: transpose b, swap, that fits
type remedy<operation extends string, left extends Shape, right extends Shape> =
  transposedFit<left, right> extends infer shape extends Shape
    ? `try a.${operation}(b.T): ${showShape<shape>}`
    : fitting<right, left> extends infer shape extends Shape
      ? `try b.${operation}(a): ${showShape<shape>}`
      : false;

type transposedFit<left extends Shape, right extends Shape> = right['length'] extends 2 ? fitting<left, reversed<right>> : false;

type advice = 'equal shapes, a scalar, a right operand with the last axes of the left, or axes of size 1';
const advice: advice = 'equal shapes, a scalar, a right operand with the last axes of the left, or axes of size 1';

function remedy(operation: string, left: Shape, right: Shape): string | false {
  const transposed = right.length === 2 ? fitting(left, reversed(right)) : false;
  if (transposed) return `try a.${operation}(b.T): ${showShape(transposed)}`;
  const swapped = fitting(right, left);
  return swapped ? `try b.${operation}(a): ${showShape(swapped)}` : false;
}

// refusal :: what is wrong, with a fix where there is one
type refusal<operation extends string, left extends Shape, right extends Shape> =
  remedy<operation, left, right> extends infer fix extends string
    ? `${operation}: shapes do not broadcast: ${showShape<left>} with ${showShape<right>} (${fix})`
    : wrongStretch<left, right> extends infer pair extends string
      ? `${operation}: the kept axis ${pair}: ${showShape<left>} with ${showShape<right>} (${keptAdvice})`
      : `${operation}: shapes do not broadcast: ${showShape<left>} with ${showShape<right>} (${advice})`;

function refusal(operation: string, left: Shape, right: Shape): string {
  const shapes = `${showShape(left)} with ${showShape(right)}`;
  const fix = remedy(operation, left, right);
  if (fix) return `${operation}: shapes do not broadcast: ${shapes} (${fix})`;
  const pair = wrongStretch(left, right);
  return pair
    ? `${operation}: the kept axis ${pair}: ${shapes} (${keptAdvice})`
    : `${operation}: shapes do not broadcast: ${shapes} (${advice})`;
}

type keptAdvice = 'it stretches along the axis of its name: reduce over the other axis, or rename this one';
const keptAdvice: keptAdvice = 'it stretches along the axis of its name: reduce over the other axis, or rename this one';

// wrongStretch :: (Shape, Shape) -> 'key=1 does not stretch along n=3' where that is the first axis that does not fit, from the last, or false
type wrongStretch<left extends Shape, right extends Shape> = left extends readonly []
  ? false
  : right extends readonly []
    ? false
    : broadcastDim<last<left>, last<right>> extends Dim
      ? wrongStretch<initial<left>, initial<right>>
      : sizeOf<last<right>> extends 1
        ? `${last<right>} does not stretch along ${last<left>}`
        : sizeOf<last<left>> extends 1
          ? `${last<left>} does not stretch along ${last<right>}`
          : false;

function wrongStretch(left: Shape, right: Shape): string | false {
  const [a, b] = [left.at(-1), right.at(-1)];
  if (a === undefined || b === undefined) return false;
  if (broadcastDim(a, b) !== false) return wrongStretch(left.slice(0, -1), right.slice(0, -1));
  if (sizeOf(b) === 1) return `${b} does not stretch along ${a}`;
  return sizeOf(a) === 1 ? `${a} does not stretch along ${b}` : false;
}

// broadcastProblem :: (operation, Shape, Shape) -> sentence | never
export type broadcastProblem<operation extends string, left extends Shape, right extends Shape> =
  broadcastShapes<left, right> extends infer shape extends Shape
    ? [repeatedName<shape>] extends [never]
      ? never
      : `${operation}: the result would name '${repeatedName<shape> & string}' twice: ${showShape<left>} with ${showShape<right>} (rename one of the axes first)`
    : refusal<operation, left, right>;

export function broadcastProblem(operation: string, left: Shape, right: Shape): string | undefined {
  const shape = broadcastShapes(left, right);
  if (shape === false) return refusal(operation, left, right);
  const name = repeatedName(shape);
  if (name === undefined) return undefined;
  return `${operation}: the result would name '${name}' twice: ${showShape(left)} with ${showShape(right)} (rename one of the axes first)`;
}
