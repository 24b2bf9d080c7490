/**
 * The tensor type: a shape, dims as literals, and a dtype.
 *
 * Invariant: one interface a dtype, all named `Tensor`, so that an operation a dtype lacks is not there to call.
 */
import type { DType } from '../dtype.ts';
import type { Shape } from '../shape.ts';
import type * as boolean from './boolean.ts';
import type * as f16 from './f16.ts';
import type * as f32 from './f32.ts';
import type * as i32 from './i32.ts';
import type * as u32 from './u32.ts';

/**
 * A tensor of shape `S` and dtype `D`.
 *
 * @example Tensor<['n=3', 'in=2']>   Tensor<['batch', 784]>   Tensor<[], 'i32'>
 */
export type Tensor<S extends Shape, D extends DType = 'f32'> = D extends 'f32'
  ? f32.Tensor<S>
  : D extends 'i32'
    ? i32.Tensor<S, D>
    : D extends 'u32'
      ? u32.Tensor<S, D>
      : D extends 'f16'
        ? f16.Tensor<S, D>
        : D extends 'bool'
          ? boolean.Tensor<S, D>
          : never;
