/**
 * Tensors of random numbers from the host.
 *
 * Invariant: equal seeds give equal numbers, on every device.
 */
import type { Seeded } from '../types/creation.ts';
import type { Shape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { DeferredTensor } from './deferredTensor.ts';
import { elementCount } from './hostData.ts';
import { sizesOf } from './hostTensor.ts';
import { anySeed, normalNumbers, uniformNumbers } from './random.ts';

/** See `CreateNormal`. */
export function normalTensor(shape: Shape, { seed = anySeed() }: Seeded = {}): DeferredTensor {
  const sizes = sizesOf('randn', shape);
  return new DeferredTensor({ shape: [...shape], dtype: 'f32' }, sizes, 'randn', {
    host: normalNumbers(elementCount(sizes), checkSeed('randn', seed)),
  });
}

/** See `CreateUniform`. */
export function uniformTensor(shape: Shape, options: Seeded & { readonly low?: number; readonly high?: number } = {}): DeferredTensor {
  const { seed = anySeed(), low = 0, high = 1 } = options;
  const sizes = sizesOf('uniform', shape);
  if (!(low <= high)) throw new ShapeError(`uniform: the range from ${low} to ${high} is empty (give a low that is not above high)`);
  return new DeferredTensor({ shape: [...shape], dtype: 'f32' }, sizes, 'uniform', {
    host: uniformNumbers(elementCount(sizes), checkSeed('uniform', seed), low, high),
  });
}

function checkSeed(operation: string, seed: number): number {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new ShapeError(`${operation}: the seed is ${seed} (seeds are whole numbers from 0)`);
  return seed;
}
