/**
 * The common products of 32-bit floats: a right operand of rank 2, or with the batch axes of the left one, where no axis that stays has the
 * name of another.
 *
 * Names are compared as text, each between a comma and `=`: what `NameOf` finds of the right operand's last axis is looked for in the
 * axes of the left one. What is refused here goes on to the general overloads, so an anonymous axis may count as a name.
 *
 * Invariant: the contracted dim is inferred of the left operand alone. Rank 3 comes before rank 2, which has more to spare.
 */
import type { Dim } from '../dim.ts';
import type { Shape } from '../shape.ts';
import type * as brand from './brand.ts';
import type { Tensor } from './f32.ts';
import type { NameOf, Pattern } from './pattern.ts';

export interface CommonMatmul {
  <L extends Dim, M extends Dim, K extends Dim, N extends Dim, F extends Dim, Name extends Dim>(
    this: string extends L ? (unknown extends K ? Pattern<[L, M, K]> : never) : NoInfer<Tensor<[L, M, K]>>,
    other: `,${L}=,${M}=` & `${string},${Name}=${string}` extends never
      ? NoInfer<F> extends K
        ? NoInfer<Tensor<[K, N]>>
        : NoInfer<F> extends L
          ? NoInfer<Tensor<[L, K, N]>>
          : Pattern<[F, ...unknown[]]>
      : Pattern<[...unknown[], N] | [...unknown[], NameOf<Name>]>,
  ): Tensor<[L, M, N]>;
  <M extends Dim, K extends Dim, N extends Dim, Name extends Dim>(
    this: string extends M ? (unknown extends K ? Pattern<[M, K]> : never) : NoInfer<Tensor<[M, K]>>,
    other: `${M}=` extends `${Name}=${string}` ? Pattern<[unknown, N] | [unknown, NameOf<Name>]> : NoInfer<Tensor<[K, N]>>,
  ): Tensor<[M, N]>;
  <P extends Dim, L extends Dim, M extends Dim, K extends Dim, N extends Dim, F extends Dim, Name extends Dim>(
    this: string extends P ? (unknown extends K ? Pattern<[P, L, M, K]> : never) : NoInfer<Tensor<[P, L, M, K]>>,
    other: `,${P}=,${L}=,${M}=` & `${string},${Name}=${string}` extends never
      ? NoInfer<F> extends P
        ? NoInfer<Tensor<[P, L, K, N]>>
        : NoInfer<F> extends K
          ? NoInfer<Tensor<[K, N]>>
          : Pattern<[F, ...unknown[]]>
      : Pattern<[...unknown[], N] | [...unknown[], NameOf<Name>]>,
  ): Tensor<[P, L, M, N]>;
  <P extends Shape, M extends Dim, K extends Dim, N extends Dim, Name extends Dim>(
    this: brand.Tensor<[...P, M, K]>,
    other: `${P[number] | M}=` & `${Name}=${string}` extends never
      ? NoInfer<Tensor<[K, N]> | Tensor<[...P, K, N]>>
      : Pattern<[...unknown[], N] | [...unknown[], NameOf<Name>]>,
  ): Tensor<[...P, M, N]>;
}
