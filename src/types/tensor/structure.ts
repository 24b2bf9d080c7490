/**
 * What every tensor has, whatever its dtype: its shape, its other views, and the way back to plain data.
 *
 * Invariant: nothing here computes with the elements.
 */

import type { Dim, sizeOf } from '../dim.ts';
import type { DType } from '../dtype.ts';
import type { NameMap, namedShape, namesProblem, renameProblem, renameShape } from '../rules/rename.ts';
import type { reshapeProblem } from '../rules/reshape.ts';
import type { matrixTranspose, transposeProblem } from '../rules/transpose.ts';
import type { isUntyped, Shape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { brand, Exactly } from './brand.ts';
import type { AnyTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';

/** The sizes of a shape as numbers: literal where the dim has a size. */
export type Sizes<S> = { readonly [axis in keyof S]: sizeOf<S[axis]> };

interface ElementArrays {
  readonly f32: Float32Array;
  readonly f16: Float32Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly bool: Uint8Array;
}

/** The typed array that holds a dtype's elements on the host. bool: 0 or 1. */
export type ElementArray<D extends DType> = ElementArrays[D];

/** Nested arrays, one level an axis. */
export type NestedArray<S extends readonly unknown[], Element> = S extends readonly [unknown, ...infer rest]
  ? NestedArray<rest, Element>[]
  : Element;

// NestedArrays :: tensor, or a union of them -> the nested arrays of each
type NestedArrays<T extends AnyTensor> = T extends AnyTensor ? NestedArray<T['shape'], Element<T['dtype']>> : never;

type Element<D extends DType> = D extends 'bool' ? boolean : number;

// The shape is any type here, and inferred where it must be one: asked for directly, each array's members would be compared.
export type Transposed<S, D extends DType> = S extends readonly [infer M extends Dim, infer N extends Dim]
  ? Tensor<[N, M], D>
  : S extends infer shape extends Shape
    ? Refused<transposeProblem<'T', shape>>
    : never;

export type MatrixTransposed<S, D extends DType> = S extends infer shape extends Shape
  ? matrixTranspose<shape> extends infer swapped extends Shape
    ? Tensor<swapped, D>
    : Refused<transposeProblem<'mT', shape>>
  : never;

// A parameter's type is the argument itself, or the sentence that refuses it; of rest parameters each gets the sentence. The names are
// what a generic body's errors print.
type SizesMustMultiplyToTheSame<S extends Shape, R extends Shape> = [reshapeProblem<S, R>] extends [never] ? R : reshapeProblem<S, R>;
type NamesMustBeThereAndFree<S extends Shape, M extends NameMap> = [renameProblem<S, M>] extends [never] ? M : renameProblem<S, M>;
type DimsMustTakeTheNames<S extends Shape, N extends readonly string[]> = [namesProblem<'withNames', S, N>] extends [never]
  ? N
  : N extends readonly []
    ? readonly [namesProblem<'withNames', S, N>]
    : { readonly [at in keyof N]: namesProblem<'withNames', S, N> };

// isUnknown :: any and never, alone or in a list      (asked of the list: TypeScript simplifies `1 & list[number]` too early)
type isUnknown<argument> =
  isUntyped<argument> extends true
    ? true
    : argument extends readonly []
      ? false
      : argument extends readonly (infer element)[]
        ? isUntyped<element>
        : false;

// Viewed :: the result; an argument of type any passes every parameter, so the result says no
type Viewed<operation extends string, S, D extends DType, argument> =
  isUnknown<argument> extends true
    ? Refused<`${operation}: the argument has type any or never (write it as a literal)`>
    : S extends Shape
      ? Tensor<writable<S>, D>
      : never;

/** Members that do not depend on the shape: one type for all shapes, where the bases of an interface are made anew for each. */
export type Flat<members> = { readonly [name in keyof members]: members[name] };

export interface Structure<S extends Shape, D extends DType> {
  /** The dims, as written in the type. */
  readonly shape: S;
  /** The dims' sizes. A symbolic axis has its size once the tensor has data; before that, reading it throws a `ShapeError`. */
  readonly sizes: Sizes<S>;
  readonly dtype: D;
  // Behind the shape: errors speak of the first property that differs.
  readonly [brand]: Exactly<S, D>;

  /** The transpose of a matrix. Shapes: [m, n] → [n, m]. Gradient: dY.T. */
  readonly T: Transposed<S, D>;
  /** Swaps the last two axes. Shapes: [...batch, m, n] → [...batch, n, m]. Gradient: dY.mT. */
  readonly mT: MatrixTransposed<S, D>;
}

/** The same elements under other names, or in another shape. */
export interface Views<D extends DType> {
  /** The same elements in row-major order. Shapes: the product of the sizes stays the same. Gradient: dY reshaped back. */
  reshape<S extends Shape, const R extends Shape>(this: Tensor<S, D>, shape: SizesMustMultiplyToTheSame<S, R>): Viewed<'reshape', R, D, R>;
  /** Renames axes, the explicit way from one name to another: `w.rename({ out: 'in' })`. Gradient: dY renamed back. */
  rename<S extends Shape, const M extends NameMap>(
    this: Tensor<S, D>,
    names: NamesMustBeThereAndFree<S, M>,
  ): Viewed<'rename', renameShape<S, M>, D, M>;
  /** Names every axis, in order: `x.withNames('n', 'in')`. Gradient: dY under the old names. */
  withNames<S extends Shape, const N extends readonly string[]>(
    this: Tensor<S, D>,
    ...names: DimsMustTakeTheNames<S, N>
  ): Viewed<'withNames', namedShape<S, N>, D, N>;
}

/** The way back to plain data. */
export interface Host<D extends DType> {
  /** The elements in row-major order. Compiles and runs what is needed. Rejects with the error of the run that failed. */
  data(): Promise<ElementArray<D>>;
  /** The elements as nested arrays. */
  array<T extends AnyTensor>(this: T): Promise<NestedArrays<T>>;
  /** The only element. Rejects with a `ShapeError` where there is more than one. */
  item(): Promise<Element<D>>;
  /** Frees the device memory now instead of when the tensor is garbage. Later use throws. */
  dispose(): void;
  [Symbol.dispose](): void;
}

// writable :: readonly tuple -> tuple      one spelling of a shape everywhere
type writable<S> = S extends Shape ? { -readonly [axis in keyof S]: S[axis] } : never;
