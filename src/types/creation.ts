/**
 * The signatures of the functions that make tensors. The language and the runtime both implement them.
 *
 * Invariant: a shape is checked where it enters: wide, union, repeated and zero-sized dims never become a tensor.
 */
import type { Dim } from './dim.ts';
import type { DType } from './dtype.ts';
import type { leaf, literalProblem, literalShape, Nested } from './rules/literal.ts';
import type { legalShape, shapeProblem } from './rules/shape.ts';
import type { SymbolSizes } from './rules/sizes.ts';
import type { isAny, Shape } from './shape.ts';
import type { Refused } from './shapeError.ts';
import type { Tensor } from './tensor/tensor.ts';

type writable<S> = S extends Shape ? { -readonly [axis in keyof S]: S[axis] } : never;

// created :: (operation, Shape, dtype) -> Tensor      an argument of type any passes every parameter, so the result says no
type created<operation extends string, S extends Shape, D extends DType = 'f32'> =
  isAny<S> extends true ? Refused<shapeProblem<operation, S>> : Tensor<writable<S>, D>;

type acceptedLiteral<data, names> = [literalProblem<data, names>] extends [never] ? data : literalProblem<data, names>;

// literalDType :: nested -> dtype      booleans give bool, numbers f32
type literalDType<data> = leaf<data> extends boolean ? 'bool' : 'f32';

interface ArrayDTypes {
  readonly f32: Float32Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
}

/** The typed arrays that a tensor can be made of. */
export type DataArray = Float32Array | Int32Array | Uint32Array;

type arrayDType<array> = { [D in keyof ArrayDTypes]: array extends ArrayDTypes[D] ? D : never }[keyof ArrayDTypes];

export interface CreateTensor {
  /**
   * A tensor from a typed array in row-major order. One symbolic axis may take its size from the number of elements;
   * further ones are given by name.
   *
   * @example tensor(new Float32Array(6), ['batch', 'in=2'])   // batch is 3
   */
  <A extends DataArray, const S extends Shape>(
    data: A,
    shape: legalShape<'tensor', S>,
    sizes?: SymbolSizes,
  ): created<'tensor', S, arrayDType<A>>;
  /**
   * A tensor from nested literals. Sizes come from the nesting, names from the list; booleans give dtype bool, numbers f32.
   *
   * @example tensor([[1, 0], [0, 1], [1, 1]], ['n', 'in'])   // Tensor<['n=3', 'in=2']>
   */
  <const D extends Nested>(data: acceptedLiteral<D, undefined>): Tensor<writable<literalShape<D, undefined>>, literalDType<D>>;
  <const D extends Nested, const N extends readonly string[]>(
    data: acceptedLiteral<D, N>,
    names: N,
  ): Tensor<writable<literalShape<D, N>>, literalDType<D>>;
  <const D extends Nested, const N extends readonly string[], T extends Exclude<DType, 'bool'>>(
    data: acceptedLiteral<D, N>,
    names: N,
    dtype: T,
  ): Tensor<writable<literalShape<D, N>>, T>;
}

/** Ones or zeros of a shape. */
export interface CreateFilled<operation extends string> {
  <const S extends Shape>(shape: legalShape<operation, S>): created<operation, S>;
  <const S extends Shape, D extends DType>(shape: legalShape<operation, S>, dtype: D): created<operation, S, D>;
}

export interface CreateFull {
  /** A tensor with one value in every element. */
  <const S extends Shape>(shape: legalShape<'full', S>, value: number): created<'full', S>;
  <const S extends Shape, D extends DType>(shape: legalShape<'full', S>, value: number, dtype: D): created<'full', S, D>;
}

export interface CreateEye {
  /** Ones where both indices are equal, zeros elsewhere. The two axes need two names: `eye(['h=3', 'h2=3'])`. */
  <const S extends readonly [Dim, Dim]>(shape: legalShape<'eye', S>): created<'eye', S>;
}

export interface CreateRange {
  /** 0, 1, 2, … along one axis: `arange('i=5')`. */
  <const D extends Dim>(dim: legalShape<'arange', [D]> extends readonly [D] ? D : legalShape<'arange', [D]>): Tensor<[D]>;
  <const D extends Dim, T extends Exclude<DType, 'bool'>>(
    dim: legalShape<'arange', [D]> extends readonly [D] ? D : legalShape<'arange', [D]>,
    dtype: T,
  ): Tensor<[D], T>;
}

/** The same seed gives the same numbers, on every device. Without one they differ from call to call. */
export interface Seeded {
  readonly seed?: number;
}

export interface CreateNormal {
  /** Normally distributed numbers of mean 0 and variance 1. Axes need sizes. */
  <const S extends Shape>(shape: legalShape<'randn', S>, options?: Seeded): created<'randn', S>;
}

export interface CreateUniform {
  /** Numbers from `low` (0) up to but not including `high` (1), evenly distributed. Axes need sizes. */
  <const S extends Shape>(
    shape: legalShape<'uniform', S>,
    options?: Seeded & { readonly low?: number; readonly high?: number },
  ): created<'uniform', S>;
}
