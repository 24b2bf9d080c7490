/**
 * Tensors from data on the host: checks the data against the shape, and converts it to the dtype's elements.
 *
 * Invariant: what is not representable is refused, never rounded in silence: NaN and fractions do not become integers.
 */
import type { DataArray, Seeded } from '../types/creation.ts';
import type { DType } from '../types/dtype.ts';
import { roundToHalf } from '../types/half.ts';
import { literalShape, type Nested } from '../types/rules/literal.ts';
import { assertLegalShape } from '../types/rules/shape.ts';
import { resolveSizes, type SymbolSizes } from '../types/rules/sizes.ts';
import { type Shape, showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { DeferredTensor } from './deferredTensor.ts';
import { type HostArray, hostArrays } from './hostData.ts';
import { anySeed, normalNumbers, uniformNumbers } from './random.ts';

const elementCount = (sizes: readonly number[]): number => sizes.reduce((count, size) => count * size, 1);

const ranges = { i32: [-(2 ** 31), 2 ** 31 - 1], u32: [0, 2 ** 32 - 1] } as const;

/** Throws a `ShapeError` unless every number is one of the dtype's. */
function convert(operation: string, numbers: readonly number[], dtype: DType, shape: Shape): HostArray {
  if (dtype === 'f32') return Float32Array.from(numbers);
  if (dtype === 'f16') return Float32Array.from(numbers, roundToHalf);
  if (dtype === 'bool') return Uint8Array.from(numbers, (number) => (number === 0 ? 0 : 1));
  const [low, high] = ranges[dtype];
  const wrong = numbers.findIndex((number) => !Number.isInteger(number) || number < low || number > high);
  if (wrong >= 0) {
    throw new ShapeError(
      `${operation}: element ${wrong} is ${numbers[wrong]}: ${dtype}${showShape(shape)} (${dtype} takes whole numbers from ${low} to ${high})`,
    );
  }
  return dtype === 'i32' ? Int32Array.from(numbers) : Uint32Array.from(numbers);
}

const arrayDTypes = [
  [Float32Array, 'f32'],
  [Int32Array, 'i32'],
  [Uint32Array, 'u32'],
] as const;

const flatLeaves = (data: Nested): readonly unknown[] => (Array.isArray(data) ? (data as readonly Nested[]).flatMap(flatLeaves) : [data]);

/** See `CreateTensor`. */
export function hostTensor(data: Nested | DataArray, shapeOrNames?: Shape, third?: DType | SymbolSizes): DeferredTensor {
  if (ArrayBuffer.isView(data)) {
    const dtype = arrayDTypes.find(([array]) => data instanceof array)?.[1];
    if (dtype === undefined) {
      throw new ShapeError(
        `tensor: the data is a ${(data as object).constructor.name} (use a Float32Array, an Int32Array or a Uint32Array)`,
      );
    }
    if (shapeOrNames === undefined) throw new ShapeError("tensor: a typed array without a shape (give one, such as ['n', 'in=2'])");
    assertLegalShape('tensor', shapeOrNames);
    const sizes = resolveSizes('tensor', shapeOrNames, data.length, typeof third === 'object' ? third : {});
    return new DeferredTensor({ shape: [...shapeOrNames], dtype }, sizes, 'tensor', { host: data.slice() });
  }
  const shape = literalShape(data, shapeOrNames?.map(String));
  const leaves = flatLeaves(data);
  const wrong = leaves.findIndex((leaf) => typeof leaf !== typeof leaves[0] || (typeof leaf !== 'number' && typeof leaf !== 'boolean'));
  if (wrong >= 0) {
    const got = leaves[wrong] === null ? 'null' : typeof leaves[wrong];
    throw new ShapeError(`tensor: element ${wrong} has type ${got}: ${showShape(shape)} (elements are all numbers or all booleans)`);
  }
  const isBoolean = typeof leaves[0] === 'boolean';
  const dtype = typeof third === 'string' ? third : isBoolean ? 'bool' : 'f32';
  return new DeferredTensor({ shape, dtype }, resolveSizes('tensor', shape, leaves.length), 'tensor', {
    host: convert('tensor', leaves.map(Number), dtype, shape),
  });
}

function sizesOf(operation: string, shape: Shape): readonly number[] {
  assertLegalShape(operation, shape);
  return resolveSizes(operation, shape, undefined);
}

/** A tensor with one value in every element. Axes need sizes. */
export function filledTensor(operation: string, shape: Shape, value: number, dtype: DType): DeferredTensor {
  const sizes = sizesOf(operation, shape);
  const [element] = convert(operation, [value], dtype, shape);
  return new DeferredTensor({ shape: [...shape], dtype }, sizes, operation, {
    host: new hostArrays[dtype](elementCount(sizes)).fill(element ?? 0),
  });
}

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
