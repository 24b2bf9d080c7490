/**
 * 16-bit floats on the host: numbers to their bits and back.
 *
 * Invariant: `halfBits` rounds to nearest, ties to even; what is above the largest half, 65504, by half a step or more is infinite.
 * Source: IEEE 754-2019, binary16.
 */

const smallestExponent = -14;
/** From here on a number rounds to infinity. */
const tooLarge = 65520;

/** From here on doubles are whole numbers: adding it rounds to nearest, ties to even. */
const wholeOnly = 1 / Number.EPSILON;

/** The bits of the nearest half. */
export function halfBits(x: number): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  if (Number.isNaN(x)) return 0x7e00;
  if (size >= tooLarge) return sign | 0x7c00;
  const exponent = Math.max(Math.floor(Math.log2(size)), smallestExponent);
  // a carry out of the fraction goes into the exponent, as it should
  return sign | (((exponent - smallestExponent) << 10) + (size / 2 ** (exponent - 10) + wholeOnly - wholeOnly));
}

/** The number that a half stands for. */
export function halfFromBits(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  const special = fraction === 0 ? Infinity : Number.NaN;
  const size = exponent === 0 ? fraction * 2 ** -24 : exponent < 31 ? (1024 + fraction) * 2 ** (exponent - 25) : special;
  return (bits & 0x8000) === 0 ? size : -size;
}

/** The nearest half, as a number. */
export const roundToHalf = (x: number): number => halfFromBits(halfBits(x));
