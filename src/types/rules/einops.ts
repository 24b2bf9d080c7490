/**
 * `rearrange`, `reduce` and `repeat` by pattern: axes are split, merged, reordered, reduced and added.
 *
 * A pattern binds axes by position. A name that stands for a whole axis keeps that axis's dim, as a letter of an einsum does;
 * the parts of a split axis and new axes are named by the pattern, and a merged axis has no name unless the pattern gives one
 * (`hw=(h w)`). So no axis is renamed in silence, and generic bodies know their result. A name that another axis of the
 * tensor has is refused: it would say that the axes are mistaken for one another.
 *
 * Invariant: sizes are size texts (`arithmetic/sizes.ts`), so products and quotients are exact, also of symbols.
 * Source: einops (Rogozhnikov, 2022).
 */
import { multiplySizes } from '../arithmetic/sizes.ts';
import { type Dim, dimOf, nameOf, sizeTextOf } from '../dim.ts';
import { repeatedName, type Shape, showShape } from '../shape.ts';
import type { namesProblem } from './einopsNames.ts';
import { type EinopsOperation, type EinopsPattern, type Item, namesOf, type parseEinops } from './einopsPattern.ts';
import {
  type bindAxes,
  bindAxes as bindAxesOf,
  type bindTo,
  type GivenSizes,
  type givenProblem,
  type givenSize,
  givenSize as givenSizeOf,
  isSize,
  type remedy,
  remedy as remedyOf,
} from './einopsSizes.ts';
import { sortedList } from './sortedList.ts';

// Which names stand where

type hint<operation> = operation extends 'rearrange'
  ? 'reduce leaves axes out, repeat adds them'
  : operation extends 'reduce'
    ? 'repeat adds axes'
    : 'reduce leaves axes out';
const hints = {
  rearrange: 'reduce leaves axes out, repeat adds them',
  reduce: 'repeat adds axes',
  repeat: 'reduce leaves axes out',
} as const;

// firstMissing :: (names, names) -> the first that is not among the others, or never
type firstMissing<names, others extends readonly unknown[]> = names extends readonly [infer head, ...infer rest]
  ? head extends others[number]
    ? firstMissing<rest, others>
    : head
  : never;

// sidesProblem :: (operation, pattern, left names, right names) -> sentence | never
type sidesProblem<operation, pattern extends string, left extends readonly unknown[], right extends readonly unknown[]> = [
  operation extends 'reduce' ? never : firstMissing<left, right>,
] extends [never]
  ? [
      operation extends 'repeat'
        ? '...' extends right[number]
          ? '...' extends left[number]
            ? never
            : '...'
          : never
        : firstMissing<right, left>,
    ] extends [never]
    ? never
    : missing<operation, operation extends 'repeat' ? '...' : firstMissing<right, left>, 'left', pattern>
  : missing<operation, firstMissing<left, right>, 'right', pattern>;

type missing<
  operation,
  name,
  side extends string,
  pattern extends string,
> = `${operation & string}: '${name & string}' is missing on the ${side}: '${pattern}' (${hint<operation>})`;

function sidesProblem(operation: EinopsOperation, pattern: string, left: readonly string[], right: readonly string[]): string | undefined {
  const missing = (name: string, side: string): string =>
    `${operation}: '${name}' is missing on the ${side}: '${pattern}' (${hints[operation]})`;
  const onRight = operation === 'reduce' ? undefined : left.find((name) => !right.includes(name));
  if (onRight !== undefined) return missing(onRight, 'right');
  const onLeft = right.find((name) => !left.includes(name) && (operation !== 'repeat' || name === '...'));
  return onLeft === undefined ? undefined : missing(onLeft, 'left');
}

// addNew :: (names, sizes, bound) -> bound with the names that only the right has
type addNew<names, sizes, bound> = names extends readonly [infer head extends string, ...infer rest]
  ? addNew<rest, sizes, head extends keyof bound ? bound : bound & bindTo<head, dimOf<givenSize<sizes, head>, head>>>
  : bound;

