/**
 * What the second operand of an operation may be, and what is said of one that does not fit.
 *
 * How a binary operation refuses: its overloads are, in order, `caught` (operands of type `any`, and results that would
 * repeat a name: accepted, with a result that is only a sentence), the ones that infer (all that a generic body needs), and
 * one that exists to fail, whose parameter's type is the sentence. TypeScript reports the last.
 *
 * Invariant: in a generic body every conditional type here stays deferred, so only the inferring overloads can accept.
 */
import type { DType } from '../dtype.ts';
import type { broadcastProblem, broadcastShapes } from '../rules/broadcast.ts';
import type { dtypeProblem } from '../rules/dtype.ts';
import type { matmulProblem, matmulRepeats } from '../rules/matmul.ts';
import type { initial, isAny, isUnion, last, Shape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { Tensor } from './tensor.ts';

export declare const brand: unique symbol;

/** Any tensor, of any shape and dtype. */
export interface AnyTensor {
  readonly [brand]: true;
  readonly shape: Shape;
  readonly dtype: DType;
}

export type anyOperand<operation extends string> = `${operation}: the operand has type any (give it a tensor type, such as Tensor<['n', 'in=2']>)`;
type unionOperand<operation extends string> = `${operation}: the operand is a union of tensors (narrow it to one shape first)`;

// MatmulCaught :: unknown for operands that the catching overload takes, never for all others
export type MatmulCaught<S extends Shape, B> = isAny<B> extends true
  ? unknown
  : B extends { readonly shape: infer R extends Shape }
    ? matmulRepeats<S, R> extends true
      ? unknown
      : never
    : never;

/**
 * Why the product is refused. For operands that no overload takes, TypeScript goes on with this type: then it is the tensor
 * that the product was probably meant to be, so that one mistake gives one error.
 */
export type MatmulRefused<S extends Shape, D extends DType, B> = isAny<B> extends true
  ? Refused<anyOperand<'matmul'>>
  : B extends { readonly shape: infer R extends Shape }
    ? matmulRepeats<S, R> extends true
      ? Refused<matmulProblem<S, R>>
      : Tensor<[...initial<S>, last<R>], D>
    : Tensor<S, D>;

/** Inner axes that do not match, in words where the dims are known. */
export type MatmulMismatch<S extends Shape, D extends DType, B> = isUnion<B> extends true
  ? unionOperand<'matmul'>
  : B extends { readonly shape: infer R extends Shape; readonly dtype: infer E }
    ? D extends E
      ? InnerAxesMustMatch<S, R>
      : dtypeProblem<'matmul', D, S, E, R>
    : B;

/** The operand itself where the shapes broadcast, else why they do not. */
export type BroadcastOperand<operation extends string, S extends Shape, D extends DType, B> = isUnion<B> extends true
  ? unionOperand<operation>
  : B extends { readonly shape: infer R extends Shape; readonly dtype: infer E }
    ? D extends E
      ? MustBroadcast<operation, S, R, B>
      : dtypeProblem<operation, D, S, E, R>
    : B;

// The name is what a generic body's error prints.
type MustBroadcast<operation extends string, S extends Shape, R extends Shape, B> = [broadcastProblem<operation, S, R>] extends [never]
  ? B
  : broadcastProblem<operation, S, R>;

/** The result of an element-wise operation that `BroadcastOperand` let through. */
export type BroadcastResult<S extends Shape, D extends DType, B> = B extends { readonly shape: infer R extends Shape }
  ? broadcastShapes<S, R> extends infer shape extends Shape
    ? Tensor<shape, D>
    : Refused<'the shapes do not broadcast'>
  : Refused<'the operand is not a tensor'>;

// AnyCaught :: unknown for any, never for all others
export type AnyCaught<B> = isAny<B> extends true ? unknown : never;

// The name is what a generic body's error prints.
type InnerAxesMustMatch<S extends Shape, R extends Shape> = matmulProblem<S, R>;

// Caught :: what a caught operand gives, and what TypeScript goes on with where no overload fits
export type Caught<B, refused, expected> = isAny<B> extends true ? refused : expected;
