/** The numbers from 0 to count - 1 in an order that the seed decides. Source: Fisher and Yates; the generator is xorshift32 (Marsaglia, 2003). */
export function shuffled(count: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  let state = (seed + 1) * 0x9e3779b9 || 1;
  for (let last = count - 1; last > 0; last--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
