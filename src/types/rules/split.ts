/**
 * One axis becomes several: `split('d', ['heads=8', 'headDim'])`. One part may leave its size open, by giving only a name;
 * it is computed exactly. A division by a symbol needs a fact (`divides.ts`).
 *
 * Invariant: the product of the parts is the axis's size, for all sizes; the elements keep their row-major order.
 */
import { divideSizes, type Literal } from '../arithmetic/sizes.ts';
import { type Computed, type Dim, dimOf, nameOf, sizeTextOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import { type axesProblem, axesProblem as axesProblemOf, indexIn } from './axis.ts';
import { count } from './count.ts';
import type { indexOf } from './permute.ts';
import { type repeatProblem, type shapeProblem, shapeProblem as shapeProblemOf } from './shape.ts';

// isOpen :: part -> true for a name alone
type isOpen<part> = part extends string ? (part extends `${string}=${string}` | Computed ? false : true) : false;

const isOpen = (part: Dim): boolean => typeof part === 'string' && sizeTextOf(part) === nameOf(part);

// openOf :: parts -> those that leave their size open
type openOf<parts extends Shape> = parts extends readonly [infer head extends Dim, ...infer rest extends Shape]
  ? isOpen<head> extends true
    ? [head, ...openOf<rest>]
    : openOf<rest>
  : [];

// sizedOf :: parts -> the others
type sizedOf<parts extends Shape> = parts extends readonly [infer head extends Dim, ...infer rest extends Shape]
  ? isOpen<head> extends true
    ? sizedOf<rest>
    : [head, ...sizedOf<rest>]
  : [];

const sizedOf = (parts: Shape): Shape => parts.filter((part) => !isOpen(part));

// solved :: (size, parts) -> Shape | false      the open part's size filled in
type solved<size extends string, parts extends Shape> =
  count<parts> extends size
    ? parts
    : openOf<parts> extends readonly [infer open extends string]
      ? divideSizes<size, count<sizedOf<parts>>> extends infer rest extends string
        ? { [at in keyof parts]: parts[at] extends open ? dimOf<rest, open> : parts[at] }
        : false
      : false;

function solved(size: string, parts: Shape): Shape | false {
  if (count(parts) === size) return parts;
  const open = parts.filter(isOpen);
  const rest = open.length === 1 ? divideSizes(size, count(sizedOf(parts))) : false;
  return rest === false ? false : parts.map((part) => (part === open[0] ? dimOf(rest, `${part}`) : part));
}

// dimAt :: (Shape, axis) -> Dim
type dimAt<shape extends Shape, axis> = shape[indexOf<shape, axis> & keyof shape] & Dim;

// replaceAt :: (Shape, index text, Dims) -> Shape
type replaceAt<shape extends Shape, index, parts extends Shape, before extends readonly unknown[] = []> = shape extends readonly [
  infer head extends Dim,
  ...infer rest extends Shape,
]
  ? `${before['length']}` extends index
    ? [...parts, ...rest]
    : [head, ...replaceAt<rest, index, parts, [...before, 0]>]
  : [];

// splitShape :: (Shape, axis, parts) -> Shape | false
export type splitShape<shape extends Shape, axis, parts extends Shape> =
  solved<sizeTextOf<dimAt<shape, axis>>, parts> extends infer found extends Shape ? replaceAt<shape, indexOf<shape, axis>, found> : false;

export function splitShape(shape: Shape, axis: string | number, parts: Shape): Shape | false {
  const index = indexIn(shape, axis);
  const found = solved(sizeTextOf(shape[index] as Dim), parts);
  return found && [...shape.slice(0, index), ...found, ...shape.slice(index + 1)];
}

type into<shape extends Shape, parts extends Shape> = `${showShape<shape>} into ${showShape<parts>}`;

// unsolved :: (Shape, its dim, parts) -> sentence
type unsolved<shape extends Shape, dim extends Dim, parts extends Shape> =
  openOf<parts> extends readonly []
    ? `split: ${count<parts>} elements do not fill ${sizeTextOf<dim>}: ${into<shape, parts>} (leave one size open, by giving only its name)`
    : openOf<parts> extends readonly [unknown]
      ? count<sizedOf<parts>> extends infer by extends string
        ? [sizeTextOf<dim>, by] extends [Literal, Literal]
          ? `split: ${sizeTextOf<dim>} is no multiple of ${by}: ${into<shape, parts>} (choose sizes that divide ${sizeTextOf<dim>})`
          : `split: ${sizeTextOf<dim>} is not known to be a multiple of ${by}: ${into<shape, parts>} (state it: split(divides(${quoted<sizedOf<parts>[0]>}, ${quoted<dim>})))`
        : never
      : `split: ${openOf<parts>['length']} parts leave their sizes open: ${into<shape, parts>} (give sizes to all but one, or split by a fact: split(divides(${quoted<parts[0]>}, ${quoted<dim>})))`;

function unsolved(shape: Shape, dim: Dim, parts: Shape): string {
  const into = `${showShape(shape)} into ${showShape(parts)}`;
  const [size, open, by] = [sizeTextOf(dim), parts.filter(isOpen), count(sizedOf(parts))];
  if (open.length === 0)
    return `split: ${count(parts)} elements do not fill ${size}: ${into} (leave one size open, by giving only its name)`;
  if (open.length > 1) {
    return `split: ${open.length} parts leave their sizes open: ${into} (give sizes to all but one, or split by a fact: split(divides(${quoted(parts[0])}, ${quoted(dim)})))`;
  }
  if (/^\d+$/.test(size) && /^\d+$/.test(by)) return `split: ${size} is no multiple of ${by}: ${into} (choose sizes that divide ${size})`;
  return `split: ${size} is not known to be a multiple of ${by}: ${into} (state it: split(divides(${quoted(sizedOf(parts)[0])}, ${quoted(dim)})))`;
}

type quoted<dim> = dim extends string ? `'${dim}'` : `${dim & number}`;
const quoted = (dim: Dim | undefined): string => (typeof dim === 'string' ? `'${dim}'` : `${dim}`);

// splitProblem :: (Shape, axis, parts) -> sentence | never
export type splitProblem<shape extends Shape, axis, parts extends Shape> = [axesProblem<'split', shape, axis>] extends [never]
  ? [shapeProblem<'split', parts>] extends [never]
    ? splitShape<shape, axis, parts> extends infer split extends Shape
      ? repeatProblem<'split', split>
      : unsolved<shape, dimAt<shape, axis>, parts>
    : shapeProblem<'split', parts>
  : axesProblem<'split', shape, axis>;

export function splitProblem(shape: Shape, axis: string | number, parts: Shape): string | undefined {
  const illegal = axesProblemOf('split', shape, axis) ?? shapeProblemOf('split', parts);
  if (illegal !== undefined) return illegal;
  const split = splitShape(shape, axis, parts);
  return split ? shapeProblemOf('split', split) : unsolved(shape, shape[indexIn(shape, axis)] as Dim, parts);
}
