/**
 * What the second operand of an operation may be, and what is said of one that does not fit.
 *
 * How a binary operation refuses. Its overloads are, in order:
 * - one that no call fits, for it asks for a second argument that does not exist: where no overload fits, TypeScript goes on
 *   with the first one's result, and this is the tensor that was probably meant, so that one mistake gives one error;
 * - `Untyped`: operands of type `any` are accepted, with a result that is only a sentence;
 * - of f32 tensors, the common cases (`common.ts`), at a tenth of the cost of what follows;
 * - `caught`: products that would repeat a name are accepted, again with a sentence for a result;
 * - the ones that infer, all that a generic body needs;
 * - one that exists to fail, whose parameter's type is the sentence. TypeScript reports the last.
 *
 * Invariant: in a generic body every conditional type here stays deferred, so only the inferring overloads can accept.
 */
import type { Dim } from '../dim.ts';
import type { DType } from '../dtype.ts';
import type { broadcastProblem, broadcastShapes } from '../rules/broadcast.ts';
import type { dtypeProblem } from '../rules/dtype.ts';
import type { Kept } from '../rules/kept.ts';
import type { matmulProblem, matmulShape } from '../rules/matmul.ts';
import type { shapeProblem } from '../rules/shape.ts';
import type { initial, isUnion, isUntyped, last, Shape, showShape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { brand } from './brand.ts';
import type { Untied } from './parameter.ts';
import type { Tensor } from './tensor.ts';

/** Any tensor, of any shape and dtype. */
export interface AnyTensor {
  readonly [brand]: unknown;
  readonly shape: Shape;
  readonly dtype: DType;
}

/**
 * The tensors that the last axis of the shape, and any others, were kept in: one for each choice of axes, so that no dim is compared
 * with a union.
 */
export type KeptOf<S extends Shape, D extends DType, done extends Shape = []> = S extends readonly [infer last extends Dim]
  ? Tensor<[...done, Kept<last>], D>
  : S extends readonly [infer head extends Dim, ...infer rest extends Shape]
    ? KeptOf<rest, D, [...done, head]> | KeptOf<rest, D, [...done, Kept<head>]>
    : never;

/** What is said of operands that have no type to check. */
export type untypedOperand<operation extends string> =
  `${operation}: the operand has type any (give it a tensor type, such as Tensor<['n', 'in=2']>)`;
type unionOperand<operation extends string> = `${operation}: the operand is a union of tensors (narrow it to one shape first)`;
type noTensor<
  operation extends string,
  S extends Shape,
  B,
> = `${operation}: the operand is no tensor: ${showShape<S>} with a value of type ${kindOf<B>} (make a tensor of it, with tensor(…))`;

// kindOf :: type -> what typeof says of its values
type kindOf<B> = B extends string
  ? 'string'
  : B extends number
    ? 'number'
    : B extends boolean
      ? 'boolean'
      : B extends bigint
        ? 'bigint'
        : B extends undefined
          ? 'undefined'
          : B extends null
            ? 'null'
            : B extends symbol
              ? 'symbol'
              : B extends (...args: never) => unknown
                ? 'function'
                : 'object';

declare const impossible: unique symbol;

/** A type that only operands of type `any` or `never` fit; no tensor's members are looked at to see that it does not. */
export type OnlyAny = typeof impossible;

/** Operands of type any: accepted, with a result that is only a sentence. */
export interface Untyped<sentence> {
  (operand: OnlyAny, options?: unknown): Refused<sentence>;
}

/** What keeps the shape also takes a union of tensors. */
export interface UnionMap {
  <T extends AnyTensor>(this: T): Untied<T>;
}

/** The overload that no call fits, of operations that keep the shape. */
export interface SameShape<D extends DType> {
  <S extends Shape>(this: Tensor<S, D>, other: unknown, impossible: OnlyAny): Tensor<S, D>;
}

// MatmulCaught :: what fits operands of type any, and those whose last axis has the name of an axis that the product keeps
export type MatmulCaught<S extends Shape> = S extends readonly [infer M, infer K]
  ? { readonly shape: readonly [K, namesake<M>] }
  : S extends readonly [...infer P, infer M, infer K]
    ? { readonly shape: readonly [K, namesake<M | P[number]>] | readonly [...P, K, namesake<M | P[number]>] }
    : OnlyAny;

// namesake :: Dim -> every dim of its name
type namesake<dim> = dim extends `${infer name}=${string}`
  ? name | `${name}=${string}`
  : dim extends string
    ? dim | `${dim}=${string}`
    : never;

/** What a product would be, for operands that no overload takes. */
export type MatmulExpected<S extends Shape, D extends DType, B> = B extends { readonly shape: infer R extends Shape }
  ? Tensor<[...initial<S>, last<R>], D>
  : Tensor<S, D>;

/** What a caught operand gives. */
export type MatmulRefused<S extends Shape, B> =
  isUntyped<B> extends true
    ? Refused<untypedOperand<'matmul'>>
    : B extends { readonly shape: infer R extends Shape }
      ? Refused<matmulSentence<S, R>>
      : never;

/** Any tensor where there is a product of the two, else why there is none, in words where the dims are known. */
export type MatmulOperand<A, B> =
  Operands<'matmul', A, B> extends infer operands
    ? operands extends OperandPair<infer S, infer D, infer R, infer E>
      ? D extends E
        ? InnerAxesMustMatch<S, R>
        : dtypeProblem<'matmul', D, S, E, R>
      : operands
    : B;

// The name is what a generic body's error prints.
type InnerAxesMustMatch<S extends Shape, R extends Shape> = [matmulSentence<S, R>] extends [never] ? AnyTensor : matmulSentence<S, R>;

/** The product that `MatmulOperand` let through. */
export type MatmulResult<A, B> =
  Operands<'matmul', A, B> extends OperandPair<infer S, infer D, infer R, infer E>
    ? [D, matmulSentence<S, R>] extends [E, never]
      ? Tensor<matmulShape<S, R>, D>
      : Refused<MatmulOperand<A, B>>
    : Refused<MatmulOperand<A, B>>;

/** The operand itself where the shapes broadcast, else why they do not. */
export type BroadcastOperand<operation extends string, A, B> =
  Operands<operation, A, B> extends infer operands
    ? operands extends OperandPair<infer S, infer D, infer R, infer E>
      ? D extends E
        ? MustBroadcast<operation, S, R, B>
        : dtypeProblem<operation, D, S, E, R>
      : operands
    : never;

export interface OperandPair<S extends Shape, D extends DType, R extends Shape, E extends DType> {
  readonly left: S;
  readonly leftDType: D;
  readonly right: R;
  readonly rightDType: E;
}

// Operands :: (operation, receiver, operand) -> their shapes and dtypes, or a sentence where they are not two tensors
export type Operands<operation extends string, A, B> =
  isUnion<A> extends true
    ? `${operation}: the left operand is a union of tensors (narrow it to one shape first)`
    : isUnion<B> extends true
      ? unionOperand<operation>
      : A extends { readonly shape: infer S extends Shape; readonly dtype: infer D extends DType }
        ? B extends { readonly shape: infer R extends Shape; readonly dtype: infer E extends DType }
          ? OperandPair<S, D, R, E>
          : noTensor<operation, S, B>
        : `${operation}: the left operand is no tensor (call it as a method of a tensor)`;

// The name is what a generic body's error prints.
type MustBroadcast<operation extends string, S extends Shape, R extends Shape, B> = [broadcastProblem<operation, S, R>] extends [never]
  ? B
  : firstProblem<shapeProblem<operation, S>, shapeProblem<operation, R>, broadcastProblem<operation, S, R>>;

// firstProblem :: wide, union and other unlawful shapes are spoken of before the rule that they break
type firstProblem<left, right, rule> = [left] extends [never] ? ([right] extends [never] ? rule : right) : left;

// matmulSentence :: (Shape, Shape) -> sentence | never
type matmulSentence<S extends Shape, R extends Shape> =
  firstProblem<shapeProblem<'matmul', S>, shapeProblem<'matmul', R>, matmulProblem<S, R>> extends infer sentence ? sentence : never;

/** The result of an element-wise operation that `BroadcastOperand` let through. */
export type BroadcastResult<A, B> = A extends { readonly shape: infer S extends Shape; readonly dtype: infer D extends DType }
  ? B extends { readonly shape: infer R extends Shape }
    ? broadcastShapes<S, R> extends infer shape extends Shape
      ? Tensor<shape, D>
      : Refused<'the shapes do not broadcast'>
    : Refused<'the operand is not a tensor'>
  : Refused<'the operand is not a tensor'>;