// resultDims :: (items, bound) -> Shape
type resultDims<items, bound, dims extends readonly unknown[] = []> = items extends readonly [infer head, ...infer rest]
  ? head extends { group: infer names; label: infer label extends string }
    ? resultDims<rest, bound, [...dims, dimOf<mergedSize<names, bound>, label>]>
    : head extends keyof bound
      ? head extends '...'
        ? bound[head] extends infer many extends readonly unknown[]
          ? resultDims<rest, bound, [...dims, ...many]>
          : never
        : resultDims<rest, bound, [...dims, bound[head]]>
      : never
  : dims;

type mergedSize<names, bound, size extends string = '1'> = names extends readonly [infer head extends keyof bound, ...infer rest]
  ? mergedSize<rest, bound, multiplySizes<size, sizeTextOf<bound[head]>>>
  : size;

// The rule

// patternProblem :: (operation, pattern, parsed, sizes) -> sentence | never      before a shape is looked at
export type patternProblem<operation extends string, pattern extends string, parsed, sizes> = parsed extends [
  infer left extends readonly unknown[],
  infer right extends readonly unknown[],
]
  ? [sidesProblem<operation, pattern, namesOf<left>, namesOf<right>>] extends [never]
    ? [Exclude<keyof sizes, namesOf<left>[number] | namesOf<right>[number]>] extends [never]
      ? [givenProblem<operation, [...namesOf<left>, ...namesOf<right>], sizes>] extends [never]
        ? [newProblem<operation, pattern, namesOf<right>, namesOf<left>[number] | keyof sizes>] extends [never]
          ? never
          : newProblem<operation, pattern, namesOf<right>, namesOf<left>[number] | keyof sizes>
        : givenProblem<operation, [...namesOf<left>, ...namesOf<right>], sizes>
      : `${operation}: sizes are given for ${sortedList<Exclude<keyof sizes, namesOf<left>[number] | namesOf<right>[number]>>}: '${pattern}' (sizes are given for names of the pattern)`
    : sidesProblem<operation, pattern, namesOf<left>, namesOf<right>>
  : parsed;

// newProblem :: a name that only the right has needs a size
type newProblem<operation extends string, pattern extends string, names, known> = names extends readonly [
  infer head extends string,
  ...infer rest,
]
  ? head extends known
    ? newProblem<operation, pattern, rest, known>
    : `${operation}: '${head}' has no size: '${pattern}' (give it one, such as { ${head}: 3 })`
  : never;

// rankProblem :: (operation, pattern, left items, Shape) -> the sentence about a rank that does not fit
export type rankProblem<operation extends string, pattern extends string, left, shape> = left extends readonly unknown[]
  ? shape extends readonly unknown[]
    ? `${operation}: the left side has ${left['length']} ${left['length'] extends 1 ? 'axis' : 'axes'} for rank ${shape['length']}: ${showShape<shape>} in '${pattern}' (give each axis one place)`
    : never
  : never;

// rankFits :: (left items, Shape) -> boolean
export type rankFits<items, shape> = items extends readonly unknown[]
  ? shape extends readonly unknown[]
    ? itemsFit<items, shape>
    : false
  : false;
type itemsFit<items extends readonly unknown[], shape extends readonly unknown[]> = '...' extends items[number]
  ? items extends readonly [unknown, ...infer others]
    ? shape extends readonly [...{ [at in keyof others]: unknown }, ...unknown[]]
      ? true
      : false
    : false
  : items['length'] extends shape['length']
    ? true
    : false;

// boundBy :: (items, sizes, Shape) -> bound | sentence without operation and pattern
export type boundBy<parsed, sizes, shape> = parsed extends [infer left, infer right]
  ? bindAxes<left, shape, sizes> extends infer bound
    ? bound extends string
      ? bound
      : addNew<namesOf<right>, sizes, bound>
    : never
  : never;

// sizesProblem :: (operation, pattern, bound or sentence) -> sentence
export type sizesProblem<
  operation extends string,
  pattern extends string,
  problem,
> = `${operation}: ${problem & string}: '${pattern}' (${remedy<problem>})`;

// einopsShape :: (parsed, bound) -> Shape
export type einopsShape<parsed, bound> = parsed extends [unknown, infer right] ? resultDims<right, bound> : never;

// einopsProblem :: (operation, pattern, sizes, Shape) -> sentence | never
export type einopsProblem<
  operation extends string,
  pattern extends string,
  sizes,
  shape extends Shape,
  parsed = parseEinops<operation, pattern>,
