/**
 * A tensor from nested literals: sizes are read off the nesting, names are given beside it.
 *
 * Invariant: every row at one depth has the same length.
 */

import { type Nested, ragged, sizesOfNested } from '../nested.ts';
import { type isAny, type isUnion, type Shape, showShape } from '../shape.ts';
import { ShapeError } from '../shapeError.ts';
import type { namedShape, namesProblem } from './rename.ts';
import { namedShape as namedShapeOf, namesProblem as namesProblemOf } from './rename.ts';
import type { shapeProblem } from './shape.ts';
import { shapeProblem as shapeProblemOf } from './shape.ts';

export type { Nested } from '../nested.ts';

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
export type literalShape<data, names> =
  nestedSizes<data> extends infer sizes extends Shape ? (names extends readonly string[] ? namedShape<sizes, names> : sizes) : never;

// literalProblem :: (nested, names) -> sentence | never
export type literalProblem<data, names> =
  isAny<leaf<data>> extends true
    ? untypedData
    : data extends Nested
      ? nestedSizes<data> extends infer sizes extends Shape
        ? isUnion<sizes> extends true
          ? ragged
          : number extends sizes[number]
            ? 'tensor: the sizes are unknown: the data has the type of an array, not of a literal (write the literal in the call, or give a typed array and a shape)'
            : isMixed<data> extends true
              ? `tensor: numbers and booleans are mixed: ${showShape<sizes>} (elements are all numbers or all booleans)`
              : names extends readonly string[]
                ? namesProblem<'tensor', sizes, names>
                : shapeProblem<'tensor', sizes>
        : ragged
      : 'tensor: the data is of no kind that a tensor is made of (use nested literals of numbers or booleans, or a Float32Array, an Int32Array or a Uint32Array)';

export type untypedData = 'tensor: the data has type any (give it a type, such as a Float32Array with a shape)';

// leaf :: nested -> its elements' type
export type leaf<data> = data extends readonly unknown[] ? (number extends data['length'] ? number : leaf<data[number]>) : data;

type isMixed<data> = [leaf<data>] extends [number] ? false : [leaf<data>] extends [boolean] ? false : true;

function isMixed(data: Nested): boolean {
  const kinds = new Set<string>();
  const walk = (item: Nested): void => {
    if (Array.isArray(item)) (item as readonly Nested[]).forEach(walk);
    else kinds.add(typeof item);
  };
  walk(data);
  return kinds.has('number') && kinds.has('boolean');
}

/** What is wrong with nested data, if anything. */
export function literalProblem(data: Nested, names: readonly string[] | undefined): string | undefined {
  const sizes = sizesOfNested(data);
  if (sizes === undefined) return ragged;
  if (isMixed(data)) return `tensor: numbers and booleans are mixed: ${showShape(sizes)} (elements are all numbers or all booleans)`;
  return names === undefined ? shapeProblemOf('tensor', sizes) : namesProblemOf('tensor', sizes, names);
}

/** The sizes of nested data. Throws a `ShapeError` on ragged rows. */
export function nestedSizes(data: Nested): readonly number[] {
  const sizes = sizesOfNested(data);
  if (sizes === undefined) throw new ShapeError(ragged);
  return sizes;
}

/** The shape of nested data with its names. Throws a `ShapeError`. */
export function literalShape(data: Nested, names: readonly string[] | undefined): Shape {
  const problem = literalProblem(data, names);
  if (problem !== undefined) throw new ShapeError(problem);
  const sizes = nestedSizes(data);
  return names === undefined ? sizes : namedShapeOf(sizes, names);
}
