/**
 * Random numbers as part of a graph: element i of a shape is a function of the key and of i alone.
 *
 * Invariant: the words are those of Threefry2x32, on every device; keys, bits and uniform numbers are those of `jax.random` under
 * the same seed, bit for bit.
 * Source: jax.random (threefry2x32, partitionable); Giles, Approximating the erfinv function (2010).
 */
import * as b from '../graph/build.ts';
import type { RandomWord } from '../graph/primitive.ts';
import type { Value } from '../graph/value.ts';
import { hostTensor } from '../runtime/hostTensor.ts';
import type { Dim } from '../types/dim.ts';
import type { Draw, Interval, Key, keysOf } from '../types/random.ts';
import { product } from '../types/rules/merge.ts';
import { assertLegalShape } from '../types/rules/shape.ts';
import type { Shape } from '../types/shape.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { isLazyTensor, LazyTensor, merge, origin } from './lazyTensor.ts';

const keyShape: Shape = ['key=2'];
const words = 2 ** 32;

/**
 * A key from a seed, a whole number from 0 to 2^53 - 1. It is data, as `tensor` makes it: a layer takes it as an argument.
 *
 * @example const step = jit((p: P, k: Key) => …);   step(p, foldIn(key(0), i))
 */
export function key(seed: number): Key {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ShapeError(`key: the seed is ${seed} (give a whole number from 0 to ${Number.MAX_SAFE_INTEGER})`);
  }
  const data = Uint32Array.of(Math.floor(seed / words), seed % words);
  // seam: here shapes are values
  return LazyTensor.of(hostTensor(data, keyShape)) as never;
}

function requireKey(operation: string, given: unknown): LazyTensor {
  if (!isLazyTensor(given)) throw new ShapeError(`${operation}: the key is no tensor (make one with key(seed))`);
  if (given.dtype !== 'u32' || given.shape.length !== 1 || given.shape[0] !== keyShape[0]) {
    throw new ShapeError(`${operation}: the key is ${given.dtype}${showShape(given.shape)}, not u32[key=2] (make one with key(seed))`);
  }
  given.requireUsable(operation);
  return given;
}

/** One of a key's two words, in every element of a shape. */
function wordOf(from: Value, index: number, shape: readonly Dim[]): Value {
  const word = b.slice(from, { starts: [index], limits: [index + 1], strides: [1], shape: [1] });
  return b.broadcast(b.reshape(word, []), shape, []);
}

function draw(from: Value, counter: Value, word: RandomWord, at: b.Origin): Value {
  const { shape } = counter;
  return b.randomBits([wordOf(from, 0, shape), wordOf(from, 1, shape)], [b.constantLike(counter, 0), counter], word, at);
}

function folded(from: Value, number: Value, at: b.Origin): Value {
  const counter = b.broadcast(number, keyShape, []);
  const isFirst = b.compare(b.iota(0, keyShape, 'u32'), b.constant(0, keyShape, 'u32'), 'eq');
  return b.select(isFirst, draw(from, counter, 'first', at), draw(from, counter, 'second', at), at);
}

/** A key of its own for each number: for a step, a layer, an example. */
export function foldIn(from: Key, number: number | Tensor<[], 'u32'> | Tensor<[], 'i32'>): Key {
  const known = requireKey('foldIn', from);
  const at = origin();
  // seam: here shapes are values
  const result = (value: Value, symbols = known.symbols): Key => new LazyTensor(folded(known.value, value, at), symbols) as never;
  if (typeof number === 'number') {
    if (!Number.isInteger(number) || number < 0 || number >= words) {
      throw new ShapeError(`foldIn: the number is ${number} (give a whole number from 0 to ${words - 1})`);
    }
    return result(b.constant(number, [], 'u32'));
  }
  if (!isLazyTensor(number) || number.shape.length > 0 || (number.dtype !== 'u32' && number.dtype !== 'i32')) {
    throw new ShapeError('foldIn: the number is no whole number and no scalar of u32 or i32 (give one of them)');
  }
  number.requireUsable('foldIn');
  return result(number.dtype === 'u32' ? number.value : b.cast(number.value, 'u32', at), merge('foldIn', known, number));
}

/** As many keys as `count` says: `const [a, b] = splitKey(k, 2)`. Key i is `foldIn(k, i)`. */
export function splitKey<const N extends number>(from: Key, count: N): keysOf<N> {
  if (!Number.isInteger(count) || count < 1) throw new ShapeError(`splitKey: the count is ${count} (give a whole number from 1)`);
  const keys = Array.from({ length: count }, (_, i) => foldIn(from, i));
  // seam: the list has `count` keys
  return keys as unknown as keysOf<N>;
}

