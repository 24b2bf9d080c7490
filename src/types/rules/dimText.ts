/**
 * The parts of a dim's text: names, and sizes, which are whole numbers, names of symbolic axes, or arithmetic over both.
 *
 * Invariant: one size has one text; arithmetic is in normal form.
 */
import { parse, show } from '../arithmetic/terms.ts';
import { type Computed, isComputed } from '../dim.ts';
import type { Letter, NameCharacter } from './character.ts';

// sizeProblem :: text -> what is wrong, or never      exactly as a number prints: '3', not '03', '3.0' or '1e3'
export type sizeProblem<size> = size extends `${infer whole extends number}`
  ? number extends whole
    ? `has size ${size}`
    : size extends '0' | `-${string}` | `${string}.${string}` | `${string}e${string}`
      ? `has size ${size}`
      : never
  : `has size ${size & string}`;

export const sizeProblem = (size: string): string | undefined =>
  /^[1-9]\d*$/.test(size) && `${Number(size)}` === size ? undefined : `has size ${size}`;

// nameProblem :: text -> what is wrong, or never
export type nameProblem<name> = name extends `${infer first}${infer rest}`
  ? first extends Letter
    ? isNameEnd<rest> extends true
      ? never
      : `has the name '${name}'`
    : `has the name '${name}'`
  : `has the name '${name & string}'`;

type isNameEnd<text> = text extends `${infer first}${infer rest}`
  ? first extends NameCharacter
    ? isNameEnd<rest>
    : false
  : text extends ''
    ? true
    : false;

export const nameProblem = (name: string): string | undefined =>
  /^[A-Za-z][A-Za-z0-9_]*$/.test(name) ? undefined : `has the name '${name}'`;

// extentProblem :: what follows the = -> what is wrong, or never
export type extentProblem<size> = size extends Computed
  ? computedProblem<size>
  : size extends `${infer first}${string}`
    ? first extends Letter
      ? nameProblem<size>
      : sizeProblem<size>
    : sizeProblem<size>;

export function extentProblem(size: string): string | undefined {
  if (isComputed(size)) return computedProblem(size);
  return /^[A-Za-z]/.test(size) ? nameProblem(size) : sizeProblem(size);
}

// computedProblem :: text with arithmetic -> what is wrong, or never
export type computedProblem<size extends string> = [factorProblem<size>] extends [never]
  ? parse<size> extends readonly [readonly [unknown, unknown, unknown, readonly [], readonly []]]
    ? `has size ${size}`
    : show<parse<size>> extends size
      ? never
      : `spells ${show<parse<size>>} as ${size}`
  : `has size ${size}`;

export function computedProblem(size: string): string | undefined {
  if (size.split(/[*/+-]/).some((factor) => extentProblem(factor) !== undefined)) return `has size ${size}`;
  const terms = parse(size);
  const [only, ...others] = terms;
  if (only !== undefined && others.length === 0 && only.over.length + only.under.length === 0) return `has size ${size}`;
  return show(terms) === size ? undefined : `spells ${show(terms)} as ${size}`;
}

// factorProblem :: text -> what is wrong with the first factor that is neither a number nor a name, or never
type factorProblem<text extends string> = text extends `${infer left}+${infer right}`
  ? factorProblem<left> | factorProblem<right>
  : text extends `${infer left}-${infer right}`
    ? factorProblem<left> | factorProblem<right>
    : text extends `${infer left}*${infer right}`
      ? factorProblem<left> | factorProblem<right>
      : text extends `${infer left}/${infer right}`
        ? factorProblem<left> | factorProblem<right>
        : extentProblem<text>;
