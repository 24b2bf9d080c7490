/**
 * Vector-Jacobian products by central differences: what gradients are tested against.
 *
 * Invariant: `f` is only called, never looked into, so that any way to run a function can be tested with it. In f64 the
 * error is near 1e-10 for functions that are smooth at the scale of `step`; keep the inputs away from kinks.
 * Source: Nocedal and Wright, Numerical Optimization, section 8.1.
 */
export type Run = (inputs: readonly Float64Array[]) => readonly ArrayLike<number>[];

export function innerProduct(left: readonly ArrayLike<number>[], right: readonly ArrayLike<number>[]): number {
  let sum = 0;
  left.forEach((elements, i) => {
    const others = right[i] ?? [];
    if (elements.length !== others.length) throw new Error(`innerProduct: lengths differ: ${elements.length}, ${others.length}`);
    for (let k = 0; k < elements.length; k++) sum += (elements[k] ?? Number.NaN) * (others[k] ?? Number.NaN);
  });
  return sum;
}

/** For each input, the gradient of the inner product of `f`'s outputs with `cotangents`. */
export function finiteDifferenceVjp(
  f: Run,
  inputs: readonly ArrayLike<number>[],
  cotangents: readonly ArrayLike<number>[],
  step = 1e-5,
): Float64Array[] {
  const at = inputs.map((elements) => Float64Array.from(elements));
  return at.map((elements) =>
    elements.map((x, i) => {
      const slope = (to: number): number => {
        elements[i] = to;
        return innerProduct(f(at), cotangents);
      };
      const difference = slope(x + step) - slope(x - step);
      elements[i] = x;
      return difference / (2 * step);
    }),
  );
}
