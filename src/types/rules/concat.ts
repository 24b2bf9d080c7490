/**
 * Tensors one after the other along an axis (`concat`), or along a new first one (`stack`).
 *
 * Invariant: sizes are added exactly, also of symbols; dims that are the same type parameter are the same, so other axes may be generic.
 * Source: the Python array API standard, concat and stack.
 */
import { addSizes } from '../arithmetic/sizes.ts';
import { nameOf, sizeTextOf } from '../dim.ts';
import { repeatedName, type Shape, showShape } from '../shape.ts';
import { type axesProblem, axesProblem as axesProblemOf, indexIn, type indices } from './axis.ts';
import { nameProblem } from './merge.ts';
import type { indexOf } from './permute.ts';
import { axisText, dimAt, type knownSize, resized } from './resize.ts';

type Shapes = readonly Shape[];

// summed :: (Shapes, index text) -> size text
type summed<shapes extends readonly unknown[], index extends string, total extends string = '0'> = shapes extends readonly [
  infer head,
  ...infer rest,
]
  ? knownSize<head[index & keyof head]> extends infer size extends string
    ? summed<rest, index, addSizes<total, size>>
    : total
  : total;

// concatShape :: (Shapes, axis) -> Shape
export type concatShape<shapes extends Shapes, axis> = resized<shapes[0], axis, summed<shapes, indexOf<shapes[0], axis>>>;

export function concatShape(shapes: Shapes, axis: string | number): Shape {
  const [first = []] = shapes;
  const index = indexIn(first, axis);
  return resized(first, axis, shapes.map((shape) => sizeTextOf(dimAt(shape, index))).reduce(addSizes, '0'));
}

// others :: (Shape, index text) -> its dims but that one      in an object, where a type parameter is known to be itself
interface Others<dims> {
  readonly dims: dims;
}
type others<shape, index extends string> = Others<{ [at in keyof shape]: at extends index ? '' : shape[at] }>;

const sameOthers = (a: Shape, b: Shape, index: number): boolean =>
  a.length === b.length && a.every((dim, at) => at === index || dim === b[at]);

// operandProblem :: (first Shape, number of the operand, its Shape, axis, index text) -> sentence | never
type operandProblem<first extends Shape, at extends number, shape extends readonly unknown[], axis, index extends string> =
  others<first, index> extends others<shape, index>
    ? [nameOf<first[index & keyof first]>, nameOf<shape[index & keyof shape]>] extends [
        nameOf<shape[index & keyof shape]>,
        nameOf<first[index & keyof first]>,
      ]
      ? knownSize<shape[index & keyof shape]> extends string
        ? never
        : `concat: operand ${at} has no known size for axis ${axisText<axis>}: ${showShape<shape>} (give the axis a size)`
      : `concat: operand ${at} has another name for axis ${axisText<axis>}: ${showShape<first>} with ${showShape<shape>} (rename it)`
    : `concat: operand ${at} has other axes: ${showShape<first>} with ${showShape<shape>} (all but axis ${axisText<axis>} must be the same)`;

function operandProblem(first: Shape, at: number, shape: Shape, axis: string | number): string | undefined {
  const [index, both] = [indexIn(first, axis), `${showShape(first)} with ${showShape(shape)}`];
  if (!sameOthers(first, shape, index))
    return `concat: operand ${at} has other axes: ${both} (all but axis ${axisText(axis)} must be the same)`;
  if (nameOf(dimAt(first, index)) !== nameOf(dimAt(shape, index))) {
    return `concat: operand ${at} has another name for axis ${axisText(axis)}: ${both} (rename it)`;
  }
  return undefined;
}

// operandsProblem :: of the first operand that does not fit
type operandsProblem<
  first extends Shape,
  shapes extends readonly unknown[],
  axis,
  index extends string,
  before extends readonly unknown[] = [],
> = shapes extends readonly [infer head extends readonly unknown[], ...infer rest]
  ? [operandProblem<first, before['length'] & number, head, axis, index>] extends [never]
    ? operandsProblem<first, rest, axis, index, [...before, 0]>
    : operandProblem<first, before['length'] & number, head, axis, index>
  : never;

type unknownCount<operation extends string> = `${operation}: the number of tensors is not known (write them in a list, such as [a, b])`;
type noTensors<operation extends string> = `${operation}: takes at least one tensor (write them in a list, such as [a, b])`;
const noTensors = (operation: string): string => `${operation}: takes at least one tensor (write them in a list, such as [a, b])`;

