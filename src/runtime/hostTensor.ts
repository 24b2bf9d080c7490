/**
 * Tensors from data on the host: checks the data against the shape, and converts it to the dtype's elements.
 *
 * Invariant: what is not representable is refused, never rounded in silence: NaN and fractions do not become integers.
 */
import type { DataArray } from '../types/creation.ts';
import { dimOf, nameOf } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import { roundToHalf } from '../types/half.ts';
import { type Nested, ragged, sizesOfNested } from '../types/nested.ts';
import { resolveSizes, type SymbolSizes } from '../types/rules/sizes.ts';
import { type Shape, showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { DeferredTensor } from './deferredTensor.ts';
import { dtypeOf, elementCount, type HostArray, hostArrays } from './hostData.ts';

const ranges = { i32: [-(2 ** 31), 2 ** 31 - 1], u32: [0, 2 ** 32 - 1] } as const;

/** Throws a `ShapeError` unless every number is one of the dtype's. */
function convert(operation: string, numbers: readonly number[], dtype: DType, shape: Shape): HostArray {
  if (dtype === 'f16') return Float32Array.from(numbers, roundToHalf);
  if (dtype === 'bool') return Uint8Array.from(numbers, (number) => (number === 0 ? 0 : 1));
  if (dtype !== 'f32') {
    const [low, high] = ranges[dtype];
    const wrong = numbers.findIndex((number) => !Number.isInteger(number) || number < low || number > high);
    if (wrong >= 0) {
      throw new ShapeError(
        `${operation}: element ${wrong} is ${numbers[wrong]}: ${dtype}${showShape(shape)} (${dtype} takes whole numbers from ${low} to ${high})`,
      );
    }
  }
  return hostArrays[dtype].from(numbers);
}

const flatLeaves = (data: Nested): readonly unknown[] => (Array.isArray(data) ? (data as readonly Nested[]).flatMap(flatLeaves) : [data]);

const namedOrNot = /^([A-Za-z]\w*=)?\w[\w*/+-]*$/;

/**
 * What programs without a compiler need to know of a shape: that every dim is one, and no name stands twice. The language asks the
 * rules before, which say more; for others the types have said it.
 */
function requireDims(operation: string, shape: Shape): void {
  const names = shape.flatMap((dim) => nameOf(dim) ?? []);
  if (shape.every((dim) => namedOrNot.test(`${dim}`)) && new Set(names).size === names.length) return;
  throw new ShapeError(`${operation}: the shape is not legal: ${showShape(shape)} (write 3, 'in=3' or 'batch', each name once)`);
}

function shapeOfNested(data: Nested, names: readonly string[] | undefined): Shape {
  const sizes = sizesOfNested(data);
  if (sizes === undefined) throw new ShapeError(ragged);
  if (names !== undefined && names.length !== sizes.length)
    throw new ShapeError(`tensor: ${names.length} names for ${sizes.length} axes: ${showShape(sizes)} (give each axis a name)`);
  const shape = names === undefined ? sizes : sizes.map((size, axis) => dimOf(`${size}`, names[axis]));
  requireDims('tensor', shape);
  return shape;
}

/** See `CreateTensor`. */
export function hostTensor(data: Nested | DataArray, shapeOrNames?: Shape, third?: DType | SymbolSizes): DeferredTensor {
  if (ArrayBuffer.isView(data)) {
    const dtype = dtypeOf(data);
    if (dtype === undefined || dtype === 'bool') {
      throw new ShapeError(
        `tensor: the data is a ${(data as object).constructor.name} (use a Float32Array, an Int32Array or a Uint32Array)`,
      );
    }
    if (shapeOrNames === undefined) throw new ShapeError("tensor: a typed array without a shape (give one, such as ['n', 'in=2'])");
    requireDims('tensor', shapeOrNames);
    const sizes = resolveSizes('tensor', shapeOrNames, data.length, typeof third === 'object' ? third : {});
    return new DeferredTensor({ shape: [...shapeOrNames], dtype }, sizes, 'tensor', { host: data.slice() });
  }
  const shape = shapeOfNested(data, shapeOrNames?.map(String));
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

/** The sizes of a shape that has them all. Throws a `ShapeError`. */
export function sizesOf(operation: string, shape: Shape): readonly number[] {
  requireDims(operation, shape);
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
