/**
 * Three shapes that broadcast together, whichever of them is the largest: those of a condition and two values.
 *
 * Invariant: equal shapes, scalars and last axes are decided where dims are type parameters, too.
 */
import { repeatedName, type Shape, showShape } from '../shape.ts';
import { broadcastShapes } from './broadcast.ts';

interface Wrapped<shape> {
  readonly shape: shape;
}

// joint :: (Shape | false, Shape) -> Shape | false      an infer with a constraint would stay undecided for type parameters, so it comes last
type joint<left, right extends Shape> =
  Wrapped<left> extends Wrapped<right>
    ? left
    : left extends false
      ? false
      : Wrapped<left> extends Wrapped<readonly [...unknown[], ...right]>
        ? left
        : left extends readonly unknown[]
          ? Wrapped<right> extends Wrapped<readonly [...unknown[], ...left]>
            ? right
            : left extends Shape
              ? stretched<left, right>
              : false
          : false;

type stretched<left extends Shape, right extends Shape> =
  broadcastShapes<left, right> extends infer shape extends Shape ? shape : broadcastShapes<right, left>;

const joint = (left: Shape, right: Shape): Shape | false => broadcastShapes(left, right) || broadcastShapes(right, left);

// whereShape :: (condition, value, value) -> Shape | false
export type whereShape<condition extends Shape, a extends Shape, b extends Shape> = joint<joint<condition, a>, b>;

export function whereShape(condition: Shape, a: Shape, b: Shape): Shape | false {
  const shape = joint(condition, a);
  return shape && joint(shape, b);
}

// isOneOf :: the result is an operand's shape: then no name can stand twice
type isOneOf<shape, condition, a, b> =
  Wrapped<shape> extends Wrapped<condition>
    ? true
    : Wrapped<shape> extends Wrapped<a>
      ? true
      : Wrapped<shape> extends Wrapped<b>
        ? true
        : false;

// whereFits :: (condition, value, value) -> true where the result is an operand's shape      decided for type parameters, too
export type whereFits<condition extends Shape, a extends Shape, b extends Shape> = isOneOf<whereShape<condition, a, b>, condition, a, b>;

// whereProblem :: (condition, value, value) -> sentence | never
export type whereProblem<condition extends Shape, a extends Shape, b extends Shape> =
  isOneOf<whereShape<condition, a, b>, condition, a, b> extends true
    ? never
    : whereShape<condition, a, b> extends infer shape extends Shape
      ? [repeatedName<shape>] extends [never]
        ? never
        : `where: the result would name '${repeatedName<shape> & string}' twice: ${all<condition, a, b>} (rename one of the axes first)`
      : `where: shapes do not broadcast: ${all<condition, a, b>} (equal shapes, scalars, the last axes of the largest, or axes of size 1)`;

type all<
  condition extends Shape,
  a extends Shape,
  b extends Shape,
> = `condition ${showShape<condition>}, values ${showShape<a>} and ${showShape<b>}`;

export function whereProblem(condition: Shape, a: Shape, b: Shape): string | undefined {
  const shape = whereShape(condition, a, b);
  const all = `condition ${showShape(condition)}, values ${showShape(a)} and ${showShape(b)}`;
  if (shape === false)
    return `where: shapes do not broadcast: ${all} (equal shapes, scalars, the last axes of the largest, or axes of size 1)`;
  const name = repeatedName(shape);
  return name === undefined ? undefined : `where: the result would name '${name}' twice: ${all} (rename one of the axes first)`;
}