// joinFits :: (Shapes, axis) -> true or false      as `joinProblem`, without words: decided for type parameters, too
export type joinFits<shapes extends Shapes, axis> = shapes extends readonly []
  ? false
  : number extends shapes['length']
    ? false
    : allFit<shapes[0], shapes, indexOf<shapes[0], axis>>;
type allFit<first extends Shape, shapes extends readonly unknown[], index extends string> = shapes extends readonly [
  infer head,
  ...infer rest,
]
  ? others<first, index> extends others<head, index>
    ? [nameOf<first[index & keyof first]>, nameOf<head[index & keyof head]>, knownSize<head[index & keyof head]>] extends [
        nameOf<head[index & keyof head]>,
        nameOf<first[index & keyof first]>,
        string,
      ]
      ? allFit<first, rest, index>
      : false
    : false
  : true;

// joinProblem :: (Shapes, axis) -> sentence | never      of an axis that exists
export type joinProblem<shapes extends Shapes, axis> = number extends shapes['length']
  ? unknownCount<'concat'>
  : shapes extends readonly []
    ? noTensors<'concat'>
    : operandsProblem<shapes[0], shapes, axis, indexOf<shapes[0], axis>>;

// concatProblem :: (Shapes, axis) -> sentence | never
export type concatProblem<shapes extends Shapes, axis> = [axis] extends [indices<shapes[0]>]
  ? joinProblem<shapes, axis>
  : shapes extends readonly []
    ? noTensors<'concat'>
    : [axesProblem<'concat', shapes[0], axis>] extends [never]
      ? joinProblem<shapes, axis>
      : axesProblem<'concat', shapes[0], axis>;

export function concatProblem(shapes: Shapes, axis: string | number): string | undefined {
  const [first] = shapes;
  if (first === undefined) return noTensors('concat');
  const unknown = axesProblemOf('concat', first, axis);
  if (unknown !== undefined) return unknown;
  for (const [at, shape] of shapes.entries()) {
    const problem = operandProblem(first, at, shape, axis);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

// stackShape :: (Shapes, name) -> Shape
export type stackShape<shapes extends Shapes, name extends string> = [`${name}=${shapes['length']}`, ...shapes[0]];

export const stackShape = (shapes: Shapes, name: string): Shape => [`${name}=${shapes.length}`, ...(shapes[0] ?? [])];

// equalProblem :: (first Shape, Shapes) -> sentence | never      of the first operand that differs
type equalProblem<
  first extends Shape,
  shapes extends readonly unknown[],
  before extends readonly unknown[] = [],
> = shapes extends readonly [infer head extends readonly unknown[], ...infer rest]
  ? Others<first> extends Others<head>
    ? equalProblem<first, rest, [...before, 0]>
    : `stack: operand ${before['length'] & number} has another shape: ${showShape<first>} with ${showShape<head>} (all shapes must be the same)`
  : never;

// equalShapesProblem :: Shapes -> sentence | never
export type equalShapesProblem<shapes extends Shapes> = number extends shapes['length']
  ? unknownCount<'stack'>
  : shapes extends readonly []
    ? noTensors<'stack'>
    : equalProblem<shapes[0], shapes>;

// stackProblem :: (Shapes, name) -> sentence | never
export type stackProblem<shapes extends Shapes, name extends string> = [equalShapesProblem<shapes>] extends [never]
  ? [nameProblem<'stack', name>] extends [never]
    ? [repeatedName<stackShape<shapes, name>>] extends [never]
      ? never
      : stackNameTaken<shapes, name>
    : nameProblem<'stack', name>
  : equalShapesProblem<shapes>;

export type stackNameTaken<
  shapes extends Shapes,
  name extends string,
> = `stack: the result would name '${name}' twice: ${showShape<stackShape<shapes, name>>} (give the new axis another name)`;

export function stackProblem(shapes: Shapes, name: string): string | undefined {
  const [first] = shapes;
  if (first === undefined) return noTensors('stack');
  for (const [at, shape] of shapes.entries()) {
    if (!sameOthers(first, shape, -1)) {
      return `stack: operand ${at} has another shape: ${showShape(first)} with ${showShape(shape)} (all shapes must be the same)`;
    }
  }
  const illegal = nameProblem('stack', name);
  if (illegal !== undefined) return illegal;
  const shape = stackShape(shapes, name);
  if (repeatedName(shape) === undefined) return undefined;
  return `stack: the result would name '${name}' twice: ${showShape(shape)} (give the new axis another name)`;
}
