/** The methods that multiply and add: matrix products, convolutions, and the pools that slide as convolutions do. */
import type { Options } from '../../types/rules/windowOptions.ts';
import { convolve, pool } from '../convolution.ts';
import { matmul } from '../operations.ts';
import { type Call, each } from './method.ts';

export const productMethods = {
  matmul: (call: Call, other: unknown) => matmul(call.value, call.tensor(other), call.at),
  ...each(
    ['conv1d', 'conv2d'],
    (name) => (call: Call, w: unknown, options?: Options) => convolve(name, call.value, call.tensor(w), options, call.at),
  ),
  ...each(
    ['maxPool1d', 'meanPool1d', 'maxPool2d', 'meanPool2d'],
    (name) =>
      ({ value, at }: Call, size: number | readonly number[], options?: Options) =>
        pool(name, value, size, options, at),
  ),
};
