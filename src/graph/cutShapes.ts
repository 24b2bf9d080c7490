/**
 * The shape rules of `slice`, `pad`, `skew` and `unskew`: the caller gives the result's dims, and the sizes are checked here.
 *
 * Invariant: an axis that changes is literal on both sides; any other keeps its size, symbolic or not.
 */
import { type Dim, sizeOf } from '../types/dim.ts';
import { GraphError } from './graphError.ts';
import type { PadParams, SkewParams, SliceParams } from './primitive.ts';
import { dimAt, elementCountText, one, requireAxes, requireShape } from './shapeChecks.ts';
import { showShape, type TensorType } from './showShape.ts';
import type { Value } from './value.ts';

type Cutting = 'slice' | 'pad' | 'skew' | 'unskew';

function requireCounts(primitive: Cutting, lists: readonly (readonly unknown[])[], from: readonly Dim[], to: readonly Dim[]): void {
  requireShape(primitive, to);
  if ([...lists, to].some(({ length }) => length !== from.length))
    throw new GraphError(primitive, `an entry for each axis of ${showShape(from)} is due, in the result ${showShape(to)}, too`);
}

function requireWhole(primitive: Cutting, name: string, values: readonly number[], least: number): void {
  const wrong = values.find((value) => !Number.isInteger(value) || value < least);
  if (wrong !== undefined) throw new GraphError(primitive, `${name} are whole numbers from ${least}, not ${wrong}`);
}

const literalSize = (dim: Dim): number | undefined => {
  const size = sizeOf(dim);
  return typeof size === 'number' ? size : undefined;
};

/** Refuses an axis of the result unless it has this size; undefined: the operand's. */
function requireSize(primitive: Cutting, from: readonly Dim[], to: readonly Dim[], axis: number, size: number | undefined): void {
  const [operand, result] = [dimAt(primitive, from, axis), dimAt(primitive, to, axis)];
  const due = size ?? operand;
  if (elementCountText([result]) !== elementCountText([due]))
    throw new GraphError(primitive, `axis ${axis} of ${showShape(from)} comes out at ${due}, not as in ${showShape(to)}`);
}

function literalAxis(primitive: Cutting, shape: readonly Dim[], axis: number): number {
  const size = literalSize(dimAt(primitive, shape, axis));
  if (size === undefined) throw new GraphError(primitive, `axis ${axis} of ${showShape(shape)} is symbolic and must stay whole`);
  return size;
}

export function sliceShape({ starts, limits, strides, shape: to }: SliceParams, operands: readonly Value[]): TensorType {
  const { shape, dtype } = one('slice', operands);
  requireCounts('slice', [starts, limits, strides], shape, to);
  requireWhole('slice', 'starts', starts, 0);
  requireWhole('slice', 'strides', strides, 1);
  for (const [axis, start] of starts.entries()) {
    const [limit, stride] = [limits[axis], strides[axis] ?? 1];
    if (start === 0 && limit === undefined && stride === 1) {
      requireSize('slice', shape, to, axis, undefined);
      continue;
    }
    const size = literalAxis('slice', shape, axis);
    const end = limit ?? size;
    if (!Number.isInteger(end) || start >= end || end > size)
      throw new GraphError('slice', `${start} to ${end} is no part of axis ${axis} of ${showShape(shape)}`);
    requireSize('slice', shape, to, axis, Math.ceil((end - start) / stride));
  }
  return { shape: to, dtype };
}

export function padShape({ low, high, interior, value, shape: to }: PadParams, operands: readonly Value[]): TensorType {
  const { shape, dtype } = one('pad', operands);
  requireCounts('pad', [low, high, interior], shape, to);
  requireWhole('pad', 'low, high and interior', [...low, ...high, ...interior], 0);
  if (dtype === 'bool' && value !== 0 && value !== 1) throw new GraphError('pad', `bool is 0 or 1, not ${value}`);
  if ((dtype === 'i32' || dtype === 'u32') && !Number.isInteger(value)) throw new GraphError('pad', `${value} is not a ${dtype}`);
  for (const [axis, before] of low.entries()) {
    const [after, between] = [high[axis] ?? 0, interior[axis] ?? 0];
    if (before === 0 && after === 0 && between === 0) requireSize('pad', shape, to, axis, undefined);
    else requireSize('pad', shape, to, axis, before + (literalAxis('pad', shape, axis) - 1) * (between + 1) + 1 + after);
  }
  return { shape: to, dtype };
}

/** The shapes of both: `slid` has the windows, `flat` what they slide over. */
function skewing(
  primitive: 'skew' | 'unskew',
  { axis, window, stride, dilation, shape: to }: SkewParams,
  operands: readonly Value[],
): TensorType {
  const { shape, dtype } = one(primitive, operands);
  requireCounts(primitive, [], shape, to);
  requireAxes(primitive, [axis, window], shape.length);
  requireWhole(primitive, 'stride and dilation', [stride, dilation], 1);
  const [slid, flat] = primitive === 'skew' ? [to, shape] : [shape, to];
  const [steps, size, width] = [
    literalAxis(primitive, slid, axis),
    literalAxis(primitive, flat, axis),
    literalAxis(primitive, flat, window),
  ];
  for (const other of shape.keys()) if (other !== axis) requireSize(primitive, shape, to, other, undefined);
  const reach = (steps - 1) * stride + (width - 1) * dilation + 1;
  if (reach > size)
    throw new GraphError(primitive, `${steps} windows reach over ${reach} of axis ${axis}: ${showShape(shape)}, ${showShape(to)}`);
  return { shape: to, dtype };
}

export const skewShape = (params: SkewParams, operands: readonly Value[]): TensorType => skewing('skew', params, operands);
export const unskewShape = (params: SkewParams, operands: readonly Value[]): TensorType => skewing('unskew', params, operands);
