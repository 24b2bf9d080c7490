/**
 * Shapes and types as text, one way everywhere: `[n=3, in=2]`, `f32[n=3, in=2]`.
 *
 * Invariant: unequal shapes give unequal text (a dim that could be misread is quoted), since printed graphs serve as keys.
 */
import type { Dim } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';

/** What is known of a value before it has data. */
export interface TensorType {
  readonly shape: readonly Dim[];
  readonly dtype: DType;
}

const plain = /^[^\s\d=,'"[\](){}][^\s=,'"[\](){}]*(=\d+)?$/;

function showDim(dim: Dim): string {
  return typeof dim === 'number' || plain.test(dim) ? `${dim}` : JSON.stringify(dim);
}

export function showShape(shape: readonly Dim[]): string {
  return `[${shape.map(showDim).join(', ')}]`;
}

export function showType(type: TensorType): string {
  return `${type.dtype}${showShape(type.shape)}`;
}
