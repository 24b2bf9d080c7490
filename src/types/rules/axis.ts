/**
 * Axes are picked by name or by index, and reductions remove them, or keep them with size 1 (`kept.ts`).
 *
 * Invariant: an axis argument's type lists the tensor's own axes, so that editors complete them; indices count from 0.
 * Reductions, and functions along an axis, also take -1, the last axis, which is all that is known of a tensor of any rank.
 */
import { type Dim, nameOf } from '../dim.ts';
import { type isAny, type isUnion, type isUntyped, type isWide, type Shape, showShape } from '../shape.ts';
import { ShapeError } from '../shapeError.ts';

interface Indices {
  readonly 0: never;
  readonly 1: 0;
  readonly 2: 0 | 1;
  readonly 3: 0 | 1 | 2;
  readonly 4: 0 | 1 | 2 | 3;
  readonly 5: 0 | 1 | 2 | 3 | 4;
  readonly 6: 0 | 1 | 2 | 3 | 4 | 5;
}
type indexOf<key> = key extends `${infer index extends number}` ? index : never;

// indices :: Shape -> its indices      looked up for common ranks: every sum asks
export type indices<shape extends Shape> = shape['length'] extends keyof Indices
  ? Indices[shape['length']]
  : { [key in keyof shape]: indexOf<key> }[number];

// axisOf :: Shape -> its axes' names and indices
export type axisOf<shape extends Shape> = nameOf<shape[number]> | indices<shape>;

// reduceAt :: (Shape, indices) -> Shape      asks nothing of the dims, so it also works on type parameters
type reduceAt<shape extends Shape, picked, before extends readonly unknown[] = []> = shape extends readonly [
  infer head extends Dim,
  ...infer rest extends Shape,
]
  ? [...(before['length'] extends picked ? [] : [head]), ...reduceAt<rest, picked, [...before, head]>]
  : [];

// named :: name -> every dim of that name
type named<name extends string> = name | `${name}=${string}`;

// reduceNamed :: (Shape, dims) -> Shape
type reduceNamed<shape extends Shape, picked> = shape extends readonly [infer head extends Dim, ...infer rest extends Shape]
  ? head extends picked
    ? reduceNamed<rest, picked>
    : [head, ...reduceNamed<rest, picked>]
  : [];

// reduceMixed :: (Shape, names, indices and names) -> Shape
type reduceMixed<shape extends Shape, names extends string, picked, before extends readonly unknown[] = []> = shape extends readonly [
  infer head extends Dim,
  ...infer rest extends Shape,
]
  ? before['length'] extends picked
    ? reduceMixed<rest, names, picked, [...before, head]>
    : head extends named<names>
      ? reduceMixed<rest, names, picked, [...before, head]>
      : [head, ...reduceMixed<rest, names, picked, [...before, head]>]
  : [];

// reduceShape :: (Shape, axes) -> Shape without the picked axes
export type reduceShape<shape extends Shape, axes> = [axes] extends [number]
  ? reduceAt<shape, axes>
  : [axes] extends [string]
    ? reduceNamed<shape, named<axes>>
    : reduceMixed<shape, axes & string, axes>;

export const reduceShape = (shape: Shape, axes: readonly number[]): Shape => shape.filter((_, axis) => !axes.includes(axis));

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

type axisProblem<operation extends string, shape extends Shape, axis extends string | number> =
  axis extends axisOf<shape> ? never : `${operation}: no axis ${written<axis>} in ${showShape<shape>} (its axes are ${listAxes<shape>})`;

function axisProblem(operation: string, shape: Shape, axis: string | number): string | undefined {
  const known =
    typeof axis === 'number' ? Number.isInteger(axis) && axis >= 0 && axis < shape.length : shape.some((dim) => nameOf(dim) === axis);
  if (known) return undefined;
  return `${operation}: no axis ${written(axis)} in ${showShape(shape)} (its axes are ${listAxes(shape)})`;
}

type written<axis extends string | number> = axis extends string ? `'${axis}'` : axis;
const written = (axis: string | number): string => (typeof axis === 'string' ? `'${axis}'` : `${axis}`);

