/**
 * Pools: windows slide over the last axes of [n, c, ...spatial], and each gives one element. A window's stride is its size,
 * unless it is given.
 *
 * Invariant: the padding is at most half the window, so that each window has an element of the input.
 * Source: PyTorch's max_pool2d and avg_pool2d.
 */
import type { compare } from '../arithmetic/compare.ts';
import { compare as compareNumbers } from '../arithmetic/compare.ts';
import { type multiply, multiply as multiplyNumbers } from '../arithmetic/multiply.ts';
import type { Dim } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import { slideProblem, slideShape } from './sliding.ts';
import { type Options, optionAt, optionsProblem, perAxisProblem } from './windowOptions.ts';

interface Spatial {
  readonly maxPool1d: 1;
  readonly meanPool1d: 1;
  readonly maxPool2d: 2;
  readonly meanPool2d: 2;
}
interface Ranks {
  readonly maxPool1d: 3;
  readonly meanPool1d: 3;
  readonly maxPool2d: 4;
  readonly meanPool2d: 4;
}
export type PoolName = keyof Spatial;

const spatialAxes: Spatial = { maxPool1d: 1, meanPool1d: 1, maxPool2d: 2, meanPool2d: 2 };
const layout = { 1: 'x is [n, c, t]', 2: 'x is [n, c, h, w]' } as const;
type layout = typeof layout;

const optionNames = ['stride', 'padding'] as const;
type optionNames = typeof optionNames;

type Widths = { readonly 1: readonly ['0']; readonly 2: readonly ['0', '1'] };

// widthsOf :: (size, number of axes) -> the window as a shape
export type widthsOf<size, rank extends 1 | 2> = size extends readonly Dim[]
  ? size
  : rank extends 1
    ? readonly [size & Dim]
    : readonly [size & Dim, size & Dim];

export const widthsOf = (size: number | readonly number[], rank: number): Shape =>
  typeof size === 'number' ? Array.from({ length: rank }, () => size) : size;

// withStride :: (options, size) -> options with a stride
export type withStride<options, size> = 'stride' extends keyof options ? options : options & { readonly stride: size };

export const withStride = (options: Options, size: unknown): Options =>
  Object.hasOwn(options, 'stride') ? options : { ...options, stride: size };

type tail<shape extends Shape> = shape extends readonly [unknown, unknown, ...infer rest extends Shape] ? rest : [];

// poolShape :: (operation, Shape, size, options) -> Shape
export type poolShape<operation extends PoolName, x extends Shape, size, options> = [
  x[0],
  x[1],
  ...slideShape<tail<x>, widthsOf<size, Spatial[operation]>, withStride<options, size>>,
];

export function poolShape(operation: PoolName, x: Shape, size: number | readonly number[], options: Options): Shape {
  return [x[0] as Dim, x[1] as Dim, ...slideShape(x.slice(2), widthsOf(size, spatialAxes[operation]), withStride(options, size))];
}

// poolOptionsProblem :: (operation, size, options) -> sentence | never      of what is no shape
export type poolOptionsProblem<operation extends PoolName, size, options> = [
  perAxisProblem<operation, 'the size', size, '1', Spatial[operation]>,
] extends [never]
  ? optionsProblem<operation, optionNames, options, Spatial[operation]> extends infer problem
    ? [problem] extends [never]
      ? [optionsProblem<operation, optionNames, withStride<options, size>, Spatial[operation]>] extends [never]
        ? halfProblem<operation, widthsOf<size, Spatial[operation]>, options, Widths[Spatial[operation]]>
        : optionsProblem<operation, optionNames, withStride<options, size>, Spatial[operation]>
      : problem
    : never
  : perAxisProblem<operation, 'the size', size, '1', Spatial[operation]>;

export function poolOptionsProblem(operation: PoolName, size: unknown, options: unknown): string | undefined {
  const rank = spatialAxes[operation];
  return (
    perAxisProblem(operation, 'the size', size, '1', rank) ??
    optionsProblem(operation, optionNames, options, rank) ??
    optionsProblem(operation, optionNames, withStride({ ...(options as Options) }, size), rank) ??
    halfProblem(operation, widthsOf(size as number | readonly number[], rank), { ...(options as Options) })
  );
}

// halfProblem :: padding that leaves windows without an element
type halfProblem<operation extends string, widths extends Shape, options, axes extends readonly string[]> = axes extends readonly [
  infer axis extends `${number}`,
  ...infer rest extends readonly string[],
]
  ? axis extends `${infer at extends number}`
    ? optionAt<options, 'padding', at, '0'> extends infer padding extends string
      ? padding extends 'same'
        ? never
        : compare<`${widths[at]}`, multiply<'2', padding>> extends 'less'
          ? `${operation}: padding ${padding} is more than half the window of ${widths[at]} (pad less)`
          : halfProblem<operation, widths, options, rest>
      : never
    : never
  : never;

function halfProblem(operation: string, widths: Shape, options: Options): string | undefined {
  for (const [axis, width] of widths.entries()) {
    const padding = optionAt(options, 'padding', axis, '0');
    if (padding === 'same' || compareNumbers(`${width}`, multiplyNumbers('2', padding)) !== 'less') continue;
    return `${operation}: padding ${padding} is more than half the window of ${width} (pad less)`;
  }
  return undefined;
}

// poolRankProblem :: of the input alone
export type poolRankProblem<operation extends PoolName, x extends Shape> = x['length'] extends Ranks[operation]
  ? never
  : `${operation}: takes rank ${Ranks[operation]}: ${showShape<x>} (${layout[Spatial[operation]]})`;

// poolSpatialProblem :: the sizes of the spatial axes
export type poolSpatialProblem<operation extends PoolName, x extends Shape, size, options> = slideProblem<
  operation,
  showShape<x>,
  tail<x>,
  widthsOf<size, Spatial[operation]>,
  withStride<options, size>
>;

// poolProblem :: (operation, Shape, size, options) -> sentence | never
export type poolProblem<operation extends PoolName, x extends Shape, size, options> = [poolRankProblem<operation, x>] extends [never]
  ? [poolOptionsProblem<operation, size, options>] extends [never]
    ? poolSpatialProblem<operation, x, size, options>
    : poolOptionsProblem<operation, size, options>
  : poolRankProblem<operation, x>;

export function poolProblem(operation: PoolName, x: Shape, size: unknown, options: unknown): string | undefined {
  const rank = spatialAxes[operation];
  if (x.length !== rank + 2) return `${operation}: takes rank ${rank + 2}: ${showShape(x)} (${layout[rank]})`;
  const problem = poolOptionsProblem(operation, size, options);
  if (problem !== undefined) return problem;
  const widths = widthsOf(size as number | readonly number[], rank);
  return slideProblem(operation, showShape(x), x.slice(2), widths, withStride({ ...(options as Options) }, size));
}
