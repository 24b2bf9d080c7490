/** The tensor of truth values; shown as `Tensor<['n=3'], 'bool'>`. */
import type { Shape } from '../shape.ts';
import type { Conversion, Logic } from './comparison.ts';
import type { Rearrangement } from './rearrangement.ts';
import type { Selection } from './selection.ts';
import type { Flat, Host, Structure, Views } from './structure.ts';

type Members = Flat<Views<'bool'> & Host<'bool'> & Rearrangement<'bool'> & Selection<'bool'> & Conversion<'bool'> & Logic>;

export interface Tensor<in out S extends Shape, in out D extends 'bool'> extends Structure<S, D>, Members {}
