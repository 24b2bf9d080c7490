/**
 * A tensor from nested literals: sizes are read off the nesting, names are given beside it.
 *
 * Invariant: every row at one depth has the same length.
 */
import type { Dim } from '../dim.ts';
import { type isUnion, type Shape } from '../shape.ts';
import { ShapeError } from '../shapeError.ts';
import type { namedShape, namesProblem } from './rename.ts';
import { namedShape as namedShapeOf, namesProblem as namesProblemOf } from './rename.ts';
import { assertLegalShape, type shapeProblem } from './shape.ts';

/** Numbers or booleans, nested to any depth. */
export type Nested = number | boolean | readonly Nested[];

// nestedSizes :: [[1, 0], [0, 1], [1, 1]] -> [3, 2]      an array of unknown length ends the walk with `number`
export type nestedSizes<data> = data extends readonly unknown[]
  ? number extends data['length']
    ? [number]
    : data extends readonly []
      ? [0]
      : [data['length'], ...nestedSizes<data[number]>]
  : [];

// Ragged rows give a union of shapes.
// literalShape :: (nested, names) -> Shape      without names the sizes stay anonymous
export type literalShape<data, names> = nestedSizes<data> extends infer sizes extends Shape
  ? names extends readonly string[]
    ? namedShape<sizes, names>
    : sizes
  : never;

// literalProblem :: (nested, names) -> sentence | never
export type literalProblem<data, names> = nestedSizes<data> extends infer sizes extends Shape
  ? isUnion<sizes> extends true
    ? 'tensor: the rows are ragged (give every row the same length)'
    : number extends sizes[number]
      ? 'tensor: the sizes are unknown: the data has the type of an array, not of a literal (write the literal in the call, or give a typed array and a shape)'
      : names extends readonly string[]
        ? namesProblem<'tensor', sizes, names>
        : shapeProblem<'tensor', sizes>
  : 'tensor: the rows are ragged (give every row the same length)';

/** The sizes of nested data. Throws a `ShapeError` on ragged rows. */
export function nestedSizes(data: Nested): readonly number[] {
  if (!Array.isArray(data)) return [];
  const rows = (data as readonly Nested[]).map(nestedSizes);
  const [first = []] = rows;
  if (rows.some((row) => row.length !== first.length || row.some((size, axis) => size !== first[axis]))) {
    throw new ShapeError('tensor: the rows are ragged (give every row the same length)');
  }
  return [rows.length, ...first];
}

/** The shape of nested data with its names. Throws a `ShapeError`. */
export function literalShape(data: Nested, names: readonly string[] | undefined): Shape {
  const sizes: readonly Dim[] = nestedSizes(data);
  if (names === undefined) {
    assertLegalShape('tensor', sizes);
    return sizes;
  }
  const problem = namesProblemOf('tensor', sizes, names);
  if (problem !== undefined) throw new ShapeError(problem);
  return namedShapeOf(sizes, names);
}
