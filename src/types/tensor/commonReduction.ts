/**
 * The common reductions of 32-bit floats: over one axis, by its name or by index.
 *
 * Rank 2 has an overload an axis, whose argument is what the axis is called, so that nothing is inferred of it: where the rank is another,
 * the signature is the same in all calls. Rank 3 has one overload, which infers the argument and finds the axis: `R` is the shape
 * that is left, or unknown. Names are compared both ways, as a union would fit one way, and the name of a wide dim the other; of an anonymous
 * axis, the name is the constraint, which no text is compared with and fits.
 *
 * Invariant: what is undecided is unknown: in a generic body, which gives no names, or for an axis of type any, the tensor does not fit.
 */
import type { Dim, nameOf } from '../dim.ts';
import type { Kept } from '../rules/kept.ts';
import type { Shape } from '../shape.ts';
import type { KeepDims } from './arithmetic.ts';
import type * as brand from './brand.ts';
import type { Tensor } from './f32.ts';
import type { NameOf, Pattern, Plain } from './pattern.ts';

// Written out in the signature, a literal would put it before all others.
type First = 0;
type Last = 1 | -1;

export interface CommonReduction {
  <M extends Dim, N extends Dim, Name extends string>(
    this: string extends Name
      ? unknown extends N
        ? Pattern<[M, N]>
        : never
      : Plain[Name] extends never
        ? Pattern<[unknown, NameOf<Name>]>
        : NoInfer<Tensor<[M, N]>>,
    axis: NoInfer<Name> | 1 | -1,
  ): Tensor<[M]>;
  <M extends Dim, N extends Dim, Name extends string>(
    this: string extends Name
      ? unknown extends N
        ? Pattern<[M, N]>
        : never
      : Plain[Name] extends never
        ? Pattern<[NameOf<Name>, unknown]>
        : NoInfer<Tensor<[M, N]>>,
    axis: NoInfer<Name> | 0,
  ): Tensor<[N]>;
  <M extends Dim, N extends Dim, Name extends string>(
    this: string extends Name
      ? unknown extends N
        ? Pattern<[M, N]>
        : never
      : Plain[Name] extends never
        ? Pattern<[unknown, NameOf<Name>]>
        : NoInfer<Tensor<[M, N]>>,
    axis: NoInfer<Name> | 1 | -1,
    options: KeepDims,
  ): Tensor<[M, `${Name}=1`]>;
  <M extends Dim, N extends Dim, Name extends string>(
    this: string extends Name
      ? unknown extends N
        ? Pattern<[M, N]>
        : never
      : Plain[Name] extends never
        ? Pattern<[NameOf<Name>, unknown]>
        : NoInfer<Tensor<[M, N]>>,
    axis: NoInfer<Name> | 0,
    options: KeepDims,
  ): Tensor<[`${Name}=1`, N]>;
  <
    L extends Dim,
    M extends Dim,
    N extends Dim,
    A extends string | bigint,
    B extends string | bigint,
    C extends string | bigint,
    X extends string | number,
    R = Dim extends L
      ? unknown
      : NoInfer<X> extends number
        ? NoInfer<X> extends 2 | -1
          ? [L, M]
          : NoInfer<X> extends 1
            ? [L, N]
            : NoInfer<X> extends 0
              ? [M, N]
              : unknown
        : Plain[X] extends never
          ? unknown
          : NoInfer<C> extends X
            ? NoInfer<X> extends C
              ? [L, M]
              : unknown
            : NoInfer<B> extends X
              ? NoInfer<X> extends B
                ? [L, N]
                : unknown
              : NoInfer<A> extends X
                ? NoInfer<X> extends A
                  ? [M, N]
                  : unknown
                : unknown,
  >(
    this: unknown extends R
      ? unknown extends L
        ? Pattern<[L, M, N]>
        : unknown extends M
          ? Pattern<[NameOf<A>, NameOf<B>, NameOf<C>]>
          : never
      : NoInfer<Tensor<[L, M, N]>>,
    axis: X,
  ): Tensor<R>;
  <M extends Dim, N extends Dim>(this: brand.Tensor<[M, N]>, axis: Last): Tensor<[M]>;
  <M extends Dim, N extends Dim>(this: brand.Tensor<[M, N]>, axis: First): Tensor<[N]>;
  <
    L extends Dim,
    M extends Dim,
    N extends Dim,
    A extends string | bigint,
    B extends string | bigint,
    C extends string | bigint,
    X extends string | number,
    R = Dim extends L
      ? unknown
      : NoInfer<X> extends number
        ? NoInfer<X> extends 2 | -1
          ? [L, M, Kept<N>]
          : NoInfer<X> extends 1
            ? [L, Kept<M>, N]
            : NoInfer<X> extends 0
              ? [Kept<L>, M, N]
              : unknown
        : Plain[X] extends never
          ? unknown
          : C & {} extends X
            ? NoInfer<X> extends C
              ? [L, M, `${C}=1`]
              : unknown
            : B & {} extends X
              ? NoInfer<X> extends B
                ? [L, `${B}=1`, N]
                : unknown
              : A & {} extends X
                ? NoInfer<X> extends A
                  ? [`${A}=1`, M, N]
                  : unknown
                : unknown,
  >(
    this: unknown extends R
      ? unknown extends L
        ? Pattern<[L, M, N]>
        : unknown extends M
          ? Pattern<[NameOf<A>, NameOf<B>, NameOf<C>]>
          : never
      : NoInfer<Tensor<[L, M, N]>>,
    axis: X,
    options: KeepDims,
  ): Tensor<R>;
  <P extends Shape, Name extends string, Size extends string>(
    this: brand.Tensor<[...P, `${Name}=${Size}`]>,
    axis: NoInfer<Name> | P['length'] | -1,
  ): Tensor<P>;
  <P extends Shape, N extends Dim>(this: brand.Tensor<[N, ...P]>, axis: nameOf<NoInfer<N>> | 0): Tensor<P>;
  <P extends Shape, M extends Dim, N extends Dim>(
    this: brand.Tensor<[...P, M, N]>,
    axis: nameOf<NoInfer<M>> | P['length'],
  ): Tensor<[...P, N]>;
  <P extends Shape, Name extends string, Size extends string>(
    this: brand.Tensor<[...P, `${Name}=${Size}`]>,
    axis: NoInfer<Name> | P['length'] | -1,
    options: KeepDims,
  ): Tensor<[...P, `${Name}=1`]>;
}
