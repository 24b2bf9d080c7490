/**
 * Shapes of which every size is known: data that is drawn on the host has to have one.
 *
 * Invariant: asked after the shape is legal.
 */
import { nameOf, sizeOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import type { shapeProblem } from './shape.ts';
import { shapeProblem as shapeProblemOf } from './shape.ts';

// firstOpen :: Shape -> the first axis without a size, or never
type firstOpen<shape extends readonly unknown[]> = shape extends readonly [infer head, ...infer rest]
  ? number extends sizeOf<head>
    ? [nameOf<head>] extends [never]
      ? head & string
      : nameOf<head>
    : firstOpen<rest>
  : never;

// sizedProblem :: (operation, Shape) -> sentence | never
export type sizedProblem<operation extends string, shape extends Shape> = [shapeProblem<operation, shape>] extends [never]
  ? [firstOpen<shape>] extends [never]
    ? never
    : `${operation}: axis '${firstOpen<shape>}' has no size: ${showShape<shape>} (give its size, or a dim with one, such as '${firstOpen<shape>}=3')`
  : shapeProblem<operation, shape>;

export function sizedProblem(operation: string, shape: Shape): string | undefined {
  const problem = shapeProblemOf(operation, shape);
  if (problem !== undefined) return problem;
  const open = shape.find((dim) => typeof sizeOf(dim) !== 'number');
  if (open === undefined) return undefined;
  const axis = nameOf(open) ?? `${open}`;
  return `${operation}: axis '${axis}' has no size: ${showShape(shape)} (give its size, or a dim with one, such as '${axis}=3')`;
}

// sizedShape :: a parameter's type: the shape itself, or the sentence that refuses it
/** As `LegalShape`, of shapes whose axes all have sizes. */
export type sizedShape<operation extends string, shape extends Shape> = [sizedProblem<operation, shape>] extends [never]
  ? shape
  : sizedProblem<operation, shape>;
