/**
 * An axis that a reduction keeps has size 1 and remembers where it came from: of `key=7` and of `key` it is `key=1`, of an
 * anonymous axis an anonymous 1. In element-wise operations it stretches along the axis of its name only, so that what was
 * reduced over one axis does not fit where another was meant. An anonymous 1 stretches along any axis, as NumPy's does.
 *
 * Invariant: a kept axis is an ordinary dim, so every other rule treats it as one.
 */
import { type Computed, type Dim, nameOf, sizeOf } from '../dim.ts';
import type { Shape } from '../shape.ts';

// Kept :: Dim -> Dim      'key=7' -> 'key=1', 'key' -> 'key=1', 3 -> 1, '2*batch' -> 1; stays as it is while the dim is a type
// parameter, which is not inferred from it: the branches mention names alone
/** What a reduction with `keepdims` leaves of an axis: size 1, under its name. */
export type Kept<dim> = dim extends `${infer name}=${string}`
  ? `${name}=1`
  : dim extends Computed
    ? 1
    : dim extends infer name extends string
      ? `${name}=1`
      : 1;

export function kept(dim: Dim): Dim {
  const name = nameOf(dim);
  return name === undefined ? 1 : `${name}=1`;
}

// keptAt :: (Shape, indices) -> Shape      asks nothing of the dims, so it also works on type parameters
type keptAt<shape extends Shape, picked extends number> = {
  -readonly [at in keyof shape]: at extends `${picked}` ? Kept<shape[at]> : shape[at];
};

// keptNamed :: (Shape, names, indices) -> Shape
type keptNamed<shape extends Shape, names extends string, picked> = {
  -readonly [at in keyof shape]: shape[at] extends names | `${names}=${string}`
    ? Kept<shape[at]>
    : at extends `${picked & number}`
      ? Kept<shape[at]>
      : shape[at];
};

// keptShape :: (Shape, axes) -> Shape      the picked axes kept with size 1
export type keptShape<shape extends Shape, axes> = [axes] extends [number] ? keptAt<shape, axes> : keptNamed<shape, axes & string, axes>;

export const keptShape = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((dim, axis) => (axes.includes(axis) ? kept(dim) : dim));

// stretches :: (Dim, Dim) -> true if the first, of size 1, stretches along the second
export type stretches<dim extends Dim, along extends Dim> = dim extends 1 ? true : dim extends Kept<along> ? true : false;

export const stretches = (dim: Dim, along: Dim): boolean => dim === 1 || (sizeOf(dim) === 1 && dim === kept(along));
