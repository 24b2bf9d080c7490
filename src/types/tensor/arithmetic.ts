/**
 * Arithmetic on numeric tensors.
 *
 * Invariant: the contracted dim and every dim that must agree is `NoInfer`, or fixed by `this`: without that, TypeScript
 * infers the union of both and accepts the mistake.
 */
import type { Dim } from '../dim.ts';
import type { DType } from '../dtype.ts';
import type { AxisArgument, axesProblem, axisOf, reduceShape, unknownAxis } from '../rules/axis.ts';
import type { nameClash } from '../rules/decided.ts';
import type { Kept, keptShape } from '../rules/kept.ts';
import type { isAny, isUnion, Shape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { CommonElementwise, CommonMap } from './common.ts';
import type { CommonMatmul } from './commonMatmul.ts';
import type { CommonReduction } from './commonReduction.ts';
import type {
  BroadcastOperand,
  BroadcastResult,
  KeptOf,
  MatmulCaught,
  MatmulExpected,
  MatmulOperand,
  MatmulRefused,
  MatmulResult,
  OnlyAny,
  SameShape,
  UnionMap,
  Untyped,
  untypedOperand,
} from './operand.ts';
import type { ScatterAdd } from './selection.ts';
import type { Tensor } from './tensor.ts';

/** Keep the reduced axes with size 1 and their names, so that the result broadcasts against the operand: `key=7` is kept as `key=1`. */
export interface KeepDims {
  readonly keepdims: true;
}

type Reduced<operation extends string, S extends Shape, D extends DType, axes> =
  isAny<axes> extends true ? Refused<axesProblem<operation, S, axes>> : Tensor<reduceShape<S, axes>, D>;
type KeptBy<operation extends string, S extends Shape, D extends DType, axes> =
  isAny<axes> extends true ? Refused<axesProblem<operation, S, axes>> : Tensor<keptShape<S, axes>, D>;

// only :: a rest parameter: nothing where the condition holds, else an argument that does not exist. The axis itself keeps the
// type that editors complete.
type only<condition> = condition extends true ? [] : [impossible: OnlyAny];

// isOne :: the axis is one literal, not one of several
type isOne<A, union = A> = A extends A ? ([union] extends [A] ? true : false) : never;

// isLast :: the axis is -1, and the options, if any, are lawful
type isLast<A, K> = [A, K] extends [-1, KeepDims | undefined] ? true : false;

// areDistinct :: each is one literal, and none stands twice. The shape is asked only where names and indices are mixed, so that
// lists of indices work in generic bodies.
type areDistinct<operation extends string, S extends Shape, A extends readonly unknown[]> = [A[number]] extends [number]
  ? isDistinct<A>
  : [A[number]] extends [string]
    ? isDistinct<A>
    : [axesProblem<operation, S, A>] extends [never]
      ? true
      : false;

type isDistinct<A extends readonly unknown[]> = A extends readonly [infer head, ...infer rest]
  ? isUnion<head> extends true
    ? false
    : head extends rest[number]
      ? false
      : isDistinct<rest>
  : A extends readonly []
    ? true
    : false;

// refusedAxes :: what no other overload took      while an axis is being typed, its names and indices, for editors to complete
type refusedAxes<operation extends string, T, A> =
  isUnion<T> extends true
    ? `${operation}: the tensor is a union of tensors (narrow it to one shape first)`
    : T extends { readonly shape: infer S extends Shape }
      ? AxisArgument extends A
        ? axisOf<S>
        : AxesMustExist<operation, S, A>
      : never;

// The name is what a generic body's error prints.
type AxesMustExist<operation extends string, S extends Shape, A> = [axesProblem<operation, S, A>] extends [never]
  ? A
  : axesProblem<operation, S, A>;

/** A reduction over one axis, several, all, or the last one, -1, which tensors of any rank have. Its overloads refuse as those of binary operations do (`operand.ts`). */
export type Reduction<operation extends string, D extends DType> = D extends 'f32' ? F32Reduction<operation> : OtherReduction<operation, D>;

interface F32Reduction<operation extends string>
  extends ReductionStart<'f32'>,
    Untyped<unknownAxis<operation>>,
    CommonReduction,
    GeneralReduction<operation, 'f32'> {}

interface OtherReduction<operation extends string, D extends DType>
  extends ReductionStart<D>,
    InferredReduction<D>,
    GeneralReduction<operation, D> {}

// What f32 tensors have in `CommonReduction`: the last axis.
interface InferredReduction<D extends DType> {
  <P extends Shape, Name extends string, Size extends string>(
    this: Tensor<[...P, `${Name}=${Size}`], D>,
    axis: NoInfer<Name> | P['length'] | -1,
  ): Tensor<P, D>;
  <P extends Shape, Name extends string, Size extends string>(
    this: Tensor<[...P, `${Name}=${Size}`], D>,
    axis: NoInfer<Name> | P['length'] | -1,
    options: KeepDims,
  ): Tensor<[...P, `${Name}=1`], D>;
}

interface ReductionStart<D extends DType> {
  (): Tensor<[], D>;
  <S extends Shape>(this: Tensor<S, D>, axis: axisOf<S>, options: unknown, impossible: OnlyAny): Tensor<[], D>;
}

interface GeneralReduction<operation extends string, D extends DType> {
  <S extends Shape, const A extends axisOf<S>>(this: Tensor<S, D>, axis: A, ...one: only<isOne<A>>): Reduced<operation, S, D, A>;
  <S extends Shape, const A extends axisOf<S>>(
    this: Tensor<S, D>,
    axis: A,
    options: KeepDims,
    ...one: only<isOne<A>>
  ): KeptBy<operation, S, D, A>;
  <S extends Shape, const A extends readonly axisOf<S>[]>(
    this: Tensor<S, D>,
    axes: A,
    ...distinct: only<areDistinct<operation, S, A>>
  ): Reduced<operation, S, D, A[number]>;
  <S extends Shape, const A extends readonly axisOf<S>[]>(
    this: Tensor<S, D>,
    axes: A,
    options: KeepDims,
    ...distinct: only<areDistinct<operation, S, A>>
  ): KeptBy<operation, S, D, A[number]>;
  <P extends Shape, N extends Dim, const A, const K = undefined>(
    this: Tensor<[...P, N], D>,
    axis: A,
    options?: K,
    ...last: only<isLast<A, K>>
  ): Tensor<K extends KeepDims ? [...P, Kept<N>] : P, D>;
  <T, const A extends AxisArgument>(this: T, axis: refusedAxes<operation, T, A>, options?: KeepDims): Refused<refusedAxes<operation, T, A>>;
}

/**
 * An element-wise operation with a second operand: a number, a scalar, a tensor of equal shape, of the last axes' shape (a
 * bias), or with axes of size 1 that stretch: an anonymous 1 along any axis, a kept axis along the axis of its name.
 */
export type Elementwise<operation extends string, D extends DType> = D extends 'f32'
  ? F32Elementwise<operation>
  : OtherElementwise<operation, D>;

interface F32Elementwise<operation extends string>
  extends SameShape<'f32'>,
    Untyped<untypedOperand<operation>>,
    CommonElementwise,
    GeneralElementwise<operation, 'f32'> {}

interface OtherElementwise<operation extends string, D extends DType>
  extends SameShape<D>,
    Untyped<untypedOperand<operation>>,
    InferredElementwise<D>,
    GeneralElementwise<operation, D> {}

// What f32 tensors have in `CommonElementwise`.
interface InferredElementwise<D extends DType> {
  <S extends Shape>(this: Tensor<S, D>, other: number | NoInfer<Tensor<S, D>>): Tensor<S, D>;
  <S extends Shape>(this: Tensor<S, D>, other: Tensor<[], D>): Tensor<S, D>;
  <P extends Shape, N extends Dim>(this: Tensor<[...P, N], D>, other: NoInfer<Tensor<[N], D>>): Tensor<[...P, N], D>;
  <P extends Shape, M extends Dim, N extends Dim>(
    this: Tensor<[...P, M, N], D>,
    other: NoInfer<Tensor<[M, N], D>>,
  ): Tensor<[...P, M, N], D>;
}

interface GeneralElementwise<operation extends string, D extends DType> {
  <P extends Shape, N extends Dim>(
    this: Tensor<[...P, N], D>,
    other: Tensor<[...P, 1], D> | Tensor<[...P, Kept<NoInfer<N>>], D>,
  ): Tensor<[...P, N], D>;
  <P extends Shape, N extends Dim>(this: Tensor<[N, ...P], D>, other: NoInfer<Tensor<[1, ...P], D>>): Tensor<[N, ...P], D>;
  <S extends Shape>(this: Tensor<S, D>, other: KeptOf<S, D>): Tensor<S, D>;
  <A, B>(this: A, other: BroadcastOperand<operation, A, B>): BroadcastResult<A, B>;
}

/** A matrix product. */
export type Matmul<D extends DType> = D extends 'f32' ? F32Matmul : OtherMatmul<D>;

interface F32Matmul extends ProductMeant<'f32'>, Untyped<untypedOperand<'matmul'>>, CommonMatmul, GeneralMatmul<'f32'> {}

interface OtherMatmul<D extends DType> extends ProductMeant<D>, Untyped<untypedOperand<'matmul'>>, GeneralMatmul<D> {}

interface ProductMeant<D extends DType> {
  <S extends Shape, B>(this: Tensor<S, D>, other: B, impossible: OnlyAny): MatmulExpected<S, D, B>;
}

// Apart :: nothing fits where two of the dims are literals of one name
type Apart<names extends Shape> = { readonly apart: unknown; readonly twice: never }[nameClash<names>];

interface GeneralMatmul<D extends DType> {
  <S extends Shape, B>(this: Tensor<S, D>, other: B & MatmulCaught<S>): MatmulRefused<S, B>;
  <P extends Shape, M extends Dim, K extends Dim, N extends Dim>(
    this: Tensor<[...P, M, K], D>,
    other: Tensor<[NoInfer<K>, N], D>,
  ): Tensor<[...P, M, N], D>;
  <P extends Shape, M extends Dim, K extends Dim, N extends Dim>(
    this: Tensor<[...P, M, K], D>,
    other: Tensor<[...P, NoInfer<K>, N], D>,
  ): Tensor<[...P, M, N], D>;
  <B extends Dim, M extends Dim, K extends Dim, N extends Dim>(
    this: Tensor<[B, M, K], D>,
    other: (Tensor<[1, NoInfer<K>, N], D> | Tensor<[Kept<NoInfer<B>>, NoInfer<K>, N], D>) & Apart<[B, M, N]>,
  ): Tensor<[B, M, N], D>;
  <B extends Dim, M extends Dim, K extends Dim, N extends Dim>(
    this: Tensor<[1, M, K], D> | Tensor<[Kept<NoInfer<B>>, M, K], D>,
    other: Tensor<[B, NoInfer<K>, N], D> & Apart<[B, M, N]>,
  ): Tensor<[B, M, N], D>;
  <A, B>(this: A, other: MatmulOperand<A, B>): MatmulResult<A, B>;
}

/** An operation on each element. */
export type ElementMap<D extends DType> = D extends 'f32' ? CommonMap : GeneralMap<D>;

interface GeneralMap<D extends DType> extends UnionMap {
  <S extends Shape>(this: Tensor<S, D>): Tensor<S, D>;
}

export interface Arithmetic<D extends DType> {
  /**
   * Matrix product: contracts the last axis with the last but one of `other`.
   *
   * Shapes: [...batch, m, k] @ [...batch, k, n] → [...batch, m, n]; batch axes of size 1 stretch, and the right operand may lack
   * the first ones, or all: then the batch shares it.
   * Gradient: dA = dY @ B.mT, dB = A.mT @ dY, each summed over the batch axes that it was stretched along, or lacks.
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
  /** The size without the sign. Gradient: dY · sign a, 0 at 0. Of the least i32: itself. */
  readonly abs: ElementMap<D>;
  /** 1, 0 or -1. No gradient. */
  readonly sign: ElementMap<D>;
  /** a · a. Gradient: dY · 2a. */
  readonly square: ElementMap<D>;
  /** Nothing less than `low` nor greater than `high`. Gradient: dY where a is between the bounds or at them, else 0. */
  clip<S extends Shape>(this: Tensor<S, D>, low: number, high: number): Tensor<S, D>;
  /** -a. Gradient: -dY. */
  readonly neg: ElementMap<D>;

  /**
   * The tensor with updates added by index along an axis: `counts.scatterAdd('word', ids, ones)`. The indices are those of `take`, and the
   * updates have the shape of `take(axis, indices)`; several for one element are summed, always in one order. Gradient: dY to the
   * tensor, and what `take` takes of dY to the updates. Source: jax.numpy's x.at[indices].add(updates), mode 'clip'.
   */
  readonly scatterAdd: ScatterAdd<D>;

  /** The sum over an axis, several, or all. Gradient: dY, repeated along the reduced axes. */
  readonly sum: Reduction<'sum', D>;
  /** The largest element. Gradient: dY to the largest elements, in equal parts where several are. */
  readonly max: Reduction<'max', D>;
}
