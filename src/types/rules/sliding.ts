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
import type { Shape } from '../shape.ts';
import { type Options, optionAt } from './windowOptions.ts';

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
