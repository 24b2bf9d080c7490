/**
 * The types of gradients: a function's gradient has the structure and the shapes of what it is taken of.
 *
 * Invariant: nothing here is decided by a dim, so everything holds in generic bodies and generics survive.
 */
import type { FloatingDType } from './dtype.ts';
import type { Shape } from './shape.ts';
import type { AnyTensorBrand, LeafGradient, Untied } from './tensor/parameter.ts';
import type { Tensor } from './tensor/tensor.ts';

/** Tensors, plain values, and tuples and objects of them. */
export type Arguments = readonly unknown[];

// Gradient :: structure -> the same structure; parameters become their gradients, other floating-point tensors stay, all else null
/** The gradients of a structure: its shapes, each parameter's as `GradientOf` it; null for what is not floating-point. */
export type Gradient<A> = A extends AnyTensorBrand
  ? A extends { readonly dtype: FloatingDType }
    ? LeafGradient<A>
    : null
  : A extends object
    ? { -readonly [key in keyof A]: Gradient<A[key]> }
    : null;

// Cotangent :: structure -> the same structure; floating-point tensors become plain ones of their shapes, all else null
/** What a pullback takes for a result: its structure and shapes; null for what is not floating-point. */
export type Cotangent<A> = A extends AnyTensorBrand
  ? A extends { readonly dtype: FloatingDType }
    ? Untied<A>
    : null
  : A extends object
    ? { -readonly [key in keyof A]: Cotangent<A[key]> }
    : null;

/**
 * What an optimizer remembers of each parameter, such as its velocity: the structure and the shapes of the parameters, as
 * plain tensors, which are neither parameters nor gradients.
 */
export type State<P> = Cotangent<P>;

/** What a hand-written backward returns: plain tensors of the arguments' shapes. */
export type Cotangents<A extends Arguments> = { -readonly [at in keyof A]: NoInfer<Cotangent<A[at]>> };

/** How an update makes a parameter's next value. It is generic, so the next value has the shape of this one. */
export type Rule = <S extends Shape>(parameter: Tensor<S>, gradient: Tensor<S>) => Tensor<S>;

/** As `Rule`, with one tensor of state a key, and the next state as a second result. */
export type RuleWithState<K extends string> = <S extends Shape>(
  parameter: Tensor<S>,
  gradient: Tensor<S>,
  state: { readonly [key in K]: Tensor<S> },
) => { readonly parameter: Tensor<S>; readonly state: { readonly [key in K]: Tensor<S> } };

/** What `updateWithState` gives: the next parameters and the next state. */
export interface Updated<P, K extends string> {
  readonly parameters: P;
  readonly state: { readonly [key in K]: State<P> };
}

/** What `vjp` gives: the result, and the function from its cotangent to the arguments'. */
export interface Pullback<A extends Arguments, Y> {
  readonly y: Y;
  /** The gradients of the arguments, given the gradient of y. Linear in dy. */
  backward(dy: Cotangent<Y>): Gradient<A>;
}

/** What a forward with a hand-written gradient gives: the result, and what backward will need. */
export interface Saving<Y, Saved> {
  readonly y: Y;
  readonly saved: Saved;
}

/** What `valueAndGrad` gives: the scalar, and its gradient with respect to the first argument. */
export interface ValueAndGradient<P> {
  readonly value: Tensor<[]>;
  readonly gradient: Gradient<P>;
}
