/**
 * Windows that slide over axes: what stride, padding and dilation may be, and how many places a window has. A place is a
 * step of `stride`; the window's elements stand `dilation` apart; `padding` elements are put before and after the axis, or as
 * many as keep its size (`'same'`).
 *
 * Invariant: places = floor((size + 2 * padding - dilation * (width - 1) - 1) / stride) + 1, exact for sizes of any length, so
 * only axes of literal size can be slid over.
 * Source: V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning (2016).
 */
import { type add, add as addNumbers } from '../arithmetic/add.ts';
import { type compare, compare as compareNumbers } from '../arithmetic/compare.ts';
import { type divide, divide as divideNumbers } from '../arithmetic/divide.ts';
import { type multiply, multiply as multiplyNumbers } from '../arithmetic/multiply.ts';
import type { Literal } from '../arithmetic/sizes.ts';
import { type subtract, subtract as subtractNumbers } from '../arithmetic/subtract.ts';
import { type Dim, dimOf, nameOf, sizeTextOf } from '../dim.ts';
import type { isAny, isUnion, isUntyped, Shape } from '../shape.ts';

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

// reachOf :: (width, dilation) -> how many elements a window spans
type reachOf<width extends string, dilation extends string> = add<multiply<dilation, subtract<width, '1'>>, '1'>;
const reachOf = (width: string, dilation: string): string => addNumbers(multiplyNumbers(dilation, subtractNumbers(width, '1')), '1');

type reach<width extends string, options, axis extends number> = reachOf<width, optionAt<options, 'dilation', axis, '1'>>;
const reach = (width: string, options: Options, axis: number): string => reachOf(width, optionAt(options, 'dilation', axis, '1'));

// padded :: (size, reach, padding) -> the size with its padding
type padded<size extends string, span extends string, padding extends string> = padding extends 'same'
  ? subtract<add<size, span>, '1'>
  : add<size, multiply<'2', padding>>;

function padded(size: string, span: string, padding: string): string {
  return padding === 'same' ? subtractNumbers(addNumbers(size, span), '1') : addNumbers(size, multiplyNumbers('2', padding));
}

// places :: (size, width, options, axis) -> how many windows there are
type places<size extends string, width extends string, options, axis extends number> =
  reach<width, options, axis> extends infer span extends string
    ? optionAt<options, 'stride', axis, '1'> extends infer stride extends Literal
      ? add<floored<subtract<padded<size, span, optionAt<options, 'padding', axis, '0'>>, span>, stride>, '1'>
      : '1'
    : '1';

// floored :: (number, number) -> the whole part of the quotient      division by 0 would not end
type floored<a extends string, by extends string> = by extends '0' ? '0' : divide<a, by>[0];

function places(size: string, width: string, options: Options, axis: number): string {
  const span = reach(width, options, axis);
  const free = subtractNumbers(padded(size, span, optionAt(options, 'padding', axis, '0')), span);
  return addNumbers(divideNumbers(free, optionAt(options, 'stride', axis, '1'))[0], '1');
}

type nameText<dim> = [nameOf<dim>] extends [never] ? '' : nameOf<dim>;

// slideShape :: (Shape, widths, options) -> the axes that are slid over, under their names, each with its number of places
export type slideShape<
  spatial extends Shape,
  widths extends Shape,
  options,
  before extends readonly unknown[] = [],
> = spatial extends readonly [infer head extends Dim, ...infer rest extends Shape]
  ? widths extends readonly [infer width extends Dim, ...infer others extends Shape]
    ? [
        dimOf<places<sizeTextOf<head>, sizeTextOf<width>, options, before['length'] & number>, nameText<head>>,
        ...slideShape<rest, others, options, [...before, head]>,
      ]
    : []
  : [];

export function slideShape(spatial: Shape, widths: Shape, options: Options): Shape {
  return spatial.map((dim, axis) => dimOf(places(sizeTextOf(dim), sizeTextOf(widths[axis] ?? 1), options, axis), nameOf(dim)));
}

/** Elements of padding before and after each axis of literal size. */
export function paddingOf(widths: Shape, options: Options): readonly { readonly low: number; readonly high: number }[] {
  return widths.map((width, axis) => {
    const padding = optionAt(options, 'padding', axis, '0');
    if (padding !== 'same') return { low: Number(padding), high: Number(padding) };
    const total = Number(reach(sizeTextOf(width), options, axis)) - 1;
    return { low: Math.floor(total / 2), high: Math.ceil(total / 2) };
  });
}

// slideProblem :: (operation, the operands as text, Shape, widths, options) -> sentence | never      of the first axis that is wrong
export type slideProblem<
  operation extends string,
  operands extends string,
  spatial extends Shape,
  widths extends Shape,
  options,
  before extends readonly unknown[] = [],
> = spatial extends readonly [infer head extends Dim, ...infer rest extends Shape]
  ? widths extends readonly [infer width extends Dim, ...infer others extends Shape]
    ? sizeTextOf<head> extends infer size extends Literal
      ? sizeTextOf<width> extends infer wide extends Literal
        ? fitProblem<
            operation,
            operands,
            head,
            size,
            reach<wide, options, before['length'] & number>,
            optionAt<options, 'padding', before['length'] & number, '0'>
          > extends infer problem
          ? [problem] extends [never]
            ? slideProblem<operation, operands, rest, others, options, [...before, head]>
            : problem
          : never
        : symbolic<operation, operands, width>
      : symbolic<operation, operands, head>
    : never
  : never;

type symbolic<
  operation extends string,
  operands extends string,
  dim extends Dim,
> = `${operation}: ${dim} has no literal size: ${operands} (windows and the axes they slide over have sizes, such as 'h=32')`;

type fitProblem<
  operation extends string,
  operands extends string,
  dim extends Dim,
  size extends string,
  span extends string,
  padding extends string,
> =
  padded<size, span, padding> extends infer room extends string
    ? compare<room, span> extends 'less'
      ? `${operation}: a window that reaches over ${span} is larger than ${dim}, padded to ${room}: ${operands} (pad by ${divide<add<subtract<span, size>, '1'>, '2'>[0]} or more)`
      : never
    : never;

export function slideProblem(operation: string, operands: string, spatial: Shape, widths: Shape, options: Options): string | undefined {
  for (const [axis, dim] of spatial.entries()) {
    const [size, width] = [sizeTextOf(dim), widths[axis] ?? 1];
    for (const one of [dim, width]) {
      if (!/^\d+$/.test(sizeTextOf(one))) {
        return `${operation}: ${one} has no literal size: ${operands} (windows and the axes they slide over have sizes, such as 'h=32')`;
      }
    }
    const span = reach(sizeTextOf(width), options, axis);
    const room = padded(size, span, optionAt(options, 'padding', axis, '0'));
    if (compareNumbers(room, span) !== 'less') continue;
    const least = divideNumbers(addNumbers(subtractNumbers(span, size), '1'), '2')[0];
    return `${operation}: a window that reaches over ${span} is larger than ${dim}, padded to ${room}: ${operands} (pad by ${least} or more)`;
  }
  return undefined;
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
