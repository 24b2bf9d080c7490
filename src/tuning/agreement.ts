/**
 * Which of several results of the same work are right: those that most agree on. A variant outside of the majority is not timed.
 *
 * Invariant: without a majority nobody is right.
 */

/** Sums in another order differ by rounding; an element in the wrong place by far more. */
export const tolerance = 1e-3;

/** The positions of those that agree. */
export function agreeing(results: readonly (readonly ArrayLike<number>[])[]): ReadonlySet<number> {
  for (const one of results) {
    const alike = results.flatMap((other, position) => (agree(one, other) ? position : []));
    if (2 * alike.length > results.length) return new Set(alike);
  }
  return new Set();
}

function agree(left: readonly ArrayLike<number>[], right: readonly ArrayLike<number>[]): boolean {
  return left.every((one, i) => {
    const other = right[i];
    return other !== undefined && one.length === other.length && Array.prototype.every.call(one, (value, j) => isNear(value, other[j]));
  });
}

function isNear(left: number, right: number | undefined): boolean {
  if (right === undefined) return false;
  // NaN in both, and infinities of one sign
  return Object.is(left, right) || left === right || Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));
}
