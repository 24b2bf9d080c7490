/**
 * The options of windows, stride, padding, dilation and groups: which there are, and what each may be.
 *
 * Invariant: a number counts for every axis, a list has one number for each; what is no literal is refused before it is read.
 */
import type { Literal } from '../arithmetic/sizes.ts';
import type { isAny, isUnion, isUntyped } from '../shape.ts';

/** The options of windows, as far as values know them. */
export type Options = Readonly<Record<string, unknown>>;

type textOf<value> = value extends string | number ? `${value}` : '';

// optionAt :: (options, name, axis, default) -> text      a number counts for every axis, a list has one for each
export type optionAt<options, name extends string, axis extends number, otherwise extends string> = options extends {
  readonly [key in name]: infer given;
}
  ? given extends readonly unknown[]
    ? textOf<given[axis]>
    : textOf<given>
  : otherwise;

export function optionAt(options: Options, name: string, axis: number, otherwise: string): string {
  if (!Object.hasOwn(options, name)) return otherwise;
  const given = options[name];
  return `${Array.isArray(given) ? given[axis] : given}`;
}

// wholeProblem :: (operation, option, its value, least) -> sentence | never
export type wholeProblem<operation extends string, name extends string, value, least extends '0' | '1'> =
  isUntyped<value> extends true
    ? unknownValue<operation, name>
    : isUnion<value> extends true
      ? unknownValue<operation, name>
      : value extends number
        ? number extends value
          ? unknownValue<operation, name>
          : `${value}` extends infer text extends string
            ? isWhole<text, least> extends true
              ? never
              : `${operation}: ${name} ${text} is no whole number from ${least} (write it as one)`
            : never
        : unknownValue<operation, name>;

type unknownValue<operation extends string, name extends string> = name extends 'groups'
  ? `${operation}: groups is no literal number (write a number, such as 2)`
  : `${operation}: ${name} is no literal number (write a number, or one for each axis, such as 2 or [2, 1])`;

type isWhole<text extends string, least extends '0' | '1'> = text extends Literal
  ? text extends `-${string}`
    ? false
    : [text, least] extends ['0', '1']
      ? false
      : true
  : false;

export function wholeProblem(operation: string, name: string, value: unknown, least: '0' | '1'): string | undefined {
  if (typeof value !== 'number') {
    const fix = name === 'groups' ? 'write a number, such as 2' : 'write a number, or one for each axis, such as 2 or [2, 1]';
    return `${operation}: ${name} is no literal number (${fix})`;
  }
  const isWhole = /^\d+$/.test(`${value}`) && !(value === 0 && least === '1');
  return isWhole ? undefined : `${operation}: ${name} ${value} is no whole number from ${least} (write it as one)`;
}

// perAxisProblem :: (operation, option, its value, least, number of axes) -> sentence | never
export type perAxisProblem<operation extends string, name extends string, value, least extends '0' | '1', rank extends number> =
  isAny<value> extends true
    ? unknownValue<operation, name>
    : [value] extends [readonly unknown[]]
      ? number extends value['length']
        ? unknownValue<operation, name>
        : value['length'] extends rank
          ? listProblem<operation, name, value, least>
          : `${operation}: ${name} has ${value['length']} numbers for ${rank} axes (give one number for all, or one for each)`
      : wholeProblem<operation, name, value, least>;

type listProblem<
  operation extends string,
  name extends string,
  list extends readonly unknown[],
  least extends '0' | '1',
> = list extends readonly [infer head, ...infer rest]
  ? [wholeProblem<operation, name, head, least>] extends [never]
    ? listProblem<operation, name, rest, least>
    : wholeProblem<operation, name, head, least>
  : never;

export function perAxisProblem(operation: string, name: string, value: unknown, least: '0' | '1', rank: number): string | undefined {
  if (!Array.isArray(value)) return wholeProblem(operation, name, value, least);
  if (value.length !== rank) {
    return `${operation}: ${name} has ${value.length} numbers for ${rank} axes (give one number for all, or one for each)`;
  }
  return value.map((one) => wholeProblem(operation, name, one, least)).find((problem) => problem !== undefined);
}

interface Least {
  readonly stride: '1';
  readonly padding: '0';
  readonly dilation: '1';
  readonly groups: '1';
}
export type OptionName = keyof Least;

const least: Least = { stride: '1', padding: '0', dilation: '1', groups: '1' };

// optionProblem :: of one option, if it is given
type optionProblem<operation extends string, name extends OptionName, options, rank extends number> = name extends keyof options
  ? name extends 'groups'
    ? wholeProblem<operation, name, options[name], '1'>
    : [name, options[name]] extends ['padding', 'same']
      ? isUntyped<options[name]> extends true
        ? unknownValue<operation, name>
        : sameProblem<operation, options>
      : perAxisProblem<operation, name, options[name], Least[name], rank>
  : never;

function optionProblem(operation: string, name: OptionName, options: Options, rank: number): string | undefined {
  if (!Object.hasOwn(options, name)) return undefined;
  if (name === 'groups') return wholeProblem(operation, name, options[name], '1');
  if (name === 'padding' && options[name] === 'same') return sameProblem(operation, options);
  return perAxisProblem(operation, name, options[name], least[name], rank);
}

// sameProblem :: padding that keeps the size takes every place
type sameProblem<operation extends string, options> = options extends { readonly stride: infer stride }
  ? stride extends 1 | readonly 1[]
    ? never
    : `${operation}: padding 'same' is for stride 1 (give the padding as a number)`
  : never;

function sameProblem(operation: string, options: Options): string | undefined {
  if (!Object.hasOwn(options, 'stride') || [options.stride].flat().every((stride) => stride === 1)) return undefined;
  return `${operation}: padding 'same' is for stride 1 (give the padding as a number)`;
}

// optionsProblem :: (operation, names of options, options, number of axes) -> sentence | never
export type optionsProblem<operation extends string, names extends readonly OptionName[], options, rank extends number> =
  isUntyped<options> extends true
    ? noOptions<operation>
    : isUnion<options> extends true
      ? noOptions<operation>
      : options extends readonly unknown[]
        ? noOptions<operation>
        : options extends object
          ? [Exclude<keyof options, names[number]>] extends [never]
            ? firstOption<operation, names, options, rank>
            : `${operation}: there is no option '${Exclude<keyof options, names[number]> & string}' (its options are ${list<names>})`
          : noOptions<operation>;

type noOptions<operation extends string> = `${operation}: the options are not known (write them as a literal, such as { stride: 2 })`;

type firstOption<operation extends string, names extends readonly OptionName[], options, rank extends number> = names extends readonly [
  infer name extends OptionName,
  ...infer rest extends readonly OptionName[],
]
  ? [optionProblem<operation, name, options, rank>] extends [never]
    ? firstOption<operation, rest, options, rank>
    : optionProblem<operation, name, options, rank>
  : never;

type list<names extends readonly string[]> = names extends readonly [infer head extends string, ...infer rest extends readonly string[]]
  ? rest extends readonly []
    ? head
    : `${head}, ${list<rest>}`
  : '';

export function optionsProblem(operation: string, names: readonly OptionName[], options: unknown, rank: number): string | undefined {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return `${operation}: the options are not known (write them as a literal, such as { stride: 2 })`;
  }
  const other = Object.keys(options).find((name) => !names.some((known) => known === name));
  if (other !== undefined) return `${operation}: there is no option '${other}' (its options are ${names.join(', ')})`;
  return names.map((name) => optionProblem(operation, name, { ...options }, rank)).find((problem) => problem !== undefined);
}
