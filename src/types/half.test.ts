import { expect, it } from 'vitest';
import { halfBits, halfFromBits, roundToHalf } from './half.ts';

it('knows the values of the standard', () => {
  const known: readonly (readonly [number, number])[] = [
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -14 - 2 ** -24, 0x03ff],
    [1 / 3, 0x3555],
    [Number.POSITIVE_INFINITY, 0x7c00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
  ];
  for (const [number, bits] of known) expect(halfBits(number)).toBe(bits);
});

it('is exact in both directions for every half', () => {
  for (let bits = 0; bits < 2 ** 16; bits++) {
    const number = halfFromBits(bits);
    if (!Number.isNaN(number)) expect(halfBits(number)).toBe(bits);
  }
  expect(roundToHalf(Number.NaN)).toBeNaN();
});

it('rounds to nearest, ties to even, between any two neighbours', () => {
  for (let bits = 0; bits < 0x7bff; bits++) {
    const [low, high] = [halfFromBits(bits), halfFromBits(bits + 1)];
    const middle = (low + high) / 2;
    expect(halfBits(middle)).toBe(bits % 2 === 0 ? bits : bits + 1);
    expect(halfBits(middle - (high - low) / 1024)).toBe(bits);
    expect(halfBits(middle + (high - low) / 1024)).toBe(bits + 1);
  }
  expect([65519.99, 65520, -65520, 1e300, 2 ** -25, 2 ** -25 * 1.01].map(roundToHalf)).toEqual([
    65504,
    Infinity,
    -Infinity,
    Infinity,
    0,
    2 ** -24,
  ]);
});
