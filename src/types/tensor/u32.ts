/** The tensor of unsigned 32-bit integers; shown as `Tensor<['n=3'], 'u32'>`. */
import type { Shape } from '../shape.ts';
import type { IntegerMembers } from './integer.ts';
import type { Structure } from './structure.ts';

type Members = IntegerMembers<'u32'>;

export interface Tensor<in out S extends Shape, in out D extends 'u32'> extends Structure<S, D>, Members {}
