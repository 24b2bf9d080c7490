/**
 * Matrix product: the last axis of the left operand is contracted with the last but one of the right. Leading axes are
 * batch: they are the same, or stretch from size 1, and the right operand may lack the first of them, or all.
 *
 * Invariant: a fix in a sentence compiles when pasted in the place of the refused call, for operands named a and b.
 * Source: the array API standard's matmul, without its rank-1 cases, and without new leading axes on the left.
 */
import { type Dim, nameOf, sizeTextOf } from '../dim.ts';
import { type initial, type last, namesOf, repeatedName, type Shape, showShape } from '../shape.ts';
import { aligned } from './broadcast.ts';
import { renameShape } from './rename.ts';

type lastButOne<shape extends Shape> = last<initial<shape>>;
type leading<shape extends Shape> = initial<initial<shape>>;

// batchOf :: (Shape, Shape) -> the batch axes of the product, or false
type batchOf<a extends Shape, b extends Shape> = aligned<leading<a>, leading<b>>;

// matmulShape :: (Shape, Shape) -> the shape of a legal product
export type matmulShape<a extends Shape, b extends Shape> =
  batchOf<a, b> extends infer batch extends Shape ? [...batch, lastButOne<a>, last<b>] : [...initial<a>, last<b>];

type swapped<shape extends Shape> = [...leading<shape>, last<shape>, lastButOne<shape>];
type suffixOf<shape extends Shape> = shape['length'] extends 2 ? 'T' : 'mT';

// same :: two dims are the same literal
type same<a, b> = [a] extends [b] ? ([b] extends [a] ? true : false) : false;

// fits :: (Shape, Shape) -> true if the product exists and names no axis twice
type fits<a extends Shape, b extends Shape> =
  same<last<a>, lastButOne<b>> extends true
    ? batchOf<a, b> extends false
      ? false
      : [repeatedName<matmulShape<a, b>>] extends [never]
        ? true
        : false
    : false;

function swapped(shape: Shape): Shape {
  return [...shape.slice(0, -2), shape.at(-1) as Dim, shape.at(-2) as Dim];
}

const leading = (shape: Shape): Shape => shape.slice(0, -2);
const batchOf = (a: Shape, b: Shape): Shape | false => aligned(leading(a), leading(b));

/** The shape of a legal product. */
export const matmulShape = (a: Shape, b: Shape): Shape => [...(batchOf(a, b) || leading(a)), a.at(-2) as Dim, b.at(-1) as Dim];

const suffixOf = (shape: Shape): string => (shape.length === 2 ? 'T' : 'mT');

function fits(a: Shape, b: Shape): boolean {
  return a.at(-1) === b.at(-2) && batchOf(a, b) !== false && repeatedName(matmulShape(a, b)) === undefined;
}

// remedy :: the first of: transpose a, transpose b, transpose both, swap, that fits
type remedy<a extends Shape, b extends Shape> =
  fits<swapped<a>, b> extends true
    ? `try a.${suffixOf<a>}.matmul(b): ${showShape<matmulShape<swapped<a>, b>>}`
    : fits<a, swapped<b>> extends true
      ? `try a.matmul(b.${suffixOf<b>}): ${showShape<matmulShape<a, swapped<b>>>}`
      : fits<swapped<a>, swapped<b>> extends true
        ? `try a.${suffixOf<a>}.matmul(b.${suffixOf<b>}): ${showShape<matmulShape<swapped<a>, swapped<b>>>}`
        : fits<b, a> extends true
          ? `try b.matmul(a): ${showShape<matmulShape<b, a>>}`
          : `no transpose or swap fits; rename an axis if ${last<a>} and ${lastButOne<b>} are meant to be the same`;

function remedy(a: Shape, b: Shape): string {
  if (fits(swapped(a), b)) return `try a.${suffixOf(a)}.matmul(b): ${showShape(matmulShape(swapped(a), b))}`;
  if (fits(a, swapped(b))) return `try a.matmul(b.${suffixOf(b)}): ${showShape(matmulShape(a, swapped(b)))}`;
  if (fits(swapped(a), swapped(b))) {
    return `try a.${suffixOf(a)}.matmul(b.${suffixOf(b)}): ${showShape(matmulShape(swapped(a), swapped(b)))}`;
  }
  if (fits(b, a)) return `try b.matmul(a): ${showShape(matmulShape(b, a))}`;
  return `no transpose or swap fits; rename an axis if ${a.at(-1)} and ${b.at(-2)} are meant to be the same`;
}

