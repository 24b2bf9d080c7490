/** The methods that move elements and compute none: other names, other orders, other shapes, and parts. */
import type { Dim } from '../../types/dim.ts';
import type { Division } from '../../types/rules/divides.ts';
import type { NameMap } from '../../types/rules/rename.ts';
import { rename, reshapeTo, withNames } from '../operations.ts';
import { flattenAxes, mergeAxes, permuteAxes, renameAxis, splitAxis, swapAxes } from '../rearrange.ts';
import { oneHotOf, padAxis, scatterAddAlong, sliceAxis, takeAlong } from '../selection.ts';
import type { Call } from './method.ts';

type Axis = string | number;

const noIndices = 'take: the indices are no tensor (make a tensor of them, with tensor(…))';

export const shapeMethods = {
  reshape: ({ value, at }: Call, shape: readonly Dim[]) => reshapeTo(value, shape, at),
  rename: ({ value, at }: Call, names: NameMap) => rename(value, names, at),
  withNames: ({ value, at }: Call, ...names: readonly string[]) => withNames(value, names, at),
  renameAxis: ({ value, at }: Call, axis: Axis, name: string) => renameAxis(value, axis, name, at),
  permute: ({ value, at }: Call, ...axes: readonly Axis[]) => permuteAxes(value, axes, at),
  transpose: ({ value, at }: Call, a: Axis, b: Axis) => swapAxes(value, a, b, at),
  flatten: ({ value, at }: Call, name?: string) => flattenAxes(value, name, at),
  merge: ({ value, at }: Call, axes: readonly Axis[] | Division, name?: string) => mergeAxes(value, axes, name, at),
  split: ({ value, at }: Call, axis: Axis | Division, parts?: readonly Dim[] | string) => splitAxis(value, axis, parts, at),

  slice: ({ value, at }: Call, axis: Axis, start: number, end?: number, step = 1) => sliceAxis(value, axis, start, end, step, at),
  pad: ({ value, at }: Call, axis: Axis, before: number, after: number, outside: number | boolean = 0) =>
    padAxis(value, axis, before, after, outside, at),
  take: (call: Call, axis: Axis, indices: unknown) => takeAlong(call.value, axis, call.tensor(indices, noIndices), call.at),
  scatterAdd: (call: Call, axis: Axis, indices: unknown, updates: unknown) =>
    scatterAddAlong(call.value, axis, call.tensor(indices), call.tensor(updates), call.at),
  oneHot: ({ value, at }: Call, dim: Dim) => oneHotOf(value, dim, at),
};
