/**
 * Members that compare and choose: comparisons give truth values, which `where`, `and`, `or`, `not` and `astype` take.
 *
 * How they refuse: as the binary operations do (`operand.ts`).
 * Invariant: the result of a comparison is bool, whatever is compared.
 */
import type { Dim } from '../dim.ts';
import type { DType } from '../dtype.ts';
import type { reduceShape } from '../rules/axis.ts';
import type { broadcastShapes } from '../rules/broadcast.ts';
import type { dtypeProblem } from '../rules/dtype.ts';
import type { Kept, keptShape } from '../rules/kept.ts';
import type { whereFits, whereProblem, whereShape } from '../rules/where.ts';
import type { isAny, isUnion, Shape, showShape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { ElementMap, Elementwise, KeepDims, Reduction } from './arithmetic.ts';
import type { BroadcastOperand, KeptOf, OnlyAny, untypedOperand } from './operand.ts';
import type { Untied } from './parameter.ts';
import type { alongAxis, keptLast, sameShape, selected, shapeOf, withoutLast } from './selection.ts';
import type { Tensor } from './tensor.ts';

/** A binary operation on elements of dtype `D` whose result has dtype `R`; a plain value of type `Plain` may stand on the right. */
export interface Pairwise<operation extends string, D extends DType, R extends DType, Plain> {
  <S extends Shape>(this: Tensor<S, D>, other: unknown, impossible: OnlyAny): Tensor<S, R>;
  <B>(other: B & OnlyAny): Refused<untypedOperand<operation>>;
  <S extends Shape>(this: Tensor<S, D>, other: Plain | NoInfer<Tensor<S, D>>): Tensor<S, R>;
  <P extends Shape, N extends Dim>(this: Tensor<[...P, N], D>, other: Tensor<[NoInfer<N>], D>): Tensor<[...P, N], R>;
  <P extends Shape, M extends Dim, N extends Dim>(
    this: Tensor<[...P, M, N], D>,
    other: NoInfer<Tensor<[M, N], D>>,
  ): Tensor<[...P, M, N], R>;
  <S extends Shape>(this: Tensor<S, D>, other: Tensor<[], D>): Tensor<S, R>;
  <P extends Shape, N extends Dim>(
    this: Tensor<[...P, N], D>,
    other: Tensor<[...P, 1], D> | Tensor<[...P, Kept<NoInfer<N>>], D>,
  ): Tensor<[...P, N], R>;
  <P extends Shape, N extends Dim>(this: Tensor<[N, ...P], D>, other: NoInfer<Tensor<[1, ...P], D>>): Tensor<[N, ...P], R>;
  <S extends Shape>(this: Tensor<S, D>, other: KeptOf<S, D>): Tensor<S, R>;
  <A, B>(this: A, other: BroadcastOperand<operation, A, B>): PairwiseResult<A, B, R>;
}

type PairwiseResult<A, B, R extends DType> =
  broadcastShapes<shapeOf<A>, shapeOf<B>> extends infer shape extends Shape ? Tensor<shape, R> : Refused<'the shapes do not broadcast'>;

/** What tensors of numbers have. */
export interface Comparison<D extends DType> {
  /** a = b, element by element, as bool; no gradient. Shapes: as add. Errors: as add. */
  readonly eq: Pairwise<'eq', D, 'bool', number>;
  /** a ≠ b. */
  readonly ne: Pairwise<'ne', D, 'bool', number>;
  /** a < b. */
  readonly lt: Pairwise<'lt', D, 'bool', number>;
  /** a ≤ b. */
  readonly le: Pairwise<'le', D, 'bool', number>;
  /** a > b. */
  readonly gt: Pairwise<'gt', D, 'bool', number>;
  /** a ≥ b. */
  readonly ge: Pairwise<'ge', D, 'bool', number>;
  /** The greater of both. Gradient: dY to the greater, half of it to each of equals. */
  readonly maximum: Elementwise<'maximum', D>;
  /** The smaller of both. Gradient: dY to the smaller, half of it to each of equals. */
  readonly minimum: Elementwise<'minimum', D>;
  /** The smallest element. Gradient: dY to the smallest elements, in equal parts where several are. */
  readonly min: Reduction<'min', D>;
  /**
   * The index of the largest element along an axis, or the last one, -1, as i32; the first of equals. Not defined where the axis has a NaN.
   * No gradient.
   */
  argmax<S extends Shape, const A extends string | number>(
    this: Tensor<S, D>,
    axis: alongAxis<'argmax', S, A>,
  ): selected<'argmax', [A] extends [-1] ? withoutLast<S> : reduceShape<S, A>, 'i32', A>;
  argmax<S extends Shape, const A extends string | number>(
    this: Tensor<S, D>,
    axis: alongAxis<'argmax', S, A>,
    options: KeepDims,
  ): selected<'argmax', [A] extends [-1] ? keptLast<S> : keptShape<S, A>, 'i32', A>;
  /**
   * Sums of all elements up to each, along an axis. Gradient: the sums of dY from each element on. Cost: n² additions for an axis of
   * n, all in parallel; nothing of size n² is stored.
   */
  cumsum<S extends Shape, const A extends string | number>(
    this: Tensor<S, D>,
    axis: alongAxis<'cumsum', S, A>,
  ): sameShape<'cumsum', S, D, A>;
}

/** What tensors of truth values have. */
export interface Logic {
  /** Both. Shapes: as add. */
  readonly and: Pairwise<'and', 'bool', 'bool', boolean>;
  /** One of both, or both. Shapes: as add. */
  readonly or: Pairwise<'or', 'bool', 'bool', boolean>;
  /** The opposite. */
  readonly not: ElementMap<'bool'>;
  /** Whether one is true, along an axis, several, or all. */
  readonly any: Reduction<'any', 'bool'>;
  /** Whether all are true, along an axis, several, or all. */
  readonly all: Reduction<'all', 'bool'>;
}

/** What every tensor has. */
export interface Conversion<D extends DType> {
  /**
   * The elements in another dtype: `mask.astype('f32')`. f32 to i32 and u32 truncates toward zero and saturates; to bool is ≠ 0; bool
   * is 0 or 1. Gradient: dY converted back, between floating dtypes only. Source: the Python array API standard, astype.
   */
  astype<S extends Shape, const E extends DType>(
    this: Tensor<S, D>,
    dtype: E,
  ): isAny<E> extends true ? Refused<'astype: the dtype has type any (write it as a literal)'> : Tensor<S, E>;
}

type dtypeOf<operand> = operand extends { readonly dtype: infer D } ? D : 'number';

// operandKind :: (operand, its name) -> sentence | never
type operandProblem<operand, name extends string> =
  isAny<operand> extends true
    ? never
    : isUnion<operand> extends true
      ? `where: ${name} is a union of tensors (narrow it to one shape first)`
      : operand extends number | { readonly shape: unknown; readonly dtype: unknown }
        ? never
        : `where: ${name} is no tensor and no number (make a tensor of it, with tensor(…))`;

type MustBeACondition<C> = [C] extends [never]
  ? C
  : [operandProblem<C, 'the condition'>] extends [never]
    ? [dtypeOf<C>] extends ['bool']
      ? C
      : `where: the condition is ${dtypeOf<C> & string}${showShape<shapeOf<C>>}, not bool (compare first, such as x.gt(0))`
    : operandProblem<C, 'the condition'>;

type MustBeAValue<A, name extends string> = [A] extends [never]
  ? A
  : [operandProblem<A, name>] extends [never]
    ? A
    : operandProblem<A, name>;

type MustFit<C, A, B> = [B] extends [never]
  ? B
  : [operandProblem<B, 'the second value'>] extends [never]
    ? [dtypesProblem<A, B>] extends [never]
      ? ShapesMustBroadcast<C, A, B>
      : dtypesProblem<A, B>
    : operandProblem<B, 'the second value'>;

// A number takes the other value's dtype, if that is one of numbers.
type dtypesProblem<A, B> = 'number' extends dtypeOf<A> | dtypeOf<B>
  ? 'bool' extends dtypeOf<A> | dtypeOf<B>
    ? 'where: one value is a number, the other bool (make both the same dtype)'
    : never
  : dtypeProblem<'where', dtypeOf<A>, shapeOf<A>, dtypeOf<B>, shapeOf<B>>;

// valueShape :: (value, condition) -> Shape      a number is as good as a tensor of the condition's shape, which may be a type parameter
type valueShape<A, C> = A extends number ? shapeOf<C> : shapeOf<A>;

// The name is what a generic body's error prints.
type ShapesMustBroadcast<C, A, B> =
  whereFits<shapeOf<C>, valueShape<A, C>, valueShape<B, C>> extends true
    ? B
    : [whereProblem<shapeOf<C>, shapeOf<A>, shapeOf<B>>] extends [never]
      ? B
      : whereProblem<shapeOf<C>, shapeOf<A>, shapeOf<B>>;

type chosenDType<A, B> = Exclude<dtypeOf<A> | dtypeOf<B>, 'number'> extends infer D ? ([D] extends [never] ? 'f32' : D & DType) : never;

// Chosen :: the result; of operands of one shape it is a value's own type, which is known where the shape is a type parameter, too
type Chosen<C, A, B> =
  areAlike<C, A, B> extends true
    ? A extends number
      ? Untied<B>
      : Untied<A>
    : selected<'where', whereShape<shapeOf<C>, valueShape<A, C>, valueShape<B, C>>, chosenDType<A, B>, C | A | B>;

// areAlike :: (condition, value, value) -> true if all are of one shape, and not both values are numbers
type areAlike<C, A, B> =
  isAny<C | A | B> extends true
    ? false
    : [A, B] extends [number, number]
      ? false
      : Wrapped<[shapeOf<C>, shapeOf<C>]> extends Wrapped<[valueShape<A, C>, valueShape<B, C>]>
        ? true
        : false;

interface Wrapped<shapes> {
  readonly shapes: shapes;
}

export interface Where {
  /**
   * The first value where the condition holds, else the second: `where(x.gt(0), x, 0)`. Values are tensors of one dtype, or numbers.
   *
   * Shapes: the three broadcast together. Gradient: dY to the value that was chosen, zero to the other. Errors: a sentence at the
   * operand that does not fit. Source: the Python array API standard, where.
   */
  <C, A, B>(condition: MustBeACondition<C>, whenTrue: MustBeAValue<A, 'the first value'>, whenFalse: MustFit<C, A, B>): Chosen<C, A, B>;
}