> = [patternProblem<operation, pattern, parsed, sizes>] extends [never]
  ? parsed extends [infer left, unknown]
    ? rankFits<left, shape> extends true
      ? boundBy<parsed, sizes, shape> extends infer bound
        ? bound extends string
          ? sizesProblem<operation, pattern, bound>
          : namesProblem<operation, pattern, left, shape, einopsShape<parsed, bound>>
        : never
      : rankProblem<operation, pattern, left, shape>
    : never
  : patternProblem<operation, pattern, parsed, sizes>;

/** How a tensor is rearranged: its axes one by one, and the axes of the result. */
export interface Rearranged {
  /** The dims that names stand for; `...` may stand for several. */
  readonly bound: ReadonlyMap<string, readonly Dim[]>;
  readonly shape: Shape;
}

/** What the names stand for and the resulting shape, or what is wrong. */
export function rearranged(
  operation: EinopsOperation,
  pattern: string,
  { left, right }: EinopsPattern,
  sizes: GivenSizes,
  shape: Shape,
): Rearranged | string {
  const leftNames = namesOf(left);
  const rightNames = namesOf(right);
  const sides = sidesProblem(operation, pattern, leftNames, rightNames);
  if (sides !== undefined) return sides;
  const all = [...leftNames, ...rightNames];
  const extra = Object.keys(sizes).filter((name) => !all.includes(name));
  if (extra.length > 0)
    return `${operation}: sizes are given for ${sortedList(extra)}: '${pattern}' (sizes are given for names of the pattern)`;
  const wrong = all.find((name) => Object.hasOwn(sizes, name) && !isSize(sizes[name]));
  if (wrong !== undefined) return `${operation}: '${wrong}' is given size ${sizes[wrong]} (sizes are whole numbers from 1, or symbols)`;
  const open = rightNames.find((name) => !leftNames.includes(name) && !Object.hasOwn(sizes, name));
  if (open !== undefined) return `${operation}: '${open}' has no size: '${pattern}' (give it one, such as { ${open}: 3 })`;
  if (left.includes('...') ? shape.length < left.length - 1 : shape.length !== left.length) {
    return `${operation}: the left side has ${left.length} ${left.length === 1 ? 'axis' : 'axes'} for rank ${shape.length}: ${showShape(shape)} in '${pattern}' (give each axis one place)`;
  }
  const bound = bindAxesOf(left, shape, sizes);
  if (typeof bound === 'string') return `${operation}: ${bound}: '${pattern}' (${remedyOf(bound)})`;
  const mistaken = mistakenAxis(left, shape, bound);
  if (mistaken !== undefined) return mistakenSentence(operation, mistaken, shape, pattern);
  const withNew = new Map(bound);
  for (const name of rightNames) if (!withNew.has(name)) withNew.set(name, [dimOf(givenSizeOf(sizes, name) ?? '', name)]);
  const size = (names: readonly string[]): string =>
    names
      .flatMap((name) => withNew.get(name) ?? [])
      .map(sizeTextOf)
      .reduce(multiplySizes, '1');
  const result = right.flatMap((item) => (typeof item === 'string' ? (withNew.get(item) ?? []) : [dimOf(size(item.group), item.label)]));
  const twice = repeatedName(result);
  if (twice !== undefined)
    return `${operation}: the result would name '${twice}' twice: ${showShape(result)} of '${pattern}' (rename one of the axes first)`;
  return { bound: withNew, shape: result };
}

/** The first name that stands for one axis and is the name of another. */
function mistakenAxis(items: readonly Item[], shape: Shape, bound: ReadonlyMap<string, readonly Dim[]>): string | undefined {
  const names = shape.map(nameOf);
  return items
    .flatMap((item) => (typeof item === 'string' ? [item] : []))
    .find((name) => names.includes(name) && nameOf(bound.get(name)?.[0] ?? 1) !== name);
}

const mistakenSentence = (operation: string, name: string, shape: Shape, pattern: string): string =>
  `${operation}: '${name}' stands for another axis than ${name}: ${showShape(shape)} in '${pattern}' (name the axes in the tensor's order)`;