/** What to fill, and the sizes that are known of it. */
function target(operation: string, shapeOrTensor: unknown): { readonly shape: Shape; readonly symbols: LazyTensor['symbols'] } {
  if (isLazyTensor(shapeOrTensor)) {
    shapeOrTensor.requireUsable(operation);
    return shapeOrTensor;
  }
  if (!Array.isArray(shapeOrTensor))
    throw new ShapeError(`${operation}: there is no shape (give one, such as ['n', 'in=2'], or a tensor of it)`);
  assertLegalShape(operation, shapeOrTensor);
  return { shape: [...shapeOrTensor], symbols: {} };
}

/** Random words for a shape, and what is made of them. */
function drawn(operation: string, from: unknown, shapeOrTensor: unknown, make: (bits: Value, at: b.Origin) => Value): never {
  const known = requireKey(operation, from);
  const { shape, symbols } = target(operation, shapeOrTensor);
  const at = origin();
  const count = b.iota(0, [shape.length === 0 ? 1 : product(shape, undefined)], 'u32');
  const bits = draw(known.value, b.reshape(count, shape), 'both', at);
  // seam: the signatures in types/random.ts give each result its shape
  return new LazyTensor(make(bits, at), symbols) as never;
}

/** Numbers of [0, 1), each a multiple of 2^-23: exact in f32. */
function unit(bits: Value, at: b.Origin): Value {
  const high = b.cast(b.div(bits, b.constantLike(bits, 2 ** 9), at), 'f32', at);
  return b.mul(high, b.constantLike(high, 2 ** -23), at);
}

/** Random words, u32, each bit 0 or 1 with equal chance. No gradient. Shapes: the given one, or the given tensor's. */
export const randomBits: Draw<'randomBits', 'u32', undefined> = (from: unknown, shape: unknown) =>
  drawn('randomBits', from, shape, (bits) => bits);

/** Numbers from `low` (0) up to but not including `high` (1), evenly distributed. No gradient. Shapes: as `randomBits`. */
export const randomUniform: Draw<'randomUniform', 'f32', Interval> = (
  from: unknown,
  shape: unknown,
  { low = 0, high = 1 }: Interval = {},
) => {
  if (!(low < high && Number.isFinite(high - low))) {
    throw new ShapeError(`randomUniform: the interval is ${low} to ${high} (low is less than high, and both are finite)`);
  }
  return drawn('randomUniform', from, shape, (bits, at) => {
    const units = unit(bits, at);
    if (low === 0 && high === 1) return units;
    const like = (value: number): Value => b.constantLike(units, value);
    const scaled = b.add(b.mul(units, like(high - low), at), like(low), at);
    // rounding may reach `high` itself
    return b.select(b.compare(scaled, like(high), 'lt', at), scaled, like(low), at);
  });
};

const centre = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
];
const tail = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
];

/** The inverse of the error function, of what is neither 1 nor -1. */
function inverseErf(x: Value, at: b.Origin): Value {
  const like = (value: number): Value => b.constantLike(x, value);
  const horner = (coefficients: readonly number[], of: Value): Value =>
    coefficients.slice(1).reduce((sum, next) => b.add(b.mul(sum, of, at), like(next), at), like(coefficients[0] ?? 0));
  const w = b.neg(b.log(b.mul(b.sub(like(1), x, at), b.add(like(1), x, at), at), at), at);
  const inner = horner(centre, b.sub(w, like(2.5), at));
  // where the centre is taken, the root is of a number that may be a little below zero
  const outer = horner(tail, b.sub(b.sqrt(b.maximum(w, like(0), at), at), like(3), at));
  return b.mul(b.select(b.compare(w, like(5), 'lt', at), inner, outer, at), x, at);
}

/** Normally distributed numbers of mean 0 and variance 1. No gradient. Shapes: as `randomBits`. */
export const randomNormal: Draw<'randomNormal', 'f32', undefined> = (from: unknown, shape: unknown) =>
  drawn('randomNormal', from, shape, (bits, at) => {
    const units = unit(bits, at);
    // an odd multiple of 2^-24 between -1 and 1: exact, and neither of them
    const open = b.add(b.mul(units, b.constantLike(units, 2), at), b.constantLike(units, 2 ** -24 - 1), at);
    return b.mul(inverseErf(open, at), b.constantLike(units, Math.SQRT2), at);
  });
