/**
 * That one size divides another: a fact, stated once and then used. `divides('heads', 'd')` says that d is a multiple of
 * heads; with it an axis d splits into heads and d/heads, and these merge into d again, for numbers, symbols and type
 * parameters alike.
 *
 * Invariant: of numbers the fact is checked when it is stated, of symbols when a program meets their sizes.
 */
import { quotientSizes } from '../arithmetic/sizes.ts';
import { type Dim, dimOf, sizeTextOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import { type repeatProblem, type shapeProblem, shapeProblem as shapeProblemOf } from './shape.ts';

declare const stated: unique symbol;

/** The fact that `divisor` divides `dividend`. Made by `divides`. */
export interface Divides<in out H extends Dim, in out D extends Dim> {
  readonly divisor: H;
  readonly dividend: D;
  readonly [stated]: true;
}

/** A fact as a value: plain data. */
export interface Division {
  readonly divisor: Dim;
  readonly dividend: Dim;
}

// Quotient :: (Dim, Dim, name | '') -> Dim      ('d=768', 'heads=12') -> 64; stays as it is while a dim is a type parameter
/** The dim that is one size divided by another, under a name: of `heads` in `model` what is within a head. */
export type Quotient<D extends Dim, H extends Dim, name extends string = ''> =
  quotientSizes<sizeTextOf<D>, sizeTextOf<H>> extends infer size extends string
    ? dimOf<size, name> extends infer dim extends Dim
      ? dim
      : never
    : never;

export const quotient = ({ dividend, divisor }: Division, name = ''): Dim =>
  dimOf(quotientSizes(sizeTextOf(dividend), sizeTextOf(divisor)) || '', name);

// dividesProblem :: (Dim, Dim) -> sentence | never
export type dividesProblem<H extends Dim, D extends Dim> = [shapeProblem<'divides', [H]>] extends [never]
  ? [shapeProblem<'divides', [D]>] extends [never]
    ? quotientSizes<sizeTextOf<D>, sizeTextOf<H>> extends string
      ? never
      : `divides: ${sizeTextOf<D>} is no multiple of ${sizeTextOf<H>}: ${showShape<[H]>} into ${showShape<[D]>} (choose a size that divides ${sizeTextOf<D>})`
    : shapeProblem<'divides', [D]>
  : shapeProblem<'divides', [H]>;

export function dividesProblem(divisor: Dim, dividend: Dim): string | undefined {
  const illegal = shapeProblemOf('divides', [divisor]) ?? shapeProblemOf('divides', [dividend]);
  if (illegal !== undefined || quotientSizes(sizeTextOf(dividend), sizeTextOf(divisor)) !== false) return illegal;
  return `divides: ${sizeTextOf(dividend)} is no multiple of ${sizeTextOf(divisor)}: ${showShape([divisor])} into ${showShape([dividend])} (choose a size that divides ${sizeTextOf(dividend)})`;
}

// splitByFact :: (Shape, Dim, Dim, name | '') -> Shape | false      the last axis that is D
export type splitByFact<shape extends Shape, H extends Dim, D extends Dim, name extends string = ''> = shape extends readonly [
  ...infer rest extends Shape,
  infer last extends Dim,
]
  ? last extends D
    ? [...rest, H, Quotient<D, H, name>]
    : splitByFact<rest, H, D, name> extends infer split extends Shape
      ? [...split, last]
      : false
  : false;

export function splitByFact(shape: Shape, fact: Division, name = ''): Shape | false {
  const at = shape.lastIndexOf(fact.dividend);
  return at < 0 ? false : [...shape.slice(0, at), fact.divisor, quotient(fact, name), ...shape.slice(at + 1)];
}

// splitByFactProblem :: (Shape, Dim, Dim, name | '') -> sentence | never
export type splitByFactProblem<shape extends Shape, H extends Dim, D extends Dim, name extends string = ''> =
  splitByFact<shape, H, D, name> extends infer split extends Shape
    ? repeatProblem<'split', split>
    : `split: no axis ${D} in ${showShape<shape>} (the fact splits ${D} into ${H} and ${Quotient<D, H, name>})`;

export function splitByFactProblem(shape: Shape, fact: Division, name = ''): string | undefined {
  const split = splitByFact(shape, fact, name);
  if (split) return shapeProblemOf('split', split);
  return `split: no axis ${fact.dividend} in ${showShape(shape)} (the fact splits ${fact.dividend} into ${fact.divisor} and ${quotient(fact, name)})`;
}

// mergeByFact :: (Shape, Dim, Dim) -> Shape | false      the last two axes that are H and D/H, whatever the quotient's name
export type mergeByFact<shape extends Shape, H extends Dim, D extends Dim> = shape extends readonly [
  ...infer rest extends Shape,
  infer left extends Dim,
  infer right extends Dim,
]
  ? [left, sizeTextOf<right>] extends [H, sizeTextOf<Quotient<D, H>>]
    ? [...rest, D]
    : mergeByFact<[...rest, left], H, D> extends infer merged extends Shape
      ? [...merged, right]
      : false
  : false;

export function mergeByFact(shape: Shape, fact: Division): Shape | false {
  const size = sizeTextOf(quotient(fact));
  const at = shape.findLastIndex(
    (dim, axis) => dim === fact.divisor && axis + 1 < shape.length && sizeTextOf(shape[axis + 1] as Dim) === size,
  );
  return at < 0 ? false : [...shape.slice(0, at), fact.dividend, ...shape.slice(at + 2)];
}

// mergeByFactProblem :: (Shape, Dim, Dim) -> sentence | never
export type mergeByFactProblem<shape extends Shape, H extends Dim, D extends Dim> =
  mergeByFact<shape, H, D> extends infer merged extends Shape
    ? repeatProblem<'merge', merged>
    : `merge: ${H} and ${Quotient<D, H>} do not stand side by side: ${showShape<shape>} (the fact merges ${H} and ${Quotient<D, H>} into ${D})`;

export function mergeByFactProblem(shape: Shape, fact: Division): string | undefined {
  const merged = mergeByFact(shape, fact);
  if (merged) return shapeProblemOf('merge', merged);
  const [left, right] = [fact.divisor, quotient(fact)];
  return `merge: ${left} and ${right} do not stand side by side: ${showShape(shape)} (the fact merges ${left} and ${right} into ${fact.dividend})`;
}
