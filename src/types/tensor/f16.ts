/** The tensor of 16-bit floats; shown as `Tensor<['n=3'], 'f16'>`. */
import type { Shape } from '../shape.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { Comparison, Conversion } from './comparison.ts';
import type { Convolution } from './convolution.ts';
import type { Floating } from './floating.ts';
import type { Rearrangement } from './rearrangement.ts';
import type { Selection } from './selection.ts';
import type { Flat, Host, Structure, Views } from './structure.ts';

type Members = Flat<
  Views<'f16'> &
    Host<'f16'> &
    Rearrangement<'f16'> &
    Selection<'f16'> &
    Conversion<'f16'> &
    Comparison<'f16'> &
    Arithmetic<'f16'> &
    Floating<'f16'> &
    Convolution<'f16'>
>;

export interface Tensor<in out S extends Shape, in out D extends 'f16'> extends Structure<S, D>, Members {}
