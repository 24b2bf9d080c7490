/**
 * One axis of a shape with another size, and how the axis is written in sentences. What slice, pad and concat share.
 *
 * Invariant: the axis keeps its name; an index asks nothing of the other dims, so they may be type parameters.
 */
import type { Literal } from '../arithmetic/sizes.ts';
import { type Computed, type Dim, dimOf, nameOf, sizeTextOf } from '../dim.ts';
import type { isWide, Shape } from '../shape.ts';
import { indexIn } from './axis.ts';
import type { indexOf } from './permute.ts';

// dimAt :: (Shape, axis) -> Dim
export type dimAt<shape extends Shape, axis> = shape[indexOf<shape, axis> & keyof shape] & Dim;

export const dimAt = (shape: Shape, axis: string | number): Dim => shape[indexIn(shape, axis)] as Dim;

// resizedDim :: (Dim, size text) -> Dim      't=5', '3' -> 't=3'; 5, '3' -> 3; 'batch', 'batch+2' -> 'batch=batch+2'
type resizedDim<dim, size extends string> = dim extends `${infer name}=${string}`
  ? `${name}=${size}`
  : dim extends number | Computed
    ? dimOf<size>
    : dimOf<size, dim & string>;

// resized :: (Shape, axis, size text) -> Shape
export type resized<shape extends Shape, axis, size extends string> = {
  -readonly [at in keyof shape]: at extends indexOf<shape, axis> ? resizedDim<shape[at], size> : shape[at];
};

export const resized = (shape: Shape, axis: string | number, size: string): Shape =>
  shape.map((dim, at) => (at === indexIn(shape, axis) ? dimOf(size, nameOf(dim)) : dim));

// axisText :: axis -> as it is written: 'n', 0
export type axisText<axis> = axis extends string ? `'${axis}'` : `${axis & number}`;

export const axisText = (axis: string | number): string => (typeof axis === 'string' ? `'${axis}'` : `${axis}`);

// areWhole :: numbers as texts -> true for whole numbers from 0      distributes: false as soon as one is not
export type areWhole<texts extends string> = [texts extends `-${string}` ? 'no' : texts extends Literal ? never : 'no'] extends [never]
  ? true
  : false;

export const areWhole = (...numbers: readonly number[]): boolean => numbers.every((number) => /^\d+$/.test(`${number}`));

// literalSize :: Dim -> its size as text where that is a number, else false
export type literalSize<dim> = sizeTextOf<dim> extends infer size extends Literal ? size : false;

export function literalSize(dim: Dim): string | false {
  const size = sizeTextOf(dim);
  return /^\d+$/.test(size) ? size : false;
}

// knownSize :: Dim -> its size as text, a number or arithmetic over symbols; false for a wide dim, undecided for a type parameter
export type knownSize<dim> = sizeTextOf<dim> extends infer size extends string ? (isWide<size> extends true ? false : size) : false;

// isOneLiteral :: number type -> true for one literal      a wide number, a union and any are not known
export type areLiterals<numbers extends readonly unknown[]> = numbers extends readonly [infer head, ...infer rest]
  ? isOneLiteral<head> extends true
    ? areLiterals<rest>
    : false
  : true;
type isOneLiteral<number_, member = number_> = 0 extends 1 & number_
  ? false
  : [number_] extends [never]
    ? false
    : number_ extends undefined
      ? true
      : number extends number_
        ? false
        : number_ extends number_
          ? [member] extends [number_]
            ? true
            : false
          : never;
