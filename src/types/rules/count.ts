/**
 * The number of elements of a shape, as a size.
 *
 * Invariant: in normal form, so that two shapes hold equally many elements, for all sizes, where the texts are equal.
 */
import type { multiply } from '../arithmetic/multiply.ts';
import { type Literal, multiplySizes } from '../arithmetic/sizes.ts';
import { type Dim, sizeTextOf } from '../dim.ts';
import type { Shape } from '../shape.ts';

// count :: Shape -> size text      numbers first, which is cheap, then what is symbolic
export type count<shape extends Shape, literals extends string = '1', others extends string = '1'> = shape extends readonly [
  infer head extends Dim,
  ...infer rest extends Shape,
]
  ? sizeTextOf<head> extends infer size extends string
    ? size extends Literal
      ? count<rest, multiply<literals, size>, others>
      : count<rest, literals, multiplySizes<others, size>>
    : never
  : multiplySizes<others, literals>;

export const count = (shape: Shape): string => shape.map(sizeTextOf).reduce(multiplySizes, '1');
