/**
 * Axes in another order: `permute('b', 'h', 'q', 'd')` lists all of them, `transpose('q', 'k')` swaps two.
 *
 * Invariant: no dim changes. Lists of indices are decided without a look at the dims, so they work in generic bodies.
 * Source: NumPy's transpose and swapaxes, PyTorch's permute and transpose.
 */
import type { Dim } from '../dim.ts';
import { type isUnion, type Shape, showShape } from '../shape.ts';
import { type axesProblem, axesProblem as axesProblemOf, indexIn, type indices } from './axis.ts';

// dimCalled :: (Shape, name) -> the dim of that name
type dimCalled<shape extends Shape, name extends string> = Extract<shape[number], name | `${name}=${string}`>;

// permuteShape :: (Shape, axes) -> Shape
export type permuteShape<shape extends Shape, axes extends readonly (string | number)[]> = {
  -readonly [at in keyof axes]: axes[at] extends string ? dimCalled<shape, axes[at]> : shape[axes[at] & number];
};

export const permuteShape = (shape: Shape, axes: readonly (string | number)[]): Shape =>
  axes.map((axis) => shape[indexIn(shape, axis)] as Dim);

// permuteProblem :: (Shape, axes) -> sentence | never
export type permuteProblem<shape extends Shape, axes extends readonly unknown[]> = number extends axes['length']
  ? "permute: the axes are not known (write them as literals, such as 'n', 'in')"
  : axes['length'] extends shape['length']
    ? [indices<shape>] extends [axes[number]]
      ? [axes[number]] extends [indices<shape>]
        ? never
        : axesProblem<'permute', shape, axes>
      : axesProblem<'permute', shape, axes>
    : `permute: ${axes['length']} axes for rank ${shape['length']}: ${showShape<shape>} (list each axis once)`;

export function permuteProblem(shape: Shape, axes: readonly (string | number)[]): string | undefined {
  if (axes.length !== shape.length)
    return `permute: ${axes.length} axes for rank ${shape.length}: ${showShape(shape)} (list each axis once)`;
  return axesProblemOf('permute', shape, axes);
}

// indexOf :: (Shape, axis) -> its index as text
export type indexOf<shape extends Shape, axis> = axis extends number
  ? `${axis}`
  : Extract<{ [index in keyof shape]: shape[index] extends axis | `${axis & string}=${string}` ? index : never }[number], string>;

// swapAt :: (Shape, index, index) -> Shape
type swapAt<shape extends Shape, a extends string, b extends string> = {
  -readonly [index in keyof shape]: index extends a
    ? shape[b & keyof shape] & Dim
    : index extends b
      ? shape[a & keyof shape] & Dim
      : shape[index];
};

// swapShape :: (Shape, axis, axis) -> Shape
export type swapShape<shape extends Shape, a, b> = swapAt<shape, indexOf<shape, a>, indexOf<shape, b>>;

export function swapShape(shape: Shape, a: string | number, b: string | number): Shape {
  const [left, right] = [indexIn(shape, a), indexIn(shape, b)];
  return shape.map((dim, axis) => (axis === left ? (shape[right] as Dim) : axis === right ? (shape[left] as Dim) : dim));
}

// swapProblem :: (Shape, axis, axis) -> sentence | never
export type swapProblem<shape extends Shape, a, b> = [a, b] extends readonly [indices<shape>, indices<shape>]
  ? isUnion<a> extends false
    ? isUnion<b> extends false
      ? a extends b
        ? axesProblem<'transpose', shape, [a, b]>
        : never
      : axesProblem<'transpose', shape, [a, b]>
    : axesProblem<'transpose', shape, [a, b]>
  : axesProblem<'transpose', shape, [a, b]>;

export const swapProblem = (shape: Shape, a: string | number, b: string | number): string | undefined =>
  axesProblemOf('transpose', shape, [a, b]);
