/**
 * Selections on values: each checks its shape rule, then records slices, pads, gathers and selects.
 *
 * Invariant: a rule is asked before anything is recorded, so every refusal is the rule's own sentence.
 */
import { add, broadcast, cast, compare, gather, iota, type Origin, pad, scatterAdd, slice } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import type { Dim } from '../types/dim.ts';
import { isFloating } from '../types/dtype.ts';
import { axesProblem, indexIn } from '../types/rules/axis.ts';
import { padProblem, padShape } from '../types/rules/pad.ts';
import { sliceProblem, sliceShape } from '../types/rules/slice.ts';
import { oneHotProblem, takeProblem, takeShape } from '../types/rules/take.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { isLiteralAxis, padded } from './symbolicCuts.ts';

type Axis = string | number;

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new ShapeError(problem);
}

export function sliceAxis(x: Value, axis: Axis, start: number, end: number | undefined, step: number, origin?: Origin): Value {
  refuse(sliceProblem(x.shape, axis, start, end, step));
  const index = indexIn(x.shape, axis);
  const at = <T>(picked: T, others: T): readonly T[] => x.shape.map((_, other) => (other === index ? picked : others));
  return slice(
    x,
    { starts: at(start, 0), limits: at(end, undefined), strides: at(step, 1), shape: sliceShape(x.shape, axis, start, end, step) },
    origin,
  );
}

export function padAxis(x: Value, axis: Axis, before: number, after: number, value: number | boolean, origin?: Origin): Value {
  refuse(padProblem(x.shape, axis, before, after));
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new ShapeError(`pad: the value has type ${typeof value} (give a number)`);
  if (x.dtype !== 'bool' && !isFloating(x.dtype) && !Number.isInteger(value)) {
    throw new ShapeError(`pad: ${value} is not a whole number: ${x.dtype}${showShape(x.shape)} (use a whole number, or an f32 tensor)`);
  }
  const index = indexIn(x.shape, axis);
  const at = (picked: number): readonly number[] => x.shape.map((_, other) => (other === index ? picked : 0));
  const filled = x.dtype === 'bool' ? Number(Boolean(value)) : Number(value);
  if (before + after > 0 && !isLiteralAxis(x.shape, index)) {
    return padded(x, padShape(x.shape, axis, before, after), index, before, filled, origin);
  }
  return pad(
    x,
    { low: at(before), high: at(after), interior: at(0), value: filled, shape: padShape(x.shape, axis, before, after) },
    origin,
  );
}

export function takeAlong(x: Value, axis: Axis, indices: Value, origin?: Origin): Value {
  refuse(takeProblem(x.shape, axis, indices.shape, indices.dtype));
  return gather(x, indices, indexIn(x.shape, axis), origin);
}

/** The index of each element along an axis. */
export const indicesAlong = (like: Value, axis: Axis, origin?: Origin): Value => {
  refuse(axesProblem('indices', like.shape, axis));
  return iota(indexIn(like.shape, axis), like.shape, 'i32', origin);
};

export function scatterAddAlong(x: Value, axis: Axis, indices: Value, updates: Value, origin?: Origin): Value {
  if (x.dtype === 'bool') throw new ShapeError(`scatterAdd: takes numbers, not bool${showShape(x.shape)} (make the tensor numbers)`);
  refuse(takeProblem(x.shape, axis, indices.shape, indices.dtype, 'scatterAdd'));
  const due = takeShape(x.shape, axis, indices.shape);
  if (updates.dtype !== x.dtype || updates.shape.length !== due.length || updates.shape.some((dim, i) => dim !== due[i])) {
    throw new ShapeError(
      `scatterAdd: the updates are ${updates.dtype}${showShape(updates.shape)}, not ${x.dtype}${showShape(due)} (give them the shape of take(axis, indices))`,
    );
  }
  const at = indexIn(x.shape, axis);
  return add(x, scatterAdd(updates, indices, at, x.shape[at] as Dim, origin), origin);
}

export function oneHotOf(indices: Value, dim: Dim, origin?: Origin): Value {
  if (indices.dtype !== 'i32' && indices.dtype !== 'u32') {
    throw new ShapeError(`oneHot: takes i32 or u32, not ${indices.dtype}${showShape(indices.shape)} (make the tensor i32 or u32)`);
  }
  refuse(oneHotProblem(indices.shape, dim));
  const shape = [...indices.shape, dim];
  const axes = [...indices.shape.keys()];
  const isIndex = compare(iota(axes.length, shape, indices.dtype, origin), broadcast(indices, shape, axes, origin), 'eq', origin);
  return cast(isIndex, 'f32', origin);
}
