/**
 * The signatures of the functions that put tensors together: concat and stack.
 *
 * How they refuse: the operand that does not fit has the sentence as its type. In a generic body only what differs between type
 * parameters stays undecided, behind an alias whose name is what the error prints.
 *
 * Invariant: a result's shape is found without comparing dims.
 */
import type { DType } from '../dtype.ts';
import type { concatShape, equalShapesProblem, joinFits, joinProblem, stackNameTaken, stackShape } from '../rules/concat.ts';
import type { dtypeProblem } from '../rules/dtype.ts';
import type { nameProblem } from '../rules/merge.ts';
import type { isAny, isUnion, Shape } from '../shape.ts';
import type { AnyTensor } from './operand.ts';
import type { axisArgument, MustNotNameTwice, refused, selected, shapeOf } from './selection.ts';

// shapesOf :: tensors -> Shapes
type shapesOf<T extends readonly unknown[]> = { [at in keyof T]: shapeOf<T[at]> };
type dtypeOf<operand> = operand extends { readonly dtype: infer D } ? D : never;

// tensorsProblem :: (operation, tensors) -> sentence | never      of the first that is any or a union, or has another dtype
type tensorsProblem<operation extends string, T extends readonly unknown[], before extends readonly unknown[] = []> = T extends readonly [
  infer head,
  ...infer rest,
]
  ? isAny<head> extends true
    ? `${operation}: operand ${before['length'] & number} has type any (give it a tensor type, such as Tensor<['n', 'in=2']>)`
    : isUnion<head> extends true
      ? `${operation}: operand ${before['length'] & number} is a union of tensors (narrow it to one shape first)`
      : [dtypeOf<before[0]>] extends [dtypeOf<head>]
        ? tensorsProblem<operation, rest, [...before, head]>
        : before extends readonly []
          ? tensorsProblem<operation, rest, [head]>
          : dtypeProblem<operation, dtypeOf<before[0]>, shapeOf<before[0]>, dtypeOf<head>, shapeOf<head>>
  : never;

// blamed :: (tensors, sentence) -> the tensors, with the sentence in the place of the one that it names, or of all
type blamed<T extends readonly unknown[], sentence> = sentence extends `${string}: operand ${infer at extends number} ${string}`
  ? { [index in keyof T]: index extends `${at}` ? sentence : T[index] }
  : T extends readonly []
    ? readonly [sentence]
    : { [index in keyof T]: sentence };

type Joinable<T extends readonly unknown[], A> = [T] extends [never]
  ? T
  : [tensorsProblem<'concat', T>] extends [never]
    ? OtherAxesMustBeTheSame<T, A>
    : blamed<T, tensorsProblem<'concat', T>>;

type Stackable<T extends readonly unknown[]> = [T] extends [never]
  ? T
  : [tensorsProblem<'stack', T>] extends [never]
    ? ShapesMustBeTheSame<T>
    : blamed<T, tensorsProblem<'stack', T>>;

// The names are what a generic body's errors print.
type OtherAxesMustBeTheSame<T extends readonly unknown[], A> =
  joinFits<shapesOf<T>, A> extends true ? T : [joinRefusal<T, A>] extends [never] ? T : blamed<T, joinRefusal<T, A>>;
type ShapesMustBeTheSame<T extends readonly unknown[]> = [stackRefusal<T>] extends [never] ? T : blamed<T, stackRefusal<T>>;

type joinRefusal<T extends readonly unknown[], A> = joinProblem<shapesOf<T>, A>;
type stackRefusal<T extends readonly unknown[]> = equalShapesProblem<shapesOf<T>>;

// anyIn :: tensors -> any if one is
type anyIn<T extends readonly unknown[]> = T[number];

export interface Concat {
  /**
   * Tensors one after the other along an axis, by its name or index: `concat([a, b, c], 'features')`.
   *
   * Shapes: all other axes are the same; the axis keeps its name, its sizes are added. Gradient: each operand's part of dY.
   * Errors: a sentence at the operand that differs. Source: the Python array API standard, concat.
   */
  <const T extends readonly AnyTensor[], const A extends string | number>(
    tensors: Joinable<T, A>,
    axis: T extends readonly [] ? A : axisArgument<'concat', shapeOf<T[0]>, A>,
  ): selected<'concat', concatShape<shapesOf<T>, A>, dtypeOf<T[0]> & DType, anyIn<T> | A>;
}

export interface Stack {
  /**
   * Tensors of one shape along a new first axis: `stack([a, b], 'pair')` is [pair=2, ...].
   *
   * Gradient: each operand's row of dY. Errors: a sentence at the operand that differs. Source: the Python array API standard, stack.
   */
  <const T extends readonly AnyTensor[], const N extends string>(
    tensors: Stackable<T>,
    name: MustBeAFreeName<shapesOf<T>, N>,
  ): selected<'stack', stackShape<shapesOf<T>, N>, dtypeOf<T[0]> & DType, anyIn<T> | N>;
}

type MustBeAFreeName<S extends readonly Shape[], N extends string> = [N] extends [never]
  ? N
  : MustNotNameTwice<refused<N, nameProblem<'stack', N>>, stackNameTaken<S, N>, stackShape<S, N>>;
