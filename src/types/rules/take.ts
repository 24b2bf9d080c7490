/**
 * Elements by index: `table.take('word', ids)` puts the axes of the indices in the place of one axis; `ids.oneHot('class=10')`
 * is the other way to say which index.
 *
 * Invariant: which axis is replaced is asked by index where the dims are type parameters.
 * Source: NumPy's take; PyTorch's embedding and one_hot.
 */
import type { Dim } from '../dim.ts';
import { repeatedName, type Shape, showShape } from '../shape.ts';
import { type axesProblem, axesProblem as axesProblemOf, indexIn } from './axis.ts';
import type { indexOf } from './permute.ts';
import { type shapeProblem, shapeProblem as shapeProblemOf } from './shape.ts';

// replaced :: (Shape, index text, Shape) -> Shape
type replaced<shape extends Shape, index, by extends Shape, before extends readonly unknown[] = []> = shape extends readonly [
  infer head extends Dim,
  ...infer rest extends Shape,
]
  ? `${before['length']}` extends index
    ? [...by, ...rest]
    : [head, ...replaced<rest, index, by, [...before, 0]>]
  : [];

// takeShape :: (Shape, axis, the indices' Shape) -> Shape
export type takeShape<shape extends Shape, axis, by extends Shape> = replaced<shape, indexOf<shape, axis>, by>;

export const takeShape = (shape: Shape, axis: string | number, by: Shape): Shape => shape.toSpliced(indexIn(shape, axis), 1, ...by);

// takeProblem :: (Shape, axis, the indices' Shape and dtype) -> sentence | never
export type takeProblem<shape extends Shape, axis, by extends Shape, dtype, operation extends string = 'take'> = [
  axesProblem<operation, shape, axis>,
] extends [never]
  ? dtype extends 'i32' | 'u32'
    ? [repeatedName<takeShape<shape, axis, by>>] extends [never]
      ? never
      : `${operation}: the result would name '${repeatedName<takeShape<shape, axis, by>> & string}' twice: ${showShape<shape>} by ${showShape<by>} (rename one of the axes first)`
    : indicesProblem<by, dtype, operation>
  : axesProblem<operation, shape, axis>;

// indicesProblem :: (Shape, dtype) -> sentence
export type indicesProblem<
  by extends Shape,
  dtype,
  operation extends string = 'take',
> = `${operation}: the indices are ${dtype & string}${showShape<by>}, not whole numbers (make them i32 or u32, such as ids.astype('i32'))`;

export function takeProblem(shape: Shape, axis: string | number, by: Shape, dtype: string, operation = 'take'): string | undefined {
  const unknown = axesProblemOf(operation, shape, axis);
  if (unknown !== undefined) return unknown;
  if (dtype !== 'i32' && dtype !== 'u32') {
    return `${operation}: the indices are ${dtype}${showShape(by)}, not whole numbers (make them i32 or u32, such as ids.astype('i32'))`;
  }
  const name = repeatedName(takeShape(shape, axis, by));
  if (name === undefined) return undefined;
  return `${operation}: the result would name '${name}' twice: ${showShape(shape)} by ${showShape(by)} (rename one of the axes first)`;
}

// oneHotProblem :: (Shape, Dim) -> sentence | never
export type oneHotProblem<shape extends Shape, dim extends Dim> = [shapeProblem<'oneHot', [dim]>] extends [never]
  ? shapeProblem<'oneHot', [...shape, dim]>
  : shapeProblem<'oneHot', [dim]>;

export const oneHotProblem = (shape: Shape, dim: Dim): string | undefined =>
  shapeProblemOf('oneHot', [dim]) ?? shapeProblemOf('oneHot', [...shape, dim]);