// oddPair :: (batch axes, batch axes) -> the last two that differ in name alone, or never
type oddPair<a extends Shape, b extends Shape> = b extends readonly []
  ? never
  : a extends readonly []
    ? never
    : aligned<[last<a>], [last<b>]> extends false
      ? sizeTextOf<last<a>> extends sizeTextOf<last<b>>
        ? [last<a>, last<b>]
        : never
      : oddPair<initial<a>, initial<b>>;

function oddPair(a: Shape, b: Shape): readonly [Dim, Dim] | undefined {
  const [left, right] = [a.at(-1), b.at(-1)];
  if (left === undefined || right === undefined) return undefined;
  if (aligned([left], [right]) !== false) return oddPair(a.slice(0, -1), b.slice(0, -1));
  return sizeTextOf(left) === sizeTextOf(right) ? [left, right] : undefined;
}

type batchAdvice = 'batch axes are the same, or have size 1, or are missing on the right';
const batchAdvice: batchAdvice = 'batch axes are the same, or have size 1, or are missing on the right';

// batchRemedy :: rename the axis of b that has another name, if that fits
type batchRemedy<a extends Shape, b extends Shape> =
  oddPair<leading<a>, leading<b>> extends readonly [infer left, infer right]
    ? [nameOf<left>] extends [never]
      ? batchAdvice
      : [nameOf<right>] extends [never]
        ? batchAdvice
        : fits<a, renameShape<b, { readonly [name in nameOf<right>]: nameOf<left> }>> extends true
          ? `try a.matmul(b.rename({ ${nameOf<right>}: '${nameOf<left>}' })): ${showShape<matmulShape<a, renameShape<b, { readonly [name in nameOf<right>]: nameOf<left> }>>>}`
          : batchAdvice
    : batchAdvice;

function batchRemedy(a: Shape, b: Shape): string {
  const [left, right] = (oddPair(leading(a), leading(b)) ?? []).map(nameOf);
  if (left === undefined || right === undefined) return batchAdvice;
  const renamed = renameShape(b, { [right]: left });
  return fits(a, renamed) ? `try a.matmul(b.rename({ ${right}: '${left}' })): ${showShape(matmulShape(a, renamed))}` : batchAdvice;
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
    : batchOf<a, b> extends false
      ? `matmul: batch axes differ: ${showShape<a>} @ ${showShape<b>} (${batchRemedy<a, b>})`
      : [repeatedName<matmulShape<a, b>>] extends [never]
        ? never
        : matmulRepeated<a, b, repeatedName<matmulShape<a, b>>>;

type matmulRepeated<
  a extends Shape,
  b extends Shape,
  name,
> = `matmul: the result would name '${name & string}' twice: ${showShape<a>} @ ${showShape<b>} (try a.matmul(b.rename({ ${name & string}: '${freeName<name & string, namesOf<a> | namesOf<b>>}' })))`;

// freeName :: (name, names) -> the name with as many 2s behind it as make it free; of wide names none does
type freeName<name extends string, taken> = string extends taken
  ? `${name}2`
  : `${name}2` extends taken
    ? freeName<`${name}2`, taken>
    : `${name}2`;

const freeName = (name: string, taken: readonly string[]): string =>
  taken.includes(`${name}2`) ? freeName(`${name}2`, taken) : `${name}2`;

export function matmulProblem(a: Shape, b: Shape): string | undefined {
  const operands = `${showShape(a)} @ ${showShape(b)}`;
  const rank = 'matmul takes rank 2 or more; add an axis of size 1 with reshape';
  if (a.length < 2) return `matmul: the left operand has rank ${a.length}: ${operands} (${rank})`;
  if (b.length < 2) return `matmul: the right operand has rank ${b.length}: ${operands} (${rank})`;
  if (a.at(-1) !== b.at(-2)) return `matmul: inner axes differ: ${operands} contracts ${a.at(-1)} with ${b.at(-2)} (${remedy(a, b)})`;
  if (batchOf(a, b) === false) return `matmul: batch axes differ: ${operands} (${batchRemedy(a, b)})`;
  const name = repeatedName(matmulShape(a, b));
  if (name === undefined) return undefined;
  return `matmul: the result would name '${name}' twice: ${operands} (try a.matmul(b.rename({ ${name}: '${freeName(name, [...namesOf(a), ...namesOf(b)])}' })))`;
}

// matmulRepeats :: (Shape, Shape) -> true where the result of a legal product would name an axis twice
export type matmulRepeats<a extends Shape, b extends Shape> = [nameOf<last<b>>] extends [never]
  ? false
  : nameOf<last<b>> extends namesOf<initial<a>>
    ? same<last<a>, lastButOne<b>>
    : false;