// indexIn :: (Shape, axis) -> its index, or never
export type indexIn<shape extends Shape, axis> = axis extends number
  ? `${axis}`
  : { [index in keyof shape]: axis extends nameOf<shape[index]> ? index : never }[number];

// axesProblem :: (operation, Shape, axis or axes) -> sentence | never
export type axesProblem<operation extends string, shape extends Shape, axes> =
  isUntyped<axes> extends true
    ? unknownAxis<operation>
    : isUnion<axes> extends true
      ? unknownAxis<operation>
      : axes extends readonly unknown[]
        ? number extends axes['length']
          ? `${operation}: the axes are not known (write them as literals, such as ['n', 'in'])`
          : listProblem<operation, shape, axes>
        : listProblem<operation, shape, [axes]>;

export type unknownAxis<operation extends string> = `${operation}: the axis is not known (pick one axis with a literal, such as 'n' or 0)`;

// listProblem :: of the first axis that is wrong
type listProblem<operation extends string, shape extends Shape, axes extends readonly unknown[], before = never> = axes extends readonly [
  infer axis,
  ...infer rest,
]
  ? isLiteral<axis> extends true
    ? axis extends axisOf<shape>
      ? indexIn<shape, axis> extends before
        ? `${operation}: the axis ${written<axis & (string | number)>} is picked twice: ${showShape<shape>} (name each axis once)`
        : listProblem<operation, shape, rest, before | indexIn<shape, axis>>
      : axisProblem<operation, shape, axis & (string | number)>
    : unknownAxis<operation>
  : never;

type isLiteral<axis> =
  isAny<axis> extends true
    ? false
    : isUnion<axis> extends true
      ? false
      : axis extends string | number
        ? isWide<axis> extends true
          ? false
          : true
        : false;

/** The last axis, whatever the rank. */
export const lastAxis = -1;

/** As `resolveAxes`, of what reductions and functions along an axis may be given: `lastAxis`, too. */
export function reducedAxes(operation: string, shape: Shape, axes: AxisArgument | undefined): readonly number[] {
  return axes === lastAxis && shape.length > 0 ? [shape.length - 1] : resolveAxes(operation, shape, axes);
}

/** As `reducedAxes`, of what goes along one axis, and never along all. */
export function oneAxis(operation: string, shape: Shape, axis: string | number): number {
  const [index] = typeof axis === 'string' || typeof axis === 'number' ? reducedAxes(operation, shape, axis) : [];
  if (index !== undefined) return index;
  throw new ShapeError(`${operation}: the axis is not known (pick one axis with a literal, such as 'n' or 0)`);
}

/** One axis, or a list of them. */
export type AxisArgument = string | number | readonly (string | number)[];

export function axesProblem(operation: string, shape: Shape, axes: AxisArgument): string | undefined {
  const before: number[] = [];
  for (const axis of listed(axes)) {
    const problem = axisProblem(operation, shape, axis);
    if (problem !== undefined) return problem;
    const index = indexIn(shape, axis);
    if (before.includes(index)) return `${operation}: the axis ${written(axis)} is picked twice: ${showShape(shape)} (name each axis once)`;
    before.push(index);
  }
  return undefined;
}

const listed = (axes: AxisArgument): readonly (string | number)[] => (typeof axes === 'object' && axes !== null ? axes : [axes]);
export const indexIn = (shape: Shape, axis: string | number): number =>
  typeof axis === 'number' ? axis : shape.findIndex((dim) => nameOf(dim) === axis);

/** The indices of the picked axes, ascending. No axes given means all of them. Throws a `ShapeError` on an unknown or repeated axis. */
export function resolveAxes(operation: string, shape: Shape, axes: AxisArgument | undefined): readonly number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const problem = axesProblem(operation, shape, axes);
  if (problem !== undefined) throw new ShapeError(problem);
  return listed(axes)
    .map((axis) => indexIn(shape, axis))
    .sort((a, b) => a - b);
}
