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
import type {
  AnyCaught,
  AnyTensor,
  anyOperand,
  BroadcastOperand,
  BroadcastResult,
  Caught,
  MatmulCaught,
  MatmulMismatch,
  MatmulRefused,
} from './operand.ts';
import type { Tensor } from './tensor.ts';

/** Keep the reduced axes with size 1, so that the result broadcasts against the operand. */
export interface KeepDims {
  readonly keepdims: true;
}

type Reduced<operation extends string, S extends Shape, D extends DType, axes, kept extends Shape> = isAny<axes> extends true
  ? Refused<axesProblem<operation, S, axes>>
  : Tensor<reduceShape<S, axes, kept>, D>;

// oneAxis :: the axis, or never where it is one of several
type oneAxis<A> = isUnion<A> extends true ? never : A;

// distinctAxes :: the axes, or never where they are not one literal each, or one stands twice
type distinctAxes<operation extends string, S extends Shape, A extends readonly unknown[]> = [axesProblem<operation, S, A>] extends [never] ? A : never;

// refusedAxes :: what no other overload took
type refusedAxes<operation extends string, S extends Shape, A> = [axesProblem<operation, S, A>] extends [never] ? A : axesProblem<operation, S, A>;

/** A reduction over one axis, several, or all. The last overload exists to fail: its parameter's type is the sentence. */
export interface Reduction<operation extends string, S extends Shape, D extends DType> {
  (): Tensor<[], D>;
  <const A extends axisOf<S>>(axis: oneAxis<A>): Reduced<operation, S, D, A, []>;
  <const A extends axisOf<S>>(axis: oneAxis<A>, options: KeepDims): Reduced<operation, S, D, A, [1]>;
  <const A extends readonly axisOf<S>[]>(axes: distinctAxes<operation, S, A>): Reduced<operation, S, D, A[number], []>;
  <const A extends readonly axisOf<S>[]>(axes: distinctAxes<operation, S, A>, options: KeepDims): Reduced<operation, S, D, A[number], [1]>;
  <const A extends AxisArgument>(axis: refusedAxes<operation, S, A>, options?: KeepDims): Tensor<[], D>;
}

/**
 * An element-wise operation with a second operand: a number, a scalar, a tensor of equal shape, of the last axes' shape (a
 * bias), or with axes of size 1 that stretch.
 */
export interface Elementwise<operation extends string, S extends Shape, D extends DType> {
  <B>(other: B & AnyCaught<B>): Caught<B, Refused<anyOperand<operation>>, Tensor<S, D>>;
  (other: number | Tensor<S, D> | Tensor<[], D>): Tensor<S, D>;
  <P extends Shape, N extends Dim>(this: Tensor<[...P, N], D>, other: Tensor<[NoInfer<N>], D>): Tensor<S, D>;
  <P extends Shape, N extends Dim>(this: Tensor<[...P, N], D>, other: Tensor<[...P, 1], D>): Tensor<S, D>;
  <B extends AnyTensor>(other: BroadcastOperand<operation, S, D, B>): BroadcastResult<S, D, B>;
}

export interface Arithmetic<S extends Shape, D extends DType> {
  /**
   * Matrix product: contracts the last axis with the last but one of `other`.
   *
   * Shapes: [...batch, m, k] @ [...batch, k, n] → [...batch, m, n]; a right operand of rank 2 is shared by the batch.
   * Gradient: dA = dY @ B.mT, dB = A.mT @ dY.
   */
  matmul<B>(other: B & MatmulCaught<S, B>): MatmulRefused<S, D, B>;
  matmul<P extends Shape, M extends Dim, K extends Dim, N extends Dim>(this: Tensor<[...P, M, K], D>, other: Tensor<[NoInfer<K>, N], D>): Tensor<[...P, M, N], D>;
  matmul<P extends Shape, M extends Dim, K extends Dim, N extends Dim>(
    this: Tensor<[...P, M, K], D>,
    other: Tensor<[...P, NoInfer<K>, N], D>,
  ): Tensor<[...P, M, N], D>;
  matmul<B extends AnyTensor>(other: MatmulMismatch<S, D, B>): never;

  /** a + b. Gradient: dY for each operand, summed over the axes it was stretched along. */
  readonly add: Elementwise<'add', S, D>;
  /** a - b. Gradient: dY and -dY. */
  readonly sub: Elementwise<'sub', S, D>;
  /** a · b, element by element. Gradient: dY · b and dY · a. */
  readonly mul: Elementwise<'mul', S, D>;
  /** a / b. Integers truncate toward zero. Gradient: dY / b and -dY · a / b². */
  readonly div: Elementwise<'div', S, D>;
  /** -a. Gradient: -dY. */
  neg(): Tensor<S, D>;

  /** The sum over an axis, several, or all. Gradient: dY, repeated along the reduced axes. */
  readonly sum: Reduction<'sum', S, D>;
  /** The largest element. Gradient: dY to the largest elements, in equal parts where several are. */
  readonly max: Reduction<'max', S, D>;
}
