/**
 * `.T` swaps the two axes of a matrix; `.mT` swaps the last two axes of any rank.
 *
 * Invariant: both only reorder; no dim changes.
 * Source: the array API standard's names.
 */
import type { Dim } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';

// matrixTranspose :: [...batch, M, N] -> [...batch, N, M] | false
export type matrixTranspose<shape extends Shape> = shape extends readonly [
  ...infer batch extends Shape,
  infer m extends Dim,
  infer n extends Dim,
]
  ? [...batch, n, m]
  : false;

export function matrixTranspose(shape: Shape): Shape | false {
  return shape.length < 2 ? false : [...shape.slice(0, -2), shape.at(-1) as Dim, shape.at(-2) as Dim];
}

// transposeProblem :: ('T' | 'mT', Shape) -> sentence | never
export type transposeProblem<operation extends 'T' | 'mT', shape extends Shape> = operation extends 'T'
  ? shape['length'] extends 2
    ? never
    : `T: takes rank 2, not rank ${shape['length']}: ${showShape<shape>} (${shape['length'] extends 0 | 1 ? 'add an axis with reshape' : 'use .mT to swap the last two axes'})`
  : shape['length'] extends 0 | 1
    ? `mT: takes rank 2 or more, not rank ${shape['length']}: ${showShape<shape>} (add an axis with reshape)`
    : never;

export function transposeProblem(operation: 'T' | 'mT', shape: Shape): string | undefined {
  const rank = shape.length;
  if (operation === 'T') {
    if (rank === 2) return undefined;
    return `T: takes rank 2, not rank ${rank}: ${showShape(shape)} (${rank < 2 ? 'add an axis with reshape' : 'use .mT to swap the last two axes'})`;
  }
  return rank < 2 ? `mT: takes rank 2 or more, not rank ${rank}: ${showShape(shape)} (add an axis with reshape)` : undefined;
}
