/**
 * Rotary positions: the two halves of the last axis are the parts of complex numbers, each turned by the position times a frequency of
 * its own, so that products of queries and keys depend on their distance alone.
 *
 * Invariant: lengths stay.
 * Source: Su et al., 2021; the halves lie apart, as in GPT-NeoX and LLaMA.
 */
import { concat, type Dim, type Divides, einsum, type Quotient, type SizedShape, type Tensor, tensor } from '../index.ts';
import { sizeText } from './axisSize.ts';
import { positive, requireOptions } from './options.ts';

/** Cosines and sines of the angles, one row a position. They are data: give them to a compiled step as an argument. */
export interface RotaryTables<T extends Dim, E extends Dim> {
  readonly half: Divides<2, E>;
  readonly cos: Tensor<[T, Quotient<E, 2>]>;
  readonly sin: Tensor<[T, Quotient<E, 2>]>;
}

type SizedDim<operation extends string, D extends Dim> = [SizedShape<operation, [D]>] extends [readonly [D]]
  ? D
  : SizedShape<operation, [D]>;

/**
 * The tables for positions 0, 1, 2, … of an axis, and the two halves of the size within a head.
 *
 * @example rotaryTables('t=32', divides(2, 'headDim=64'))   // cos: Tensor<['t=32', 32]>
 */
export function rotaryTables<const T extends Dim, E extends Dim>(
  position: SizedDim<'rotaryTables', T>,
  half: Divides<2, E>,
  options: { readonly base?: number } = {},
): RotaryTables<T, E> {
  const { base = 10000 } = requireOptions('rotaryTables', { base: positive }, options);
  const [rows, columns] = [Number(sizeText(position)), Number(sizeText(half.dividend)) / 2];
  const table = (part: (angle: number) => number) => {
    const elements = Float32Array.from({ length: rows * columns }, (_, at) =>
      part(Math.floor(at / columns) * base ** (-(at % columns) / columns)),
    );
    // seam: half of the size is the quotient
    return tensor(elements, [position, columns] as never) as unknown as Tensor<[T, Quotient<E, 2>]>;
  };
  return { half, cos: table(Math.cos), sin: table(Math.sin) };
}

/**
 * Each vector within a head turned by its position.
 *
 * Shapes: [b, head, t, e] with tables [t, e/2] → the same. Gradient: dY turned back.
 */
export function rotary<B extends Dim, H extends Dim, T extends Dim, E extends Dim>(
  x: Tensor<[B, H, T, E]>,
  { half, cos, sin }: RotaryTables<NoInfer<T>, NoInfer<E>>,
): Tensor<[B, H, T, E]> {
  const parts = x.split(half);
  const turned = concat([parts.slice(3, 1, 2).neg(), parts.slice(3, 0, 1)], 3);
  return einsum('bhtse,te->bhtse', parts, cos)
    .add(einsum('bhtse,te->bhtse', turned, sin))
    .merge(half);
}

/** As `rotary`, of [b, head, group, t, e]. */
export function groupedRotary<B extends Dim, H extends Dim, G extends Dim, T extends Dim, E extends Dim>(
  x: Tensor<[B, H, G, T, E]>,
  { half, cos, sin }: RotaryTables<NoInfer<T>, NoInfer<E>>,
): Tensor<[B, H, G, T, E]> {
  const parts = x.split(half);
  const turned = concat([parts.slice(4, 1, 2).neg(), parts.slice(4, 0, 1)], 4);
  return einsum('bhgtse,te->bhgtse', parts, cos)
    .add(einsum('bhgtse,te->bhgtse', turned, sin))
    .merge(half);
}
