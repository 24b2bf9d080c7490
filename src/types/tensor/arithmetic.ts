/**
 * Arithmetic on numeric tensors.
 *
 * Invariant: the contracted dim and every dim that must agree is `NoInfer`, or fixed by `this`: without that, TypeScript
 * infers the union of both and accepts the mistake.
 */
import type { Dim } from '../dim.ts';
import type { DType } from '../dtype.ts';
import type { AxisArgument, axesProblem, axisOf, reduceShape } from '../rules/axis.ts';
import type { isAny, isUnion, Shape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { BroadcastOperand, BroadcastResult, Caught, MatmulCaught, MatmulMismatch, MatmulRefused, OnlyAny } from './operand.ts';
import type { Tensor } from './tensor.ts';

/** Keep the reduced axes with size 1, so that the result broadcasts against the operand. */
export interface KeepDims {
  readonly keepdims: true;
}

type Reduced<operation extends string, S extends Shape, D extends DType, axes, kept extends Shape> =
  isAny<axes> extends true ? Refused<axesProblem<operation, S, axes>> : Tensor<reduceShape<S, axes, kept>, D>;

// oneAxis :: the axis, or never where it is one of several
type oneAxis<A, union = A> = A extends A ? ([union] extends [A] ? A : never) : never;

// distinctAxes :: the axes, or never where they are not one literal each, or one stands twice. The shape is asked only where
// names and indices are mixed, so that lists of indices work in generic bodies.
type distinctAxes<operation extends string, S extends Shape, A extends readonly unknown[]> = [A[number]] extends [number]
  ? distinct<A>
  : [A[number]] extends [string]
    ? distinct<A>
    : [axesProblem<operation, S, A>] extends [never]
      ? A
      : never;

type distinct<A extends readonly unknown[]> = isDistinct<A> extends true ? A : never;

type isDistinct<A extends readonly unknown[]> = A extends readonly [infer head, ...infer rest]
  ? isUnion<head> extends true
    ? false
    : head extends rest[number]
      ? false
      : isDistinct<rest>
  : A extends readonly []
    ? true
    : false;

// refusedAxes :: what no other overload took
type refusedAxes<operation extends string, T, A> =
  isUnion<T> extends true
    ? `${operation}: the tensor is a union of tensors (narrow it to one shape first)`
    : T extends { readonly shape: infer S extends Shape }
      ? [axesProblem<operation, S, A>] extends [never]
        ? A
        : axesProblem<operation, S, A>
      : never;

/** A reduction over one axis, several, or all. The last overload exists to fail: its parameter's type is the sentence. */
export interface Reduction<operation extends string, D extends DType> {
  (): Tensor<[], D>;
  <S extends Shape, const A extends axisOf<S>>(this: Tensor<S, D>, axis: oneAxis<A>): Reduced<operation, S, D, A, []>;
  <S extends Shape, const A extends axisOf<S>>(this: Tensor<S, D>, axis: oneAxis<A>, options: KeepDims): Reduced<operation, S, D, A, [1]>;
  <S extends Shape, const A extends readonly axisOf<S>[]>(
    this: Tensor<S, D>,
    axes: distinctAxes<operation, S, A>,
  ): Reduced<operation, S, D, A[number], []>;
  <S extends Shape, const A extends readonly axisOf<S>[]>(
    this: Tensor<S, D>,
    axes: distinctAxes<operation, S, A>,
    options: KeepDims,
  ): Reduced<operation, S, D, A[number], [1]>;
  <T, const A extends AxisArgument>(this: T, axis: refusedAxes<operation, T, A>, options?: KeepDims): Refused<refusedAxes<operation, T, A>>;
}

/**
 * An element-wise operation with a second operand: a number, a scalar, a tensor of equal shape, of the last axes' shape (a
 * bias), or with axes of size 1 that stretch.
 */
export interface Elementwise<operation extends string, D extends DType> {
  <S extends Shape, B>(this: Tensor<S, D>, other: B & OnlyAny): Caught<operation, B, Tensor<S, D>>;
  <S extends Shape>(this: Tensor<S, D>, other: number | NoInfer<Tensor<S, D>>): Tensor<S, D>;
  <P extends Shape, N extends Dim>(this: Tensor<[...P, N], D>, other: Tensor<[NoInfer<N>], D>): Tensor<[...P, N], D>;
  <P extends Shape, N extends Dim>(this: Tensor<[...P, N], D>, other: Tensor<[...P, 1], D>): Tensor<[...P, N], D>;
  <S extends Shape>(this: Tensor<S, D>, other: Tensor<[], D>): Tensor<S, D>;
  <A, B>(this: A, other: BroadcastOperand<operation, A, B>): BroadcastResult<A, B>;
}

/** A matrix product. The first overload takes operands that the next ones must not see, the last one exists to fail. */
export interface Matmul<D extends DType> {
  <S extends Shape, B>(this: Tensor<S, D>, other: B & MatmulCaught<S>): MatmulRefused<S, D, B>;
  <P extends Shape, M extends Dim, K extends Dim, N extends Dim>(
    this: Tensor<[...P, M, K], D>,
    other: Tensor<[NoInfer<K>, N], D>,
  ): Tensor<[...P, M, N], D>;
  <P extends Shape, M extends Dim, K extends Dim, N extends Dim>(
    this: Tensor<[...P, M, K], D>,
    other: Tensor<[...P, NoInfer<K>, N], D>,
  ): Tensor<[...P, M, N], D>;
  <A, B>(this: A, other: MatmulMismatch<A, B>): Refused<MatmulMismatch<A, B>>;
}

export interface Arithmetic<S extends Shape, D extends DType> {
  /**
   * Matrix product: contracts the last axis with the last but one of `other`.
   *
   * Shapes: [...batch, m, k] @ [...batch, k, n] → [...batch, m, n]; a right operand of rank 2 is shared by the batch.
   * Gradient: dA = dY @ B.mT, dB = A.mT @ dY.
   */
  readonly matmul: Matmul<D>;

  /** a + b. Gradient: dY for each operand, summed over the axes it was stretched along. */
  readonly add: Elementwise<'add', D>;
  /** a - b. Gradient: dY and -dY. */
  readonly sub: Elementwise<'sub', D>;
  /** a · b, element by element. Gradient: dY · b and dY · a. */
  readonly mul: Elementwise<'mul', D>;
  /** a / b. Integers truncate toward zero. Gradient: dY / b and -dY · a / b². */
  readonly div: Elementwise<'div', D>;
  /** -a. Gradient: -dY. */
  neg(): Tensor<S, D>;

  /** The sum over an axis, several, or all. Gradient: dY, repeated along the reduced axes. */
  readonly sum: Reduction<'sum', D>;
  /** The largest element. Gradient: dY to the largest elements, in equal parts where several are. */
  readonly max: Reduction<'max', D>;
}
