/**
 * Which tile was measured fastest for which products: what `--tune` finds out, and the compiler reads as data.
 *
 * Invariant: a key says what decides speed (sizes, orientation, epilogue) and nothing else, so that a choice serves every program.
 */

/** The tile of each key: `f32 NN 1x512x512x512` -> `quadSwap 32x16`. With symbolic sizes there is a key for each size that was measured. */
export interface Choices {
  /** Where they were measured, for people: the adapter. */
  readonly adapter: string;
  readonly tiles: ReadonlyMap<string, string>;
}

/** The key of a product with symbolic sizes, each of them taken to be `size`. */
export const keyAt = (key: string, size: number): string => `${key} at ${size}`;

/** The sizes for which there are choices, the smallest first; none for a product without symbolic sizes. */
export function sizesOf(key: string, { tiles }: Choices): readonly number[] {
  const start = keyAt(key, 0).slice(0, -1);
  const sizes = [...tiles.keys()].flatMap((one) => (one.startsWith(start) ? Number(one.slice(start.length)) : []));
  return sizes.sort((a, b) => a - b);
}
