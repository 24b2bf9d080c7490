/**
 * Matrix product: the last axis of the left operand is contracted with the last but one of the right. Leading axes are
 * batch and must be the same; a right operand of rank 2 is shared by the batch.
 *
 * Invariant: a fix in a sentence compiles when pasted in the place of the refused call, for operands named a and b.
 * Source: the array API standard's matmul, without its rank-1 cases.
 */
import type { Dim, nameOf } from '../dim.ts';

import { type initial, type last, namesOf, repeatedName, type Shape, showShape } from '../shape.ts';

type lastButOne<shape extends Shape> = last<initial<shape>>;
type leading<shape extends Shape> = initial<initial<shape>>;
type product<a extends Shape, b extends Shape> = [...initial<a>, last<b>];
type swapped<shape extends Shape> = [...leading<shape>, last<shape>, lastButOne<shape>];
type suffixOf<shape extends Shape> = shape['length'] extends 2 ? 'T' : 'mT';

// same :: two dims or shapes are the same literals
type same<a, b> = [a] extends [b] ? ([b] extends [a] ? true : false) : false;

// fits :: (Shape, Shape) -> true if the product exists and names no axis twice
type fits<a extends Shape, b extends Shape> =
  same<last<a>, lastButOne<b>> extends true
    ? batchFits<a, b> extends true
      ? [repeatedName<product<a, b>>] extends [never]
        ? true
        : false
      : false
    : false;

type batchFits<a extends Shape, b extends Shape> = b['length'] extends 2 ? true : same<leading<a>, leading<b>>;

function swapped(shape: Shape): Shape {
  return [...shape.slice(0, -2), shape.at(-1) as Dim, shape.at(-2) as Dim];
}

const same = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((dim, axis) => dim === b[axis]);
const batchFits = (a: Shape, b: Shape): boolean => b.length === 2 || same(a.slice(0, -2), b.slice(0, -2));
const product = (a: Shape, b: Shape): Shape => [...a.slice(0, -1), b.at(-1) as Dim];
const suffixOf = (shape: Shape): string => (shape.length === 2 ? 'T' : 'mT');

function fits(a: Shape, b: Shape): boolean {
  return a.at(-1) === b.at(-2) && batchFits(a, b) && repeatedName(product(a, b)) === undefined;
}

// remedy :: the first of: transpose a, transpose b, transpose both, swap, that fits
type remedy<a extends Shape, b extends Shape> =
  fits<swapped<a>, b> extends true
    ? `try a.${suffixOf<a>}.matmul(b): ${showShape<product<swapped<a>, b>>}`
    : fits<a, swapped<b>> extends true
      ? `try a.matmul(b.${suffixOf<b>}): ${showShape<product<a, swapped<b>>>}`
      : fits<swapped<a>, swapped<b>> extends true
        ? `try a.${suffixOf<a>}.matmul(b.${suffixOf<b>}): ${showShape<product<swapped<a>, swapped<b>>>}`
        : fits<b, a> extends true
          ? `try b.matmul(a): ${showShape<product<b, a>>}`
          : `no transpose or swap fits; rename an axis if ${last<a>} and ${lastButOne<b>} are meant to be the same`;

function remedy(a: Shape, b: Shape): string {
  if (fits(swapped(a), b)) return `try a.${suffixOf(a)}.matmul(b): ${showShape(product(swapped(a), b))}`;
  if (fits(a, swapped(b))) return `try a.matmul(b.${suffixOf(b)}): ${showShape(product(a, swapped(b)))}`;
  if (fits(swapped(a), swapped(b))) {
    return `try a.${suffixOf(a)}.matmul(b.${suffixOf(b)}): ${showShape(product(swapped(a), swapped(b)))}`;
  }
  if (fits(b, a)) return `try b.matmul(a): ${showShape(product(b, a))}`;
  return `no transpose or swap fits; rename an axis if ${a.at(-1)} and ${b.at(-2)} are meant to be the same`;
}

type hasMatrix<shape extends Shape> = shape extends readonly [...Shape, Dim, Dim] ? true : false;

// matmulProblem :: (Shape, Shape) -> sentence | never
export type matmulProblem<a extends Shape, b extends Shape> =
  hasMatrix<a> extends false
    ? `matmul: the left operand has rank ${a['length']}: ${showShape<a>} @ ${showShape<b>} (matmul takes rank 2 or more; add an axis of size 1 with reshape)`
    : hasMatrix<b> extends false
      ? `matmul: the right operand has rank ${b['length']}: ${showShape<a>} @ ${showShape<b>} (matmul takes rank 2 or more; add an axis of size 1 with reshape)`
      : axesProblem<a, b>;

type axesProblem<a extends Shape, b extends Shape> =
  same<last<a>, lastButOne<b>> extends false
    ? `matmul: inner axes differ: ${showShape<a>} @ ${showShape<b>} contracts ${last<a>} with ${lastButOne<b>} (${remedy<a, b>})`
    : batchFits<a, b> extends false
      ? `matmul: batch axes differ: ${showShape<a>} @ ${showShape<b>} (the axes before the last two must be the same, or the right operand of rank 2)`
      : [repeatedName<product<a, b>>] extends [never]
        ? never
        : matmulRepeated<a, b, repeatedName<product<a, b>>>;

type matmulRepeated<
  a extends Shape,
  b extends Shape,
  name,
> = `matmul: the result would name '${name & string}' twice: ${showShape<a>} @ ${showShape<b>} (try a.matmul(b.rename({ ${name & string}: '${freeName<name & string, namesOf<a> | namesOf<b>>}' })))`;

// freeName :: (name, names) -> the name with as many 2s behind it as make it free
type freeName<name extends string, taken> = `${name}2` extends taken ? freeName<`${name}2`, taken> : `${name}2`;

const freeName = (name: string, taken: readonly string[]): string =>
  taken.includes(`${name}2`) ? freeName(`${name}2`, taken) : `${name}2`;

export function matmulProblem(a: Shape, b: Shape): string | undefined {
  const operands = `${showShape(a)} @ ${showShape(b)}`;
  const rank = 'matmul takes rank 2 or more; add an axis of size 1 with reshape';
  if (a.length < 2) return `matmul: the left operand has rank ${a.length}: ${operands} (${rank})`;
  if (b.length < 2) return `matmul: the right operand has rank ${b.length}: ${operands} (${rank})`;
  if (a.at(-1) !== b.at(-2)) return `matmul: inner axes differ: ${operands} contracts ${a.at(-1)} with ${b.at(-2)} (${remedy(a, b)})`;
  if (!batchFits(a, b)) {
    return `matmul: batch axes differ: ${operands} (the axes before the last two must be the same, or the right operand of rank 2)`;
  }
  const name = repeatedName(product(a, b));
  if (name === undefined) return undefined;
  return `matmul: the result would name '${name}' twice: ${operands} (try a.matmul(b.rename({ ${name}: '${freeName(name, [...namesOf(a), ...namesOf(b)])}' })))`;
}

// matmulRepeats :: (Shape, Shape) -> true where the result of a legal product would name an axis twice
export type matmulRepeats<a extends Shape, b extends Shape> = [nameOf<last<b>>] extends [never]
  ? false
  : nameOf<last<b>> extends namesOf<initial<a>>
    ? same<last<a>, lastButOne<b>>
    : false;

/** The shape of a legal product. */
export const matmulShape = product;
