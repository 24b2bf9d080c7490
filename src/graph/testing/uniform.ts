/**
 * Numbers for tests that look random and are the same every time.
 *
 * Source: the mulberry32 generator (Tommy Ettinger, public domain).
 */
export function uniform(count: number, seed: number, low = -1, high = 1): Float64Array {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return Float64Array.from({ length: count }, () => low + (high - low) * next());
}
