/**
 * Members that rearrange axes: other orders, axes merged, axes split.
 *
 * Invariant: the elements stay the same; the sizes multiply to the same number. What is asked by index, and what is asked by
 * a fact, needs no dim to be known, so it works where dims are type parameters.
 */
import type { Dim } from '../dim.ts';
import type { DType } from '../dtype.ts';
import type { axesProblem, axisOf, indices } from '../rules/axis.ts';
import type { nameClash } from '../rules/decided.ts';
import type { Divides, mergeByFact, mergeByFactProblem, Quotient, splitByFact, splitByFactProblem } from '../rules/divides.ts';
import type { flattenProblem, mergedNames, mergeIndicesProblem, mergeProblem, mergeShape, nameProblem, Product } from '../rules/merge.ts';
import type { permuteProblem, permuteShape, swapProblem, swapShape } from '../rules/permute.ts';
import type { renameAxisProblem, renameAxisShape, renamedNames } from '../rules/rename.ts';
import type { splitProblem, splitShape } from '../rules/split.ts';
import type { isAny, Shape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { Tensor } from './tensor.ts';

type Axes = readonly (string | number)[];

// result :: a shape as a tensor; an argument of type any passes every parameter, so the result says no
type result<operation extends string, S extends Shape, D extends DType, argument> =
  isAny<argument> extends true ? Refused<`${operation}: the argument has type any (write it as a literal)`> : Tensor<S, D>;

// literalResult :: the same for what is asked of literals only
type literalResult<operation extends string, S, D extends DType, argument> = S extends Shape
  ? result<operation, S, D, argument>
  : Tensor<[], D>;

// The names are what a generic body's error prints.
type MustListEachAxisOnce<S extends Shape, A extends readonly unknown[]> = [permuteProblem<S, A>] extends [never]
  ? A
  : A extends readonly []
    ? readonly [permuteProblem<S, A>]
    : { readonly [at in keyof A]: permuteProblem<S, A> };

type MustBeTwoAxes<S extends Shape, A, B> = [swapProblem<S, A, B>] extends [never] ? B : swapProblem<S, A, B>;

type MustStandSideBySide<S extends Shape, A, N extends string> = [mergeRefusal<S, A, N>] extends [never] ? A : mergeRefusal<S, A, N>;

type mergeRefusal<S extends Shape, A, N extends string> =
  A extends Divides<infer H, infer E>
    ? mergeByFactProblem<S, H, E>
    : A extends Axes
      ? mergeProblem<S, A, N>
      : 'merge: takes the axes, or a fact (such as [0, 1], or divides(8, 64))';

type MustBeAnAxisOrFact<S extends Shape, A, N> = [A] extends [indices<S>] ? A : MustHaveTheAxis<S, A, textOf<N>>;

type MustHaveTheAxis<S extends Shape, A, N extends string> = [splitRefusal<S, A, N>] extends [never] ? A : splitRefusal<S, A, N>;

type splitRefusal<S extends Shape, A, N extends string> =
  A extends Divides<infer H, infer E> ? splitByFactProblem<S, H, E, N> : axesProblem<'split', S, A>;

type MustDivide<S extends Shape, A, R> = [partsRefusal<S, A, R>] extends [never] ? R : partsRefusal<S, A, R>;

type partsRefusal<S extends Shape, A, R> =
  A extends Divides<Dim, Dim> ? never : R extends Shape ? splitProblem<S, A, R> : 'split: takes the parts of an axis (such as [8, 64])';

type MustBeFree<S extends Shape, A, N extends string> = [renameAxisProblem<S, A, N>] extends [never] ? N : renameAxisProblem<S, A, N>;

// unlessTwice :: (operation, name, dims) -> the name where no literal dim has it
type unlessTwice<operation extends string, N extends string, S extends Shape> = {
  apart: refused<N, nameProblem<operation, N>>;
  twice: never;
}[nameClash<S>];

type refused<argument, problem> = [problem] extends [never] ? argument : problem;
type textOf<N> = N extends string ? N : '';

type Merged<S extends Shape, A, N extends string> =
  A extends Divides<infer H, infer E> ? mergeByFact<S, H, E> : A extends Axes ? mergeShape<S, A, N> : false;
type SplitInto<S extends Shape, A, R> =
  A extends Divides<infer H, infer E> ? splitByFact<S, H, E, textOf<R>> : R extends Shape ? splitShape<S, A, writable<R>> : false;
type writable<S extends Shape> = { -readonly [axis in keyof S]: S[axis] };

export type Permute<D extends DType> = <S extends Shape, const A extends Axes>(
  this: Tensor<S, D>,
  ...axes: MustListEachAxisOnce<S, A>
) => result<'permute', permuteShape<S, A>, D, A[number]>;

/** Of a reduction's kind: the first overload completes axes, the last has the sentence. */
export interface Transpose<D extends DType> {
  <S extends Shape, const A extends axisOf<S>, const B extends axisOf<S>>(
    this: Tensor<S, D>,
    a: A,
    b: MustBeTwoAxes<S, A, B>,
  ): result<'transpose', swapShape<S, A, B>, D, A | B>;
  <S extends Shape, const A extends string | number, const B extends string | number>(
    this: Tensor<S, D>,
    a: MustBeTwoAxes<S, B, A>,
    b: B,
  ): Tensor<S, D>;
}

export interface Flatten<D extends DType> {
  <S extends Shape>(this: Tensor<S, D>): Tensor<[Product<S>], D>;
  <S extends Shape, const N extends string>(this: Tensor<S, D>, name: refused<N, flattenProblem<N>>): Tensor<[Product<S, N>], D>;
}

/** In order: by a fact, by indices (both also where dims are type parameters), and what is known in full, with the sentence. */
export interface Merge<D extends DType> {
  <P extends Shape, H extends Dim, E extends Dim, N extends string>(
    this: Tensor<[...P, NoInfer<H>, Quotient<NoInfer<E>, NoInfer<H>, N>], D>,
    fact: Divides<H, E>,
  ): Tensor<[...P, E], D>;
  <S extends Shape, const A extends readonly number[], const N extends string = ''>(
    this: Tensor<S, D>,
    axes: refused<A, mergeIndicesProblem<S, A>>,
    name?: N & unlessTwice<'merge', N, mergedNames<S, A, N>>,
  ): result<'merge', mergeShape<S, A, N>, D, A>;
  <S extends Shape, const A, const N extends string = ''>(
    this: Tensor<S, D>,
    axes: MustStandSideBySide<S, A, N>,
    name?: N,
  ): literalResult<'merge', Merged<S, A, N>, D, A>;
}

export interface Split<D extends DType> {
  <P extends Shape, H extends Dim, E extends Dim, const N extends string = ''>(
    this: Tensor<[...P, E], D>,
    fact: Divides<H, NoInfer<E>>,
    name?: N,
  ): Tensor<[...P, H, Quotient<E, H, N>], D>;
  <S extends Shape, const A, const R = ''>(
    this: Tensor<S, D>,
    axis: MustBeAnAxisOrFact<S, A, R>,
    parts?: MustDivide<S, A, R>,
  ): literalResult<'split', SplitInto<S, A, R>, D, A>;
}

/** In order: by index, also where dims are type parameters; by name; and what neither took, with the sentence. */
export interface RenameAxis<D extends DType> {
  <S extends Shape, const A extends indices<S>, const N extends string>(
    this: Tensor<S, D>,
    axis: A,
    name: N & unlessTwice<'renameAxis', N, renamedNames<S, A, N>>,
  ): result<'renameAxis', renameAxisShape<S, A, N>, D, A | N>;
  <S extends Shape, const A extends axisOf<S>, const N extends string>(
    this: Tensor<S, D>,
    axis: A,
    name: MustBeFree<S, A, N>,
  ): result<'renameAxis', renameAxisShape<S, A, N>, D, A | N>;
  <S extends Shape, const A extends string | number, const N extends string>(
    this: Tensor<S, D>,
    axis: refused<A, axesProblem<'renameAxis', S, A>>,
    name: MustBeFree<S, A, N>,
  ): Tensor<S, D>;
}

export interface Rearrangement<D extends DType> {
  /**
   * The axes in another order: `x.permute('b', 'h', 'q', 'd')`, all of them, by name or by index.
   * Shapes: the listed axes, in that order. Gradient: dY in the old order. Errors: unless each axis stands there once.
   */
  readonly permute: Permute<D>;
  /** Swaps two axes, by name or by index. Gradient: the same swap of dY. */
  readonly transpose: Transpose<D>;
  /** One axis: `x.flatten()` is [6] for [2, 3], `x.flatten('pixels')` is [pixels=6]. Gradient: dY reshaped back. */
  readonly flatten: Flatten<D>;
  /**
   * Adjacent axes, in the order of the shape, as one: `x.merge(['heads', 'headDim'], 'd')`, or by a fact that split them,
   * `x.merge(fact)`. Shapes: the product of the sizes, exactly. Gradient: dY reshaped back.
   */
  readonly merge: Merge<D>;
  /**
   * One axis as several: `x.split('d', ['heads=8', 'headDim'])`, where one part may leave its size open; or by a fact,
   * `x.split(divides('heads', 'd'), 'headDim')`. Gradient: dY reshaped back. Errors: sizes that do not divide, or are not known to.
   */
  readonly split: Split<D>;
  /** Renames one axis, by name or by index; the index works where the dim is a type parameter. Gradient: dY renamed back. */
  readonly renameAxis: RenameAxis<D>;
}
