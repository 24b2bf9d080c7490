/**
 * Parameters and gradients: tensors that also say which parameter they are, or are the gradient of.
 *
 * Invariant: both are subtypes of `Tensor`, so every operation takes them, and every operation gives a plain tensor back: only
 * `parameters` and `update` make parameters, only differentiation makes gradients. Intersections, not interfaces: they are
 * assigned to `Tensor` by identity, at a twentieth of the cost.
 */
import type { FloatingDType } from '../dtype.ts';
import type { Shape } from '../shape.ts';
import type { brand } from './brand.ts';
import type * as f32 from './f32.ts';
import type { Tensor } from './tensor.ts';

declare const parameter: unique symbol;
declare const gradient: unique symbol;

/** Known to the types only; at run time a tensor carries a `Tie`. */
export interface IsParameter<out Name extends string> {
  readonly [parameter]: Name;
}

/** As `IsParameter`. */
export interface IsGradient<out Name extends string> {
  readonly [gradient]: Name;
}

/**
 * A tensor of 32-bit floats that training changes. Its name is its path in the structure that `parameters` was given.
 *
 * @example Parameter<'w1', ['in=2', 'out=2']>   Parameter<'layers.0.b', ['out=2']>
 */
export type Parameter<Name extends string, S extends Shape> = f32.Tensor<S> & IsParameter<Name>;

/** The gradient of the parameter of this name. */
export type GradientOf<Name extends string, S extends Shape> = f32.Tensor<S> & IsGradient<Name>;

export interface AnyTensorBrand {
  readonly [brand]: unknown;
}

interface FloatingTensor<S extends Shape, D extends FloatingDType> {
  readonly shape: S;
  readonly dtype: D;
}

// join :: (path, key) -> path
type join<path extends string, key extends PropertyKey> = key extends string | number
  ? path extends ''
    ? `${key}`
    : `${path}.${key}`
  : never;

/**
 * The same structure, each floating-point tensor a parameter named by its path. In an array of unknown length all entries
 * have one name, such as `ws.${number}`: they are told apart when the program runs.
 */
export type ParametersOf<T, Path extends string = ''> = T extends AnyTensorBrand
  ? T extends FloatingTensor<infer S, infer D>
    ? D extends 'f32'
      ? Parameter<Path, S>
      : Tensor<S, D> & IsParameter<Path>
    : T
  : T extends object
    ? { [key in keyof T]: ParametersOf<T[key], join<Path, key>> }
    : T;

// Untied :: a tensor -> the plain tensor of its shape
export type Untied<T> = T extends IsParameter<string> | IsGradient<string>
  ? T extends FloatingTensor<infer S, infer D>
    ? Tensor<S, D>
    : never
  : T;

/** The gradient of one floating-point tensor: tied if the tensor is a parameter, else plain. */
export type LeafGradient<T> =
  T extends IsParameter<infer Name>
    ? T extends FloatingTensor<infer S, infer D>
      ? D extends 'f32'
        ? GradientOf<Name, S>
        : Tensor<S, D> & IsGradient<Name>
      : never
    : Untied<T>;

interface WholeTensor extends AnyTensorBrand {
  readonly dtype: 'i32' | 'u32' | 'bool';
}

type mustBeNamed<
  Path extends string,
  what extends string,
> = `update: '${Path}' is ${what}, not a parameter (name the parameters first, with parameters({ … }))`;

// named :: (structure, path) -> unknown, or a sentence in the place of a tensor that is no parameter
type named<T, Path extends string> = T extends IsParameter<string> | WholeTensor
  ? unknown
  : T extends IsGradient<infer name>
    ? mustBeNamed<Path, `the gradient of '${name}'`>
    : T extends AnyTensorBrand
      ? mustBeNamed<Path, 'a plain tensor'>
      : T extends object
        ? { readonly [key in keyof T]: named<T[key], join<Path, key>> }
        : unknown;

/**
 * What a structure is in which every floating-point tensor is a parameter, such as `parameters` gives.
 *
 * @example function descend<P extends NamedParameters<P>>(parameters: P, gradient: Gradient<P>): P
 */
export type NamedParameters<P> =
  | (AnyTensorBrand & IsParameter<string>)
  | WholeTensor
  | { readonly [key in keyof P]: named<P[key], join<'', key>> };
