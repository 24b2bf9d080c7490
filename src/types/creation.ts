/**
 * The signatures of the functions that make tensors. The language and the runtime both implement them.
 *
 * Invariant: a shape is checked where it enters: wide, union, repeated and zero-sized dims never become a tensor.
 */
import type { Dim } from './dim.ts';
import type { DType } from './dtype.ts';
import type { leaf, literalProblem, literalShape, untypedData } from './rules/literal.ts';
import type { legalShape, matrixShape, shapeProblem } from './rules/shape.ts';
import type { sizedShape } from './rules/sized.ts';
import type { SymbolSizes } from './rules/sizes.ts';
import type { isAny, isUnion, isUntyped, Shape } from './shape.ts';
import type { Refused } from './shapeError.ts';
import type { Tensor } from './tensor/tensor.ts';

type writable<S> = S extends Shape ? { -readonly [axis in keyof S]: S[axis] } : never;

// created :: (operation, Shape, dtype) -> Tensor      an argument of type any passes every parameter, so the result says no
type created<operation extends string, S extends Shape, D extends DType = 'f32'> =
  isUntyped<S> extends true
    ? Refused<shapeProblem<operation, S>>
    : isUntyped<D> extends true
      ? Refused<`${operation}: the dtype has type any (give it a literal, such as 'i32')`>
      : Tensor<writable<S>, D>;

type acceptedData<data, names> = [dataProblem<data, names>] extends [never] ? data : dataProblem<data, names>;

// dataProblem :: (data, names or shape) -> sentence | never      the last word on data of every kind, but the shape of a typed array
type dataProblem<data, names> =
  isAny<data> extends true
    ? literalProblem<data, undefined>
    : [data] extends [DataArray]
      ? isUnion<data> extends true
        ? 'tensor: the data is a union of typed arrays (narrow it to one first)'
        : names extends Shape
          ? never
          : "tensor: a typed array without a shape (give one, such as ['n', 'in=2'])"
      : data extends ArrayBufferView & { readonly [Symbol.toStringTag]: infer kind extends string }
        ? `tensor: the data is a ${kind} (use a Float32Array, an Int32Array or a Uint32Array)`
        : literalProblem<data, names extends Shape ? texts<names> : undefined>;

// acceptedNames :: (data, dims) -> the dims: names for literals, a shape for a typed array, or the sentence that refuses it
type acceptedNames<data, S extends Shape> = [data] extends [DataArray] ? legalShape<'tensor', S> : S;

// texts :: dims -> the same as texts
type texts<names extends Shape> = { [at in keyof names]: `${names[at]}` };

// createdArray :: as `created`, of a typed array
type createdArray<array, S extends Shape> =
  isUntyped<array> extends true
    ? Refused<untypedData>
    : isUnion<array> extends true
      ? Refused<untypedData>
      : created<'tensor', S, arrayDType<array>>;

// createdLiteral :: as `created`, of nested literals
type createdLiteral<data, names, D extends DType> =
  isUntyped<data> extends true
    ? Refused<untypedData>
    : isAny<names> extends true
      ? Refused<"tensor: the names have type any (write them as literals, such as ['n', 'in'])">
      : isUntyped<D> extends true
        ? Refused<"tensor: the dtype has type any (give it a literal, such as 'i32')">
        : Tensor<writable<literalShape<data, names extends Shape ? texts<names> : undefined>>, D>;

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

// createdOf :: (data, dims, dtype | undefined) -> Tensor
type createdOf<data, S extends Shape, T> = [data] extends [DataArray]
  ? createdArray<data, S>
  : createdLiteral<data, S, T extends DType ? T : literalDType<data>>;

export interface CreateTensor {
  /** A tensor from nested literals, without names. */
  <const D>(data: acceptedData<D, undefined>): createdLiteral<D, undefined, literalDType<D>>;
  /**
   * A tensor from nested literals: sizes come from the nesting, names from the list; booleans give dtype bool, numbers f32, or the dtype
   * given. Or from a typed array in row-major order: one symbolic axis may take its size from the number of elements; further ones are
   * given by name.
   *
   * @example tensor([[1, 0], [0, 1], [1, 1]], ['n', 'in'])   // Tensor<['n=3', 'in=2']>
   * @example tensor(new Float32Array(6), ['batch', 'in=2'])   // batch is 3
   */
  <const D, const N extends Shape, const T extends Exclude<DType, 'bool'> | undefined = undefined>(
    data: acceptedData<D, N>,
    names: acceptedNames<D, N>,
    dtypeOrSizes?: [D] extends [DataArray] ? SymbolSizes : T,
  ): createdOf<D, N, T>;
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
  <const S extends Shape>(shape: matrixShape<'eye', S>): created<'eye', S>;
}

// legalDim :: a parameter's type: the dim itself, or the sentence that refuses it
type legalDim<operation extends string, D extends Dim> = [shapeProblem<operation, [D]>] extends [never] ? D : shapeProblem<operation, [D]>;

// rangeShape :: Dim -> Shape      any stays any, for \`created\` to refuse
type rangeShape<D extends Dim> = isUntyped<D> extends true ? D & Shape : [D];

export interface CreateRange {
  /** 0, 1, 2, … along one axis: `arange('i=5')`. */
  <const D extends Dim>(dim: legalDim<'arange', D>): created<'arange', rangeShape<D>>;
  <const D extends Dim, T extends Exclude<DType, 'bool'>>(dim: legalDim<'arange', D>, dtype: T): created<'arange', rangeShape<D>, T>;
}

/** The same seed gives the same numbers, on every device. Without one they differ from call to call. */
export interface Seeded {
  readonly seed?: number;
}

export interface CreateNormal {
  /** Normally distributed numbers of mean 0 and variance 1. Axes need sizes. */
  <const S extends Shape>(shape: sizedShape<'randn', S>, options?: Seeded): created<'randn', S>;
}

export interface CreateUniform {
  /** Numbers from `low` (0) up to but not including `high` (1), evenly distributed. Axes need sizes. */
  <const S extends Shape>(
    shape: sizedShape<'uniform', S>,
    options?: Seeded & { readonly low?: number; readonly high?: number },
  ): created<'uniform', S>;
}
