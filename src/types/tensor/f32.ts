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
import type { Host, Structure, Views } from './structure.ts';

/** All members but those that say the shape: one type for all shapes, where the bases of an interface are made anew for each. */
type Flat<members> = { readonly [name in keyof members]: members[name] };
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

export interface Tensor<in out S extends Shape> extends Structure<S, 'f32'>, Members {}
