/** The methods that reduce axes, or go along one. */
import type { KeepDims } from '../../types/tensor/arithmetic.ts';
import { cumulativeSum, indexOfLargest, smallest } from '../comparison.ts';
import { type AxisArgument, keepsDims, reduce } from '../operations.ts';
import { floatingReduction, softmaxAlong, truthReduction } from '../reductions.ts';
import { type Call, each } from './method.ts';

export const reductionMethods = {
  ...each(
    ['sum', 'max', 'mean'],
    (name) =>
      ({ value, at }: Call, axis?: AxisArgument, options?: KeepDims) =>
        reduce(name, value, axis, keepsDims(name, options), at),
  ),
  ...each(
    ['logSumExp', 'variance', 'std', 'norm'],
    (name) =>
      ({ value, at }: Call, axis?: AxisArgument, options?: KeepDims) =>
        floatingReduction(name, value, axis, keepsDims(name, options), at),
  ),
  ...each(
    ['any', 'all'],
    (name) =>
      ({ value, at }: Call, axis?: AxisArgument, options?: KeepDims) =>
        truthReduction(name, value, axis, keepsDims(name, options), at),
  ),
  min: ({ value, at }: Call, axis?: AxisArgument, options?: KeepDims) => smallest(value, axis, keepsDims('min', options), at),
  argmax: ({ value, at }: Call, axis: string | number, options?: KeepDims) => indexOfLargest(value, axis, keepsDims('argmax', options), at),
  cumsum: ({ value, at }: Call, axis: string | number) => cumulativeSum(value, axis, at),
  ...each(
    ['softmax', 'logSoftmax'],
    (name) =>
      ({ value, at }: Call, axis: string | number) =>
        softmaxAlong(name, value, axis, at),
  ),
};
