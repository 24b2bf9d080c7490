/**
 * Arithmetic on numeric tensors.
 *
 * Invariant: the contracted dim and every dim that must agree is `NoInfer`, or fixed by `this`: without that, TypeScript
 * infers the union of both and accepts the mistake.
 */
import type { Dim } from '../dim.ts';
import type { DType } from '../dtype.ts';
import type { axisOf, axisProblem, reduceShape } from '../rules/axis.ts';
import type { isUnion, Shape } from '../shape.ts';
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

type unionAxis<operation extends string> = `${operation}: the axis is a union (pick one axis with a literal)`;

// hasUnion :: readonly axes[] -> true if an entry is a union
type hasUnion<axes extends readonly unknown[]> = true extends { [at in keyof axes]: isUnion<axes[at]> }[number] ? true : false;

type Reduced<operation extends string, S extends Shape, D extends DType, A, kept extends Shape> = A extends readonly unknown[]
  ? hasUnion<A> extends true
    ? Refused<unionAxis<operation>>
    : Tensor<reduceShape<S, A[number], kept>, D>
  : never;

/** A reduction over one axis, several, or all. */
export interface Reduction<operation extends string, S extends Shape, D extends DType> {
  (): Tensor<[], D>;
  <const A extends axisOf<S>>(axis: A): Reduced<operation, S, D, [A], []>;
  <const A extends axisOf<S>>(axis: A, options: KeepDims): Reduced<operation, S, D, [A], [1]>;
  <const A extends readonly axisOf<S>[]>(axes: A): Reduced<operation, S, D, A, []>;
  <const A extends readonly axisOf<S>[]>(axes: A, options: KeepDims): Reduced<operation, S, D, A, [1]>;
  <const A extends string | number>(axis: axisProblem<operation, S, A>, options?: KeepDims): Tensor<[], D>;
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
