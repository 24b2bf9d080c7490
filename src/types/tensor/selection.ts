/**
 * Members that select elements by their place, and put them among others.
 *
 * How they refuse: an argument's type is the argument itself, or the sentence. Where the axis is an index, the other dims may be
 * type parameters.
 *
 * Invariant: every size is exact; an axis without a known size is taken whole or by index.
 */
import type { Dim } from '../dim.ts';
import type { DType } from '../dtype.ts';
import type { axesProblem, axisOf, indices } from '../rules/axis.ts';
import type { nameClash } from '../rules/decided.ts';
import type { Kept } from '../rules/kept.ts';
import type { padProblem, padShape } from '../rules/pad.ts';
import type { shapeProblem } from '../rules/shape.ts';
import type { sliceProblem, sliceShape } from '../rules/slice.ts';
import type { indicesProblem, oneHotProblem, takeProblem, takeShape } from '../rules/take.ts';
import type { isAny, isUnion, Shape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { Bits } from './bits.ts';
import type { AnyTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';

// selected :: a shape as a tensor; an argument of type any passes every parameter, so the result says no
export type selected<operation extends string, S, D extends DType, argument> =
  isAny<argument> extends true
    ? Refused<`${operation}: an argument has type any (write it as a literal)`>
    : S extends infer shape extends Shape
      ? Tensor<shape, D>
      : never;

// sameShape :: as `selected` where the shape stays      it asks nothing of the shape, which may hold type parameters of any kind
export type sameShape<operation extends string, S extends Shape, D extends DType, argument> =
  isAny<argument> extends true ? Refused<`${operation}: an argument has type any (write it as a literal)`> : Tensor<S, D>;

// shapeOf :: tensor -> Shape      in two steps: asked at once, whether dims that are type parameters are dims stays undecided
export type shapeOf<I> = I extends { readonly shape: infer S } ? (S extends infer shape extends Shape ? shape : []) : [];

// anyAmong :: arguments -> any if one of them is      a union with any is any
type anyAmong<A, B, C = never, E = never> = A | B | C | E;

// refused :: a parameter's type: the argument itself, or the sentence
export type refused<argument, problem> = [problem] extends [never] ? argument : problem;

// axisArgument :: the axis itself, or the sentence      while an axis is being typed, its names and indices, for editors to complete
export type axisArgument<operation extends string, S extends Shape, A> = [A] extends [indices<S>]
  ? isUnion<A> extends true
    ? axesProblem<operation, S, A>
    : A
  : [string | number] extends [A]
    ? axisOf<S>
    : AxisMustExist<operation, S, A>;

// alongAxis :: as `axisArgument`, or -1, the last axis      wrapped in an object, the shape may be a type parameter
export type alongAxis<operation extends string, S extends Shape, A> = [A] extends [-1]
  ? MustHaveALastAxis<operation, S, A>
  : axisArgument<operation, S, A>;

// withoutLast, keptLast :: Shape -> Shape      the infers without constraints: else dims that are type parameters stay undecided
export type withoutLast<S extends Shape> = S extends readonly [...infer rest, unknown] ? rest : [];
export type keptLast<S extends Shape> = S extends readonly [...infer rest, infer dim] ? [...rest, Kept<dim>] : [];

// The names are what a generic body's errors print.
type AxisMustExist<operation extends string, S extends Shape, A> = [axesProblem<operation, S, A>] extends [never]
  ? A
  : axesProblem<operation, S, A>;
type MustHaveALastAxis<operation extends string, S extends Shape, A> = { shape: S } extends { shape: readonly [] }
  ? axesProblem<operation, S, A>
  : A;
type MustBeAPartOfTheAxis<S extends Shape, A, B, E, T> = [sliceProblem<S, A, B, E, T>] extends [never] ? B : sliceProblem<S, A, B, E, T>;
type MustHaveAKnownSize<S extends Shape, A, B, F> = [padProblem<S, A, B, F>] extends [never] ? B : padProblem<S, A, B, F>;
type MustBeIndices<S extends Shape, A, I, operation extends string = 'take'> = [I] extends [never]
  ? I
  : isUnion<I> extends true
    ? `${operation}: the indices are a union of tensors (narrow it to one shape first)`
    : I extends { readonly shape: unknown; readonly dtype: infer E }
      ? E extends 'i32' | 'u32'
        ? MustNotNameTwice<I, takeProblem<S, A, shapeOf<I>, E, operation>, takeShape<S, A, shapeOf<I>>>
        : indicesProblem<shapeOf<I>, E, operation>
      : `${operation}: the indices are no tensor (make a tensor of them, with tensor(…))`;
type MustBeAFreeDim<S extends Shape, N extends Dim> = [N] extends [never]
  ? N
  : MustNotNameTwice<refused<N, shapeProblem<'oneHot', [N]>>, oneHotProblem<S, N>, [...S, N]>;
export type MustNotNameTwice<argument, problem, names> = { readonly apart: argument; readonly twice: problem }[nameClash<names>];

export type Slice<D extends DType> = <
  S extends Shape,
  const A extends string | number,
  const B extends number,
  const E extends number | undefined = undefined,
  const T extends number = 1,
>(
  this: Tensor<S, D>,
  axis: axisArgument<'slice', S, A>,
  start: MustBeAPartOfTheAxis<S, A, B, E, T>,
  end?: E,
  step?: T,
) => selected<'slice', sliceShape<S, A, B, E, T>, D, anyAmong<A, B, E, T>>;

export type Pad<D extends DType> = <S extends Shape, const A extends string | number, const B extends number, const F extends number>(
  this: Tensor<S, D>,
  axis: axisArgument<'pad', S, A>,
  before: MustHaveAKnownSize<S, A, B, F>,
  after: F,
  value?: D extends 'bool' ? boolean : number,
) => selected<'pad', padShape<S, A, B, F>, D, anyAmong<A, B, F>>;

export type Take<D extends DType> = <S extends Shape, const A extends string | number, I>(
  this: Tensor<S, D>,
  axis: axisArgument<'take', S, A>,
  indices: MustBeIndices<S, A, I>,
) => selected<'take', takeShape<S, A, shapeOf<I>>, D, anyAmong<A, I>>;

export type ScatterAdd<D extends DType> = <S extends Shape, const A extends string | number, I>(
  this: Tensor<S, D>,
  axis: axisArgument<'scatterAdd', S, A>,
  indices: MustBeIndices<S, A, I, 'scatterAdd'>,
  updates: NoInfer<Tensor<takeShape<S, A, shapeOf<I>>, D>>,
) => sameShape<'scatterAdd', S, D, anyAmong<A, I>>;

export interface Selection<D extends DType> {
  /**
   * A part of an axis: `x.slice('t', 1, 4)` takes the indices 1, 2, 3; `x.slice('t', 0, 6, 2)` takes 0, 2, 4; without an end, to
   * the end. Shapes: the axis keeps its name and gets the exact size. Gradient: dY padded with zeros to the old size.
   * Errors: parts that are out of range or empty; an axis whose size is not known, unless it is taken whole.
   */
  readonly slice: Slice<D>;
  /**
   * An axis with `before` and `after` more elements, all of them `value` (0): `x.pad('t', 1, 2)`. Shapes: the axis keeps its name
   * and gets the exact size. Gradient: the part of dY that was there. Errors: an axis whose size is not known.
   */
  readonly pad: Pad<D>;
  /**
   * Elements by index along an axis: `table.take('word', ids)`, an embedding. Indices are i32 or u32 and count from 0; one out of
   * range counts as the nearest in range. Shapes: the indices' dims in the place of the axis. Gradient: dY summed into the rows
   * that were taken, always in one order. Source: numpy.take, mode 'clip'.
   */
  readonly take: Take<D>;
}

/** A tensor of any dtype: a dtype to be inferred would have TypeScript compare all members of all kinds of tensors. */
interface ShapedTensor<S extends Shape> extends AnyTensor {
  readonly shape: S;
}

/** The function `indices`. */
export type Indices = <S extends Shape, const A extends string | number>(
  like: ShapedTensor<S>,
  axis: axisArgument<'indices', S, A>,
) => sameShape<'indices', S, 'i32', A>;

/** The function `oneHotLike`. The scores are legal, so nothing need be known of their dims. */
export type OneHotLike = <P extends Shape, N extends Dim>(
  indices: Tensor<P, 'i32'> | Tensor<P, 'u32'>,
  like: Tensor<[...P, N]>,
) => Tensor<[...P, N]>;

/** What tensors of indices have. */
export interface Indexing<D extends 'i32' | 'u32'> extends Bits<D> {
  /** 1 where the new last axis's index is the element, else 0: `labels.oneHot('class=10')`. An element out of range gives zeros. */
  oneHot<S extends Shape, const N extends Dim>(this: Tensor<S, D>, dim: MustBeAFreeDim<S, N>): selected<'oneHot', [...S, N], 'f32', N>;
}
