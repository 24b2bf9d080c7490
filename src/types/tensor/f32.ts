/**
 * The tensor of 32-bit floats. It is an interface of its own, so that editors show `Tensor<['n=3']>` without the dtype.
 *
 * Invariant: the shape is invariant (`in out`): a tensor never forgets a dim by assignment.
 */
import type { Arithmetic } from './arithmetic.ts';
import type { brand, Exactly } from './brand.ts';
import type { Comparison, Conversion } from './comparison.ts';
import type { Convolution } from './convolution.ts';
import type { Floating } from './floating.ts';
import type { Rearrangement } from './rearrangement.ts';
import type { Selection } from './selection.ts';
import type * as structure from './structure.ts';
import type { Flat, Host, Sizes, Views } from './structure.ts';

type Members = Flat<
  Views<'f32'> &
    Host<'f32'> &
    Rearrangement<'f32'> &
    Selection<'f32'> &
    Conversion<'f32'> &
    Comparison<'f32'> &
    Arithmetic<'f32'> &
    Floating<'f32'> &
    Convolution<'f32'>
>;

// As those of any dtype. What is inferred of `[…]` is the shape itself, which needs no comparison.
type Transposed<S> = S extends [infer M, infer N] ? Tensor<[N, M]> : structure.Transposed<S, 'f32'>;
type MatrixTransposed<S> = S extends [...infer batch, infer M, infer N] ? Tensor<[...batch, N, M]> : structure.MatrixTransposed<S, 'f32'>;

// As `Structure`, which it fits: a base that depends on the shape costs two instantiations for each shape and each operand.
export interface Tensor<in out S> extends Members {
  /** The dims, as written in the type. */
  readonly shape: S;
  /** The dims' sizes. A symbolic axis has its size once the tensor has data; before that, reading it throws a `ShapeError`. */
  readonly sizes: Sizes<S>;
  readonly dtype: 'f32';
  // Behind the shape: errors speak of the first property that differs.
  readonly [brand]: Exactly<S>;

  /** The transpose of a matrix. Shapes: [m, n] → [n, m]. Gradient: dY.T. */
  readonly T: Transposed<S>;
  /** Swaps the last two axes. Shapes: [...batch, m, n] → [...batch, n, m]. Gradient: dY.mT. */
  readonly mT: MatrixTransposed<S>;
}
