/**
 * The tensor of 32-bit floats. It is an interface of its own, so that editors show `Tensor<['n=3']>` without the dtype.
 *
 * Invariant: the shape is invariant (`in out`): a tensor never forgets a dim by assignment.
 */
import type { Shape } from '../shape.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { Comparison, Conversion } from './comparison.ts';
import type { Convolution } from './convolution.ts';
import type { Floating } from './floating.ts';
import type { Rearrangement } from './rearrangement.ts';
import type { Selection } from './selection.ts';
import type { Structure } from './structure.ts';

export interface Tensor<in out S extends Shape>
  extends Structure<S, 'f32'>,
    Rearrangement<'f32'>,
    Selection<'f32'>,
    Conversion<'f32'>,
    Comparison<'f32'>,
    Arithmetic<S, 'f32'>,
    Floating<S, 'f32'>,
    Convolution<'f32'> {}
