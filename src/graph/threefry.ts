/**
 * Threefry2x32 with 20 rounds: two random words from a key and a counter, each of two words.
 *
 * Invariant: nothing but additions, rotations and exclusive ors of 32-bit words, so every device and language gives the same bits.
 * Source: Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3 (2011).
 */
export type WordPair = readonly [number, number];

/** How far the second word is rotated: four rounds, then the other four. */
export const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** The third word of a key is its other two and this, all xored. */
export const keyParity = 0x1bd11bda;

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

export function threefry([key0, key1]: WordPair, [counter0, counter1]: WordPair): WordPair {
  const keys = [key0, key1, key0 ^ key1 ^ keyParity] as const;
  const keyAt = (i: number): number => keys[i % 3] ?? 0;
  let [x0, x1] = [counter0 + keyAt(0), counter1 + keyAt(1)];
  for (let group = 0; group < 5; group++) {
    for (const by of rotations[group % 2] ?? []) {
      x0 = (x0 + x1) | 0;
      x1 = rotate(x1, by) ^ x0;
    }
    x0 = (x0 + keyAt(group + 1)) | 0;
    x1 = (x1 + keyAt(group + 2) + group + 1) | 0;
  }
  return [x0 >>> 0, x1 >>> 0];
}
