/**
 * Convolution: x [n, c, ...spatial] with w [o, c, ...kernel] gives [n, o, ...places], where the spatial axes keep their names.
 * In g groups, w has c / g channels: each block of o / g outputs sees its own block of channels.
 *
 * Invariant: only spatial axes and the kernel must have literal sizes; n, c and o may be symbols, or type parameters.
 * Source: PyTorch's conv1d and conv2d, which are cross-correlations: the kernel is not flipped.
 */
import { divideSizes, multiplySizes } from '../arithmetic/sizes.ts';
import { type Dim, nameOf, sizeTextOf } from '../dim.ts';
import { repeatedName, type Shape, showShape } from '../shape.ts';
import type { sameDim } from './decided.ts';
import { slideProblem, slideShape } from './sliding.ts';
import { type Options, optionAt, optionsProblem } from './windowOptions.ts';

interface Spatial {
  readonly conv1d: 1;
  readonly conv2d: 2;
}
interface Ranks {
  readonly conv1d: 3;
  readonly conv2d: 4;
}
export type ConvolutionName = keyof Spatial;

const spatialAxes: Spatial = { conv1d: 1, conv2d: 2 };
const layout = { conv1d: 'x is [n, c, t], w is [o, c, width]', conv2d: 'x is [n, c, h, w], w is [o, c, height, width]' } as const;
type layout = typeof layout;

const optionNames = ['stride', 'padding', 'dilation', 'groups'] as const;
type optionNames = typeof optionNames;

type tail<shape extends Shape> = shape extends readonly [unknown, unknown, ...infer rest extends Shape] ? rest : [];
type shown<x extends Shape, w extends Shape> = `x ${showShape<x>} with w ${showShape<w>}`;
const shown = (x: Shape, w: Shape): string => `x ${showShape(x)} with w ${showShape(w)}`;

// convolutionShape :: (Shape, Shape, options) -> Shape      asks nothing of n, c and o
export type convolutionShape<x extends Shape, w extends Shape, options> = [x[0], w[0], ...slideShape<tail<x>, tail<w>, options>];

export function convolutionShape(x: Shape, w: Shape, options: Options): Shape {
  return [x[0] as Dim, w[0] as Dim, ...slideShape(x.slice(2), w.slice(2), options)];
}

/** Of the options of a convolution alone. */
export type convolutionOptionsProblem<operation extends ConvolutionName, options> = optionsProblem<
  operation,
  optionNames,
  options,
  Spatial[operation]
>;

export const convolutionOptionsProblem = (operation: ConvolutionName, options: unknown): string | undefined =>
  optionsProblem(operation, optionNames, options, spatialAxes[operation]);

type rankProblem<operation extends ConvolutionName, x extends Shape, w extends Shape> = [x['length'], w['length']] extends readonly [
  Ranks[operation],
  Ranks[operation],
]
  ? never
  : `${operation}: takes rank ${Ranks[operation]} with rank ${Ranks[operation]}: ${shown<x, w>} (${layout[operation]})`;

// channelsProblem :: decided, too, where both dims are one type parameter and there are no groups
type channelsProblem<operation extends ConvolutionName, x extends Shape, w extends Shape, groups extends string> = groups extends '1'
  ? sameDim<x[1], w[1]> extends true
    ? never
    : `${operation}: channels differ: ${shown<x, w>} pairs ${x[1] & Dim} with ${w[1] & Dim} (${channelsRemedy<x, w>})`
  : isGrouped<x, w, groups> extends true
    ? divideSizes<sizeTextOf<w[0]>, groups> extends string
      ? never
      : `${operation}: ${groups} groups do not divide ${w[0] & Dim}: ${shown<x, w>} (each group gives equally many outputs)`
    : `${operation}: channels differ: ${shown<x, w>} pairs ${x[1] & Dim} with ${groups} groups of ${w[1] & Dim} (the channels of x are the groups times those of w, under one name)`;

// operandsProblem :: the ranks, then the channels
export type operandsProblem<operation extends ConvolutionName, x extends Shape, w extends Shape, options> = [
  rankProblem<operation, x, w>,
] extends [never]
  ? channelsProblem<operation, x, w, optionAt<options, 'groups', 0, '1'>>
  : rankProblem<operation, x, w>;

// spatialProblem :: the sizes of the spatial axes and the kernel
export type spatialProblem<operation extends ConvolutionName, x extends Shape, w extends Shape, options> = slideProblem<
  operation,
  shown<x, w>,
  tail<x>,
  tail<w>,
  options
>;

type isGrouped<x extends Shape, w extends Shape, groups extends string> = [nameOf<x[1]>] extends [nameOf<w[1]>]
  ? [nameOf<w[1]>] extends [nameOf<x[1]>]
    ? multiplySizes<sizeTextOf<w[1]>, groups> extends sizeTextOf<x[1]>
      ? true
      : false
    : false
  : false;

