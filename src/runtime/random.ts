/**
 * Random numbers by counter: element i of a seed is always the same number, whatever was drawn before.
 *
 * Invariant: results are exact in 32-bit integer arithmetic, so every device and language gives the same bits.
 * Source: Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3 (2011), Philox4x32-10; Box and Muller (1958).
 */

const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const keySteps = [0x9e3779b9, 0xbb67ae85] as const;
const rounds = 10;

/** The high and low words of the product of two 32-bit words. */
function multiplyWords(a: number, b: number): readonly [high: number, low: number] {
  const product = BigInt(a) * BigInt(b);
  return [Number(product >> 32n), Number(product & 0xffffffffn)];
}

type Words = readonly [number, number, number, number];

/** Four random words for one counter. */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < rounds; round++) {
    const [high0, low0] = multiplyWords(multipliers[0], c0);
    const [high1, low1] = multiplyWords(multipliers[1], c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    [k0, k1] = [(k0 + keySteps[0]) >>> 0, (k1 + keySteps[1]) >>> 0];
  }
  return [c0, c1, c2, c3];
}

const twoTo24 = 2 ** 24;
const twoTo32 = 2 ** 32;

/** `count` numbers of [0, 1), each a multiple of 2⁻²⁴, so exact in f32. */
function unitIntervals(count: number, seed: number): Float32Array {
  const key = [seed >>> 0, Math.floor(seed / twoTo32) >>> 0] as const;
  const numbers = new Float32Array(count);
  for (let block = 0; block * 4 < count; block++) {
    for (const [lane, word] of philox([block, 0, 0, 0], key).entries()) {
      if (block * 4 + lane < count) numbers[block * 4 + lane] = (word >>> 8) / twoTo24;
    }
  }
  return numbers;
}

/** A seed that nobody chose. */
export function anySeed(): number {
  return Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
}

/** `count` numbers of [low, high). */
export function uniformNumbers(count: number, seed: number, low: number, high: number): Float32Array {
  // Rounding to f32 may reach `high` itself: step back.
  return unitIntervals(count, seed).map((unit) => {
    const number = Math.fround(low + unit * (high - low));
    return number < high || low === high ? number : low;
  });
}

/** `count` numbers of a normal distribution with mean 0 and variance 1. */
export function normalNumbers(count: number, seed: number): Float32Array {
  const units = unitIntervals(count + (count % 2), seed);
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    // 1 - u is of (0, 1]: its logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - (units[i] ?? 0)));
    const angle = 2 * Math.PI * (units[i + 1] ?? 0);
    numbers[i] = radius * Math.cos(angle);
    if (i + 1 < count) numbers[i + 1] = radius * Math.sin(angle);
  }
  return numbers;
}
