import { describe, expect, it } from 'vitest';
import { multiplyIndex, unflatten } from '../3-fuse/indexArithmetic.ts';
import { variable } from '../3-fuse/indexing.ts';
import { productOf } from '../3-fuse/product.ts';
import { at } from '../at.ts';
import { computedType, indexText, literalText, sizeText, storedType } from './wgslText.ts';

describe('literals', () => {
  it.each([
    [1, 'f32', '1f'],
    [0.1, 'f32', '0.1f'],
    [1 / 3, 'f32', '0.33333334f'],
    [-2.5, 'f32', '(-2.5f)'],
    [-0, 'f32', '(-0f)'],
    [1e-30, 'f32', '1e-30f'],
    [3.4028234663852886e38, 'f32', '3.4028234663852886e+38f'],
    [Number.NaN, 'f32', 'bitcast<f32>(nan_bits)'],
    [1e39, 'f32', 'bitcast<f32>(infinity_bits)'],
    [Number.NEGATIVE_INFINITY, 'f32', '(-bitcast<f32>(infinity_bits))'],
    [-(2 ** 31), 'i32', 'i32(-2147483648)'],
    [7, 'i32', '7i'],
    [7, 'u32', '7u'],
    [1, 'bool', 'true'],
  ] as const)('%f as %s', (value, dtype, text) => expect(literalText(value, dtype)).toBe(text));
});

describe('sizes and indices', () => {
  it('keep symbols as constants', () => {
    expect(sizeText(productOf(['batch', 'in=784']))).toBe('(size_batch * 784u)');
    expect(sizeText(productOf(['time step']))).toBe('size_time_step');
    expect(sizeText(productOf([]))).toBe('1u');
  });
  it('divide and take remainders', () => {
    const axes = unflatten(variable('i', productOf([5, 'batch', 3])), [productOf([5]), productOf(['batch', 3])]);
    expect(indexText(at(axes, 0), (name) => name)).toBe('(i / (size_batch * 3u))');
    expect(indexText(multiplyIndex(at(axes, 1), productOf([5])), () => 'k')).toBe('(k % (size_batch * 3u)) * 5u');
  });
});

it('stores bool as u32, and computes halves in f32', () => {
  expect([computedType('bool'), storedType('bool')]).toEqual(['bool', 'u32']);
  expect(computedType('f16')).toBe('f32');
  expect(literalText(0.1, 'f16')).toBe('0.099975586f');
});
