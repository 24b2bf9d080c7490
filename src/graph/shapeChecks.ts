/**
 * The preconditions that the rules of `inferShape` share. Each throws a `GraphError` that names the primitive.
 *
 * Invariant: dims are compared as literals, as the types compare them; only `reshape` and a stretching `broadcast` look at sizes.
 */
import { multiplySizes } from '../types/arithmetic/sizes.ts';
import { type Dim, sizeOf, sizeTextOf } from '../types/dim.ts';
import { type DType, isFloating } from '../types/dtype.ts';
import { GraphError } from './graphError.ts';
import type { Primitive } from './primitive.ts';
import { showShape, showType, type TensorType } from './showShape.ts';
import type { Value } from './value.ts';

export const isInteger = (dtype: DType): boolean => dtype === 'i32' || dtype === 'u32';
export const isNumeric = (dtype: DType): boolean => dtype !== 'bool';
export const isSigned = (dtype: DType): boolean => isFloating(dtype) || dtype === 'i32';

export function equalShapes(left: readonly Dim[], right: readonly Dim[]): boolean {
  return left.length === right.length && left.every((dim, axis) => dim === right[axis]);
}

export function equalTypes(left: TensorType, right: TensorType): boolean {
  return left.dtype === right.dtype && equalShapes(left.shape, right.shape);
}

/** The one operand of a unary primitive. */
export function one(primitive: Primitive, operands: readonly Value[]): Value {
  const [operand] = operands;
  if (operand === undefined || operands.length !== 1) throw new GraphError(primitive, `takes 1 operand, not ${operands.length}`);
  return operand;
}

/** The two operands of a binary primitive. */
export function two(primitive: Primitive, operands: readonly Value[]): readonly [Value, Value] {
  const [left, right] = operands;
  if (left === undefined || right === undefined || operands.length !== 2) {
    throw new GraphError(primitive, `takes 2 operands, not ${operands.length}`);
  }
  return [left, right];
}

export function requireDType(primitive: Primitive, accepts: (dtype: DType) => boolean, dtype: DType): void {
  if (!accepts(dtype)) throw new GraphError(primitive, `does not take ${dtype}`);
}

export function requireEqualTypes(primitive: Primitive, left: TensorType, right: TensorType): void {
  if (!equalTypes(left, right)) throw new GraphError(primitive, `operands differ: ${showType(left)}, ${showType(right)}`);
}

export function dimAt(primitive: Primitive, shape: readonly Dim[], axis: number): Dim {
  const dim = shape[axis];
  if (dim === undefined) throw new GraphError(primitive, `axis ${axis} is not an axis of ${showShape(shape)}`);
  return dim;
}

/** In range and no axis twice. */
export function requireAxes(primitive: Primitive, axes: readonly number[], rank: number): void {
  for (const axis of axes) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= rank)
      throw new GraphError(primitive, `axis ${axis} is out of range for rank ${rank}`);
  }
  if (new Set(axes).size !== axes.length) throw new GraphError(primitive, `an axis stands twice in [${axes.join(', ')}]`);
}

export function requireAscendingAxes(primitive: Primitive, axes: readonly number[], rank: number): void {
  requireAxes(primitive, axes, rank);
  if (axes.some((axis, i) => i > 0 && axis < (axes[i - 1] ?? 0)))
    throw new GraphError(primitive, `axes [${axes.join(', ')}] do not ascend`);
}

/** Literal sizes are whole numbers, at least 1: a zero-sized axis is refused by the language before it gets here. */
export function requireShape(primitive: Primitive, shape: readonly Dim[]): void {
  for (const dim of shape) {
    const size = sizeOf(dim);
    if (typeof size === 'number' && (!Number.isInteger(size) || size < 1)) {
      throw new GraphError(primitive, `the shape ${showShape(shape)} has an axis of size ${size}`);
    }
  }
}

/** The number of elements, in normal form: equal counts are equal texts. */
export function elementCountText(shape: readonly Dim[]): string {
  return shape.map(sizeTextOf).reduce(multiplySizes, '1');
}