const isGrouped = (x: Shape, w: Shape, groups: string): boolean =>
  nameOf(x[1] as Dim) === nameOf(w[1] as Dim) && multiplySizes(sizeTextOf(w[1] as Dim), groups) === sizeTextOf(x[1] as Dim);

// channelsRemedy :: as many groups as make it fit, if there are any
type channelsRemedy<x extends Shape, w extends Shape> =
  divideSizes<sizeTextOf<x[1]>, sizeTextOf<w[1]>> extends infer groups extends `${bigint}`
    ? [isGrouped<x, w, groups>, divideSizes<sizeTextOf<w[0]>, groups>] extends [true, string]
      ? `try { groups: ${groups} }`
      : channelsAdvice<x, w>
    : channelsAdvice<x, w>;
type channelsAdvice<
  x extends Shape,
  w extends Shape,
> = `they must be the same; rename an axis if ${x[1] & Dim} and ${w[1] & Dim} are meant to be`;

function channelsRemedy(x: Shape, w: Shape): string {
  const groups = divideSizes(sizeTextOf(x[1] as Dim), sizeTextOf(w[1] as Dim));
  if (groups !== false && /^\d+$/.test(groups) && isGrouped(x, w, groups) && divideSizes(sizeTextOf(w[0] as Dim), groups) !== false) {
    return `try { groups: ${groups} }`;
  }
  return `they must be the same; rename an axis if ${x[1]} and ${w[1]} are meant to be`;
}

function channelsProblem(operation: ConvolutionName, x: Shape, w: Shape, groups: string): string | undefined {
  if (groups === '1') {
    if (x[1] === w[1]) return undefined;
    return `${operation}: channels differ: ${shown(x, w)} pairs ${x[1]} with ${w[1]} (${channelsRemedy(x, w)})`;
  }
  if (!isGrouped(x, w, groups)) {
    return `${operation}: channels differ: ${shown(x, w)} pairs ${x[1]} with ${groups} groups of ${w[1]} (the channels of x are the groups times those of w, under one name)`;
  }
  if (divideSizes(sizeTextOf(w[0] as Dim), groups) !== false) return undefined;
  return `${operation}: ${groups} groups do not divide ${w[0]}: ${shown(x, w)} (each group gives equally many outputs)`;
}

// convolutionFits :: true where nothing is wrong but names that stand twice      decided where n, c and o are type parameters
export type convolutionFits<operation extends ConvolutionName, x extends Shape, w extends Shape, options> = [
  convolutionOptionsProblem<operation, options>,
] extends [never]
  ? [operandsProblem<operation, x, w, options>] extends [never]
    ? [spatialProblem<operation, x, w, options>] extends [never]
      ? true
      : false
    : false
  : false;

// convolutionProblem :: (operation, Shape, Shape, options) -> sentence | never
export type convolutionProblem<operation extends ConvolutionName, x extends Shape, w extends Shape, options> = [
  convolutionOptionsProblem<operation, options>,
] extends [never]
  ? [operandsProblem<operation, x, w, options>] extends [never]
    ? [spatialProblem<operation, x, w, options>] extends [never]
      ? repeatedProblem<operation, x, w, options>
      : spatialProblem<operation, x, w, options>
    : operandsProblem<operation, x, w, options>
  : convolutionOptionsProblem<operation, options>;

// repeatedProblem :: of the result's names
export type repeatedProblem<operation extends string, x extends Shape, w extends Shape, options> =
  repeatedName<convolutionShape<x, w, options>> extends infer name
    ? [name] extends [never]
      ? never
      : `${operation}: the result would name '${name & string}' twice: ${shown<x, w>} (try w.renameAxis(0, '${name & string}2'))`
    : never;

export function convolutionProblem(operation: ConvolutionName, x: Shape, w: Shape, options: unknown): string | undefined {
  const refused = convolutionOptionsProblem(operation, options);
  if (refused !== undefined) return refused;
  const rank = spatialAxes[operation] + 2;
  if (x.length !== rank || w.length !== rank) {
    return `${operation}: takes rank ${rank} with rank ${rank}: ${shown(x, w)} (${layout[operation]})`;
  }
  const known = { ...(options as Options) };
  const problem =
    channelsProblem(operation, x, w, optionAt(known, 'groups', 0, '1')) ??
    slideProblem(operation, shown(x, w), x.slice(2), w.slice(2), known);
  if (problem !== undefined) return problem;
  const name = repeatedName(convolutionShape(x, w, known));
  return name === undefined
    ? undefined
    : `${operation}: the result would name '${name}' twice: ${shown(x, w)} (try w.renameAxis(0, '${name}2'))`;
}
