/** The tensors of integers; shown as `Tensor<['n=3'], 'i32'>`. */
import type { Shape } from '../shape.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { Comparison, Conversion } from './comparison.ts';
import type { Rearrangement } from './rearrangement.ts';
import type { Indexing, Selection } from './selection.ts';
import type { Host, Structure, Views } from './structure.ts';

export interface Tensor<in out S extends Shape, in out D extends 'i32' | 'u32'>
  extends Structure<S, D>,
    Views<D>,
    Host<D>,
    Rearrangement<D>,
    Selection<D>,
    Conversion<D>,
    Comparison<D>,
    Indexing<D>,
    Arithmetic<D> {}
