/**
 * The common cases of tensors of 32-bit floats, tried before the general overloads.
 *
 * A signature costs what it mentions: each type in it that holds a type parameter is made anew in every call, and a second time
 * if the interface around it has type parameters of its own, as the general ones have for the dtype. So these have none, and
 * decide by inference alone: as shapes are invariant, a dim that would have to be two things at once fits neither. Text that an
 * axis is named by is inferred, too: of 'in=2', `${Name}=${Size}` infers 'in'.
 *
 * What is refused costs, too, but not where the left operand has another rank: then nothing is inferred from it, and if nothing is
 * inferred from the other arguments either (`NoInfer`), the signature is the same in all calls. So there is one for each of the ranks
 * 2 and 3, and those for any rank, which compare lists of dims, come last. For the brands see `brand.ts`.
 *
 * Invariant: what is accepted here the general overloads would accept, with the same result; what is not goes on to them.
 */
import type { Dim } from '../dim.ts';
import type { Shape } from '../shape.ts';
import type * as brand from './brand.ts';
import type { Tensor } from './f32.ts';
import type { UnionMap } from './operand.ts';
import type { Pattern } from './pattern.ts';

export interface CommonMap extends UnionMap {
  <S>(this: brand.Tensor<S>): Tensor<S>;
}

/**
 * Equal shapes, a number or a scalar, a right operand with the last one or two axes of the left one, the last or the first axis kept.
 *
 * At ranks 2 and 3 the first dim of the right operand, `F`, tells which it is: no union of tensors is compared, all of whose members
 * TypeScript would look at where neither fits. A dim that was not inferred is wide: a scalar has none.
 */
export interface CommonElementwise {
  <S>(this: brand.Tensor<S>, other: number | NoInfer<Tensor<S>>): Tensor<S>;
  <M extends Dim, N extends Dim, F extends Dim, A extends string, B extends string>(
    this: brand.Tensor<[M, N]>,
    other: Dim extends F
      ? NoInfer<Tensor<[]>>
      : NoInfer<F> extends N
        ? NoInfer<Tensor<[N]>>
        : NoInfer<F> extends M
          ? `${N}=` extends `${B}=${string}`
            ? NoInfer<Tensor<[M, `${B}=1`]>>
            : Pattern<[F, ...unknown[]]>
          : `${M}=` extends `${A}=${string}`
            ? unknown extends A
              ? Pattern<[unknown, `${B}=1`]>
              : NoInfer<Tensor<[`${A}=1`, N]>>
            : Pattern<[`${A}=1`, unknown]>,
  ): Tensor<[M, N]>;
  <L extends Dim, M extends Dim, N extends Dim, F extends Dim, C extends string>(
    this: brand.Tensor<[L, M, N]>,
    other: Dim extends F
      ? NoInfer<Tensor<[]>>
      : NoInfer<F> extends N
        ? NoInfer<Tensor<[N]>>
        : NoInfer<F> extends M
          ? NoInfer<Tensor<[M, N]>>
          : `${N}=` extends `${C}=${string}`
            ? unknown extends C
              ? Pattern<[F, ...unknown[]]>
              : NoInfer<Tensor<[L, M, `${C}=1`]>>
            : Pattern<[...unknown[], `${C}=1`]>,
  ): Tensor<[L, M, N]>;
  <S>(this: brand.Tensor<S>, other: Tensor<[]>): Tensor<S>;
  <P extends Shape, Name extends string, Size extends string>(
    this: brand.Tensor<[...P, `${Name}=${Size}`]>,
    other: NoInfer<Tensor<[...P, `${Name}=1`]>>,
  ): Tensor<[...P, `${Name}=${Size}`]>;
  <P extends Shape, Name extends string, Size extends string>(
    this: brand.Tensor<[`${Name}=${Size}`, ...P]>,
    other: NoInfer<Tensor<[`${Name}=1`, ...P]>>,
  ): Tensor<[`${Name}=${Size}`, ...P]>;
  <P extends Shape, N extends Dim>(this: brand.Tensor<[...P, N]>, other: NoInfer<Tensor<[N]>>): Tensor<[...P, N]>;
  <P extends Shape, M extends Dim, N extends Dim>(this: brand.Tensor<[...P, M, N]>, other: NoInfer<Tensor<[M, N]>>): Tensor<[...P, M, N]>;
}
