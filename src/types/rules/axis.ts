/**
 * Axes are picked by name or by index, and reductions remove them, or keep them with size 1.
 *
 * Invariant: an axis argument's type lists the tensor's own axes, so that editors complete them; indices count from 0.
 */
import { type Dim, nameOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import { ShapeError } from '../shapeError.ts';

type indexOf<key> = key extends `${infer index extends number}` ? index : never;

// axisOf :: Shape -> its axes' names and indices
export type axisOf<shape extends Shape> = nameOf<shape[number]> | { [key in keyof shape]: indexOf<key> }[number];

// reduceAt :: (Shape, indices, Dim[]) -> Shape      asks nothing of the dims, so it also works on type parameters
type reduceAt<shape extends Shape, indices, kept extends Shape, before extends readonly unknown[] = []> = shape extends readonly [
  infer head extends Dim,
  ...infer rest extends Shape,
]
  ? [...(before['length'] extends indices ? kept : [head]), ...reduceAt<rest, indices, kept, [...before, head]>]
  : [];

type isPicked<dim, index, axes> = index extends axes ? true : [nameOf<dim>] extends [never] ? false : nameOf<dim> extends axes ? true : false;

type reduceNamed<shape extends Shape, axes, kept extends Shape, before extends readonly unknown[] = []> = shape extends readonly [
  infer head extends Dim,
  ...infer rest extends Shape,
]
  ? [...(isPicked<head, before['length'], axes> extends true ? kept : [head]), ...reduceNamed<rest, axes, kept, [...before, head]>]
  : [];

// reduceShape :: (Shape, axes, Dim[]) -> Shape      each picked axis becomes `kept`: [] removes it, [1] keeps it
export type reduceShape<shape extends Shape, axes, kept extends Shape = []> = [axes] extends [number]
  ? reduceAt<shape, axes, kept>
  : reduceNamed<shape, axes, kept>;

export function reduceShape(shape: Shape, axes: readonly number[], kept: readonly Dim[] = []): Shape {
  return shape.flatMap((dim, axis) => (axes.includes(axis) ? kept : [dim]));
}

type listAxes<shape extends Shape> = shape extends readonly [infer head extends Dim]
  ? axisText<head>
  : shape extends readonly [infer head extends Dim, ...infer rest extends Shape]
    ? `${axisText<head>}, ${listAxes<rest>}`
    : 'none';
type axisText<dim extends Dim> = [nameOf<dim>] extends [never] ? 'anonymous' : `'${nameOf<dim> & string}'`;

const listAxes = (shape: Shape): string =>
  shape.length === 0
    ? 'none'
    : shape
        .map(nameOf)
        .map((name) => (name === undefined ? 'anonymous' : `'${name}'`))
        .join(', ');

// axisProblem :: (operation, Shape, axis) -> sentence
export type axisProblem<operation extends string, shape extends Shape, axis> = axis extends string | number
  ? `${operation}: no axis ${axis extends string ? `'${axis}'` : axis} in ${showShape<shape>} (its axes are ${listAxes<shape>})`
  : axis;

export function axisProblem(operation: string, shape: Shape, axis: string | number): string | undefined {
  const known = typeof axis === 'number' ? Number.isInteger(axis) && axis >= 0 && axis < shape.length : shape.some((dim) => nameOf(dim) === axis);
  if (known) return undefined;
  return `${operation}: no axis ${typeof axis === 'string' ? `'${axis}'` : axis} in ${showShape(shape)} (its axes are ${listAxes(shape)})`;
}

/** The indices of the picked axes, ascending. No axes given means all of them. Throws a `ShapeError` on an unknown or repeated axis. */
export function resolveAxes(operation: string, shape: Shape, axes: string | number | readonly (string | number)[] | undefined): readonly number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const picked = (Array.isArray(axes) ? (axes as readonly (string | number)[]) : [axes as string | number]).map((axis) => {
    const problem = axisProblem(operation, shape, axis);
    if (problem !== undefined) throw new ShapeError(problem);
    return typeof axis === 'number' ? axis : shape.findIndex((dim) => nameOf(dim) === axis);
  });
  if (new Set(picked).size !== picked.length) {
    throw new ShapeError(`${operation}: an axis is picked twice: ${JSON.stringify(axes)} of ${showShape(shape)} (name each axis once)`);
  }
  return picked.sort((a, b) => a - b);
}
