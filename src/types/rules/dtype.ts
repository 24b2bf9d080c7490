/**
 * Two operands have one dtype; nothing is converted in silence.
 *
 * Invariant: the sentence shows each operand as `f32[n=3, in=2]`.
 */
import type { DType } from '../dtype.ts';
import { type Shape, showShape } from '../shape.ts';

// dtypeProblem :: (operation, dtype, Shape, dtype, Shape) -> sentence | never
export type dtypeProblem<operation extends string, left, leftShape extends Shape, right, rightShape extends Shape> = left extends right
  ? never
  : `${operation}: dtypes differ: ${left & string}${showShape<leftShape>} with ${right & string}${showShape<rightShape>} (make both the same dtype)`;

export function dtypeProblem(operation: string, left: DType, leftShape: Shape, right: DType, rightShape: Shape): string | undefined {
  if (left === right) return undefined;
  return `${operation}: dtypes differ: ${left}${showShape(leftShape)} with ${right}${showShape(rightShape)} (make both the same dtype)`;
}
