/**
 * The common cases of tensors of 32-bit floats, tried before the general overloads.
 *
 * A signature costs what it mentions: each type in it that holds a type parameter is made anew in every call, and a second time
 * if the interface around it has type parameters of its own, as the general ones have for the dtype. So these have none, and
 * decide by inference alone: as shapes are invariant, a dim that would have to be two things at once fits neither. Text that an
 * axis is named by is inferred, too: of 'in=2', `${Name}=${Size}` infers 'in'.
 *
 * Invariant: what is accepted here the general overloads accept, with the same result; what is not goes on to them.
 */
import type { Dim } from '../dim.ts';
import type { Shape } from '../shape.ts';
import type { KeepDims } from './arithmetic.ts';
import type { Tensor } from './f32.ts';
import type { UnionMap } from './operand.ts';

export interface CommonMap extends UnionMap {
  <S extends Shape>(this: Tensor<S>): Tensor<S>;
}

/** Equal shapes, a number or a scalar, a right operand with the last one or two axes of the left one, the last or the first axis kept. */
export interface CommonElementwise {
  <S extends Shape>(this: Tensor<S>, other: number | Tensor<S>): Tensor<S>;
  <M extends Dim, N extends Dim>(this: Tensor<[M, N]>, other: Tensor<[N]>): Tensor<[M, N]>;
  <S extends Shape>(this: Tensor<S>, other: Tensor<[]>): Tensor<S>;
  <P extends Shape, N extends Dim>(this: Tensor<[...P, N]>, other: Tensor<[N]>): Tensor<[...P, N]>;
  <P extends Shape, M extends Dim, N extends Dim>(this: Tensor<[...P, M, N]>, other: Tensor<[M, N]>): Tensor<[...P, M, N]>;
  <P extends Shape, Name extends string, Size extends string>(
    this: Tensor<[...P, `${Name}=${Size}`]>,
    other: Tensor<[...P, `${Name}=1`]>,
  ): Tensor<[...P, `${Name}=${Size}`]>;
  <P extends Shape, Name extends string, Size extends string>(
    this: Tensor<[`${Name}=${Size}`, ...P]>,
    other: Tensor<[`${Name}=1`, ...P]>,
  ): Tensor<[`${Name}=${Size}`, ...P]>;
}

/**
 * A right operand of rank 2, where no axis that stays has the name of another. The names of the left operand's axes are read
 * from the text before the first `=`; an axis without one gets it here.
 */
export interface CommonMatmul {
  <M extends Dim, K extends Dim, N extends Dim>(
    this: Tensor<[M, K]>,
    other: `${M}=` extends `${infer name}=${string}` ? (`${N}=` extends `${name}=${string}` ? never : Tensor<[K, N]>) : never,
  ): Tensor<[M, N]>;
  <P extends Shape, K extends Dim, N extends Dim>(
    this: Tensor<[...P, K]>,
    other: `${P[number]}=` extends `${infer name}=${string}` ? (`${N}=` extends `${name}=${string}` ? never : Tensor<[K, N]>) : never,
  ): Tensor<[...P, N]>;
  <P extends Shape, M extends Dim, K extends Dim, N extends Dim>(
    this: Tensor<[...P, M, K]>,
    other: `${P[number] | M}=` extends `${infer name}=${string}`
      ? `${N}=` extends `${name}=${string}`
        ? never
        : Tensor<[...P, K, N]>
      : never,
  ): Tensor<[...P, M, N]>;
}

/** The last axis, the first or the last but one, by its name or by index. */
export interface CommonReduction {
  <M extends Dim, Name extends string, Size extends string>(this: Tensor<[M, `${Name}=${Size}`]>, axis: Name | 1 | -1): Tensor<[M]>;
  <N extends Dim, Name extends string, Size extends string>(this: Tensor<[`${Name}=${Size}`, N]>, axis: Name | 0): Tensor<[N]>;
  <M extends Dim, Name extends string, Size extends string>(
    this: Tensor<[M, `${Name}=${Size}`]>,
    axis: Name | 1 | -1,
    options: KeepDims,
  ): Tensor<[M, `${Name}=1`]>;
  <N extends Dim, Name extends string, Size extends string>(
    this: Tensor<[`${Name}=${Size}`, N]>,
    axis: Name | 0,
    options: KeepDims,
  ): Tensor<[`${Name}=1`, N]>;
  <P extends Shape, Name extends string, Size extends string>(
    this: Tensor<[...P, `${Name}=${Size}`]>,
    axis: Name | P['length'] | -1,
  ): Tensor<P>;
  <P extends Shape, Name extends string, Size extends string>(this: Tensor<[`${Name}=${Size}`, ...P]>, axis: Name | 0): Tensor<P>;
  <P extends Shape, Name extends string, Size extends string, N extends Dim>(
    this: Tensor<[...P, `${Name}=${Size}`, N]>,
    axis: Name | P['length'],
  ): Tensor<[...P, N]>;
  <P extends Shape, Name extends string, Size extends string>(
    this: Tensor<[...P, `${Name}=${Size}`]>,
    axis: Name | P['length'] | -1,
    options: KeepDims,
  ): Tensor<[...P, `${Name}=1`]>;
}
