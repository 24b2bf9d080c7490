/**
 * The sizes of a pattern's axes: what each name stands for, given a shape and the sizes of some parts.
 *
 * Invariant: sizes are size texts, so products and quotients are exact, also of symbols; of a split axis at most one part's
 * size is left open.
 */
import { divideSizes, multiplySizes } from '../arithmetic/sizes.ts';
import { type Dim, dimOf, sizeTextOf } from '../dim.ts';
import type { isUnion, Shape } from '../shape.ts';
import type { lastDims } from './einopsNames.ts';
import { type Item, type isName, isName as isNameOf } from './einopsPattern.ts';

/** Sizes by name: a whole number, or a symbol. */
export type GivenSizes = Readonly<Record<string, number | string>>;

// givenProblem :: (operation, pattern, names, sizes) -> sentence | never      of the names in order
export type givenProblem<operation extends string, names, sizes> = names extends readonly [infer head extends string, ...infer rest]
  ? head extends keyof sizes
    ? isSize<sizes[head]> extends true
      ? givenProblem<operation, rest, sizes>
      : sizes[head] extends string | number
        ? `${operation}: '${head}' is given ${wrongSize<sizes[head]>} (sizes are whole numbers from 1, or symbols)`
        : never
    : givenProblem<operation, rest, sizes>
  : never;

type wrongSize<size extends string | number> = number extends size
  ? 'a size that is not known'
  : string extends size
    ? 'a size that is not known'
    : isUnion<size> extends true
      ? 'a union'
      : `size ${size}`;

type isSize<size> =
  isUnion<size> extends true
    ? false
    : size extends number
      ? number extends size
        ? false
        : `${size}` extends '0' | `-${string}` | `${string}.${string}` | `${string}e${string}`
          ? false
          : true
      : size extends string
        ? isName<size>
        : false;

export const isSize = (size: unknown): boolean =>
  typeof size === 'number' ? Number.isSafeInteger(size) && size >= 1 : typeof size === 'string' && isNameOf(size);

// givenSize :: (sizes, name) -> size text, or never
export type givenSize<sizes, name> = name extends keyof sizes ? (sizes[name] extends string | number ? `${sizes[name]}` : never) : never;

// Axes

// Bound :: the dims that names stand for, and the axes of `...`
export type bindTo<name, dim> = { [key in name & string]: dim };

// bindAxes :: (items, Shape, sizes, bound) -> bound | sentence without operation and pattern
export type bindAxes<items, shape, sizes, bound = unknown> = items extends readonly [infer head, ...infer rest]
  ? head extends '...'
    ? shape extends readonly [...infer before, ...lastDims<rest, shape>]
      ? bindAxes<rest, lastDims<rest, shape>, sizes, bound & { '...': before }>
      : never
    : shape extends readonly [infer dim, ...infer dims]
      ? head extends { group: infer names extends readonly string[] }
        ? names extends readonly []
          ? sizeTextOf<dim> extends '1'
            ? bindAxes<rest, dims, sizes, bound>
            : `1 stands for ${dim & Dim}`
          : bindParts<names, dim, sizes, bound> extends infer parts
            ? parts extends string
              ? parts
              : bindAxes<rest, dims, sizes, parts>
            : never
        : head extends keyof sizes
          ? sizeTextOf<dim> extends givenSize<sizes, head>
            ? bindAxes<rest, dims, sizes, bound & bindTo<head, dim>>
            : `'${head & string}' is given size ${givenSize<sizes, head>} and stands for ${dim & Dim}`
          : bindAxes<rest, dims, sizes, bound & bindTo<head, dim>>
      : never
  : bound;

// bindParts :: (names, Dim, sizes, bound) -> bound | sentence      at most one name may have no size
type bindParts<names extends readonly string[], dim, sizes, bound> =
  openNames<names, sizes> extends infer open extends readonly string[]
    ? product<names, sizes> extends infer known extends string
      ? open extends readonly []
        ? known extends sizeTextOf<dim>
          ? bindGiven<names, sizes, bound>
          : `${factors<names, sizes>} = ${known} and not ${dim & Dim}`
        : open extends readonly [infer only extends string]
          ? divideSizes<sizeTextOf<dim>, known> extends infer quotient
            ? quotient extends string
              ? bindGiven<names, sizes & { [key in only]: quotient }, bound>
              : `${known} does not divide ${dim & Dim}`
            : never
          : `the sizes of ${listed<open>} in ${dim & Dim} are open`
      : never
    : never;

