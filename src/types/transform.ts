/**
 * The types of gradients: a function's gradient has the structure and the shapes of what it is taken of.
 *
 * Invariant: nothing here is decided by a dim, so everything holds in generic bodies and generics survive.
 */
import type { FloatingDType } from './dtype.ts';
import type { brand } from './tensor/operand.ts';
import type { Tensor } from './tensor/tensor.ts';

/** Tensors, plain values, and tuples and objects of them. */
export type Arguments = readonly unknown[];

interface TensorBrand {
  readonly [brand]: true;
}

// Gradient :: structure -> the same structure; floating-point tensors stay, everything else becomes null
export type Gradient<A> = A extends TensorBrand
  ? A extends { readonly dtype: FloatingDType }
    ? A
    : null
  : A extends readonly unknown[] | Readonly<Record<string, unknown>> | object
    ? { -readonly [key in keyof A]: Gradient<A[key]> }
    : null;

/** The gradients of a list of arguments. */
export type Gradients<A extends Arguments> = { -readonly [at in keyof A]: NoInfer<Gradient<A[at]>> };

/** What `vjp` gives: the result, and the function from its cotangent to the arguments'. */
export interface Pullback<A extends Arguments, Y> {
  readonly y: Y;
  /** The gradients of the arguments, given the gradient of y. Linear in dy. */
  backward(dy: Gradient<Y>): Gradient<A>;
}

/** What a forward with a hand-written gradient gives: the result, and what backward will need. */
export interface Saving<Y, Saved> {
  readonly y: Y;
  readonly saved: Saved;
}

export interface ValueAndGradient<P> {
  readonly value: Tensor<[]>;
  readonly gradient: Gradient<P>;
}
