/** The tensor of truth values; shown as `Tensor<['n=3'], 'bool'>`. */
import type { Shape } from '../shape.ts';
import type { Conversion, Logic } from './comparison.ts';
import type { Rearrangement } from './rearrangement.ts';
import type { Selection } from './selection.ts';
import type { Host, Structure, Views } from './structure.ts';

export interface Tensor<in out S extends Shape, in out D extends 'bool'>
  extends Structure<S, D>,
    Views<D>,
    Host<D>,
    Rearrangement<D>,
    Selection<D>,
    Conversion<D>,
    Logic {}