type openNames<names, sizes, open extends readonly string[] = []> = names extends readonly [infer head extends string, ...infer rest]
  ? openNames<rest, sizes, head extends keyof sizes ? open : [...open, head]>
  : open;

type product<names, sizes, known extends string = '1'> = names extends readonly [infer head, ...infer rest]
  ? product<rest, sizes, head extends keyof sizes ? multiplySizes<known, givenSize<sizes, head>> : known>
  : known;

type bindGiven<names, sizes, bound> = names extends readonly [infer head extends string, ...infer rest]
  ? bindGiven<rest, sizes, bound & bindTo<head, dimOf<givenSize<sizes, head>, head>>>
  : bound;

type factors<names, sizes> = names extends readonly [infer only]
  ? `${only & string} ${givenSize<sizes, only>}`
  : names extends readonly [infer head, ...infer rest]
    ? `${head & string} ${givenSize<sizes, head>} * ${factors<rest, sizes>}`
    : '';

type listed<names> = names extends readonly [infer only extends string]
  ? only
  : names extends readonly [infer head extends string, ...infer rest]
    ? `${head}, ${listed<rest>}`
    : '';

/** What names stand for, or a sentence without operation and pattern. */
export function bindAxes(items: readonly Item[], shape: Shape, sizes: GivenSizes): ReadonlyMap<string, readonly Dim[]> | string {
  const bound = new Map<string, readonly Dim[]>();
  let axis = 0;
  for (const [at, item] of items.entries()) {
    if (item === '...') {
      const end = shape.length - (items.length - at - 1);
      bound.set('...', shape.slice(axis, end));
      axis = end;
      continue;
    }
    const dim = shape[axis++] as Dim;
    if (typeof item === 'string') {
      const given = givenSize(sizes, item);
      if (given !== undefined && given !== sizeTextOf(dim)) return `'${item}' is given size ${given} and stands for ${dim}`;
      bound.set(item, [dim]);
    } else if (item.group.length === 0) {
      if (sizeTextOf(dim) !== '1') return `1 stands for ${dim}`;
    } else {
      const parts = splitSizes(item.group, dim, sizes);
      if (typeof parts === 'string') return parts;
      for (const [index, name] of item.group.entries()) bound.set(name, [dimOf(parts[index] ?? '', name)]);
    }
  }
  return bound;
}

/** The size of each part, or a sentence. */
function splitSizes(names: readonly string[], dim: Dim, sizes: GivenSizes): readonly string[] | string {
  const size = sizeTextOf(dim);
  const given = names.map((name) => givenSize(sizes, name));
  const known = given.reduce<string>((left, right) => (right === undefined ? left : multiplySizes(left, right)), '1');
  const open = names.filter((_, at) => given[at] === undefined);
  if (open.length > 1) return `the sizes of ${open.join(', ')} in ${dim} are open`;
  if (open.length === 0)
    return known === size ? given.map(String) : `${names.map((name, at) => `${name} ${given[at]}`).join(' * ')} = ${known} and not ${dim}`;
  const quotient = divideSizes(size, known);
  return quotient === false ? `${known} does not divide ${dim}` : given.map((part) => part ?? quotient);
}

export const givenSize = (sizes: GivenSizes, name: string): string | undefined =>
  Object.hasOwn(sizes, name) ? `${sizes[name]}` : undefined;

export type remedy<problem> = problem extends `${string} does not divide ${string}`
  ? 'sizes of parts divide the size of their axis, for all values of symbols'
  : problem extends `${string} are open`
    ? 'give all but one, such as { h: 4 }'
    : problem extends `1 stands for ${string}`
      ? 'only an axis of size 1 can be left out'
      : 'the sizes of the parts multiply to the size of the axis';

export function remedy(problem: string): string {
  if (problem.includes(' does not divide ')) return 'sizes of parts divide the size of their axis, for all values of symbols';
  if (problem.endsWith(' are open')) return 'give all but one, such as { h: 4 }';
  if (problem.startsWith('1 stands for ')) return 'only an axis of size 1 can be left out';
  return 'the sizes of the parts multiply to the size of the axis';
}
