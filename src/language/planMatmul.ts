/**
 * A matrix product as a contraction: which axes are paired, and where the result's axes are found in what it gives.
 *
 * Invariant: an axis of size 1 that stretches is dropped, so that the other operand's is free: nothing is repeated in memory, and the
 * gradient sums over it by being a contraction, too.
 */
import type { ContractAxes } from '../graph/build.ts';
import type { Dim } from '../types/dim.ts';
import { stretches } from '../types/rules/kept.ts';
import type { Shape } from '../types/shape.ts';

export interface MatmulPlan {
  /** The axes of size 1 to be dropped first. */
  readonly dropped: { readonly left: readonly number[]; readonly right: readonly number[] };
  readonly axes: ContractAxes;
  /** For each axis of the result, where the contraction has it. */
  readonly order: readonly number[];
}

/** Of shapes whose product is legal. Axes of the result are counted from the left operand's. */
export function planMatmul(left: Shape, right: Shape): MatmulPlan {
  const [m, missing] = [left.length - 2, left.length - right.length];
  const batch = right.slice(0, -2).map((dim, axis) => ({ axis: axis + missing, left: left[axis + missing] as Dim, right: dim }));
  const paired = batch.filter((axes) => axes.left === axes.right).map(({ axis }) => axis);
  const fromLeft = batch.filter((axes) => axes.left !== axes.right && stretches(axes.right, axes.left)).map(({ axis }) => axis);
  const fromRight = batch.map(({ axis }) => axis).filter((axis) => !paired.includes(axis) && !fromLeft.includes(axis));

  // The axes of the result in the order in which the operands have them.
  const leftAxes = [...left.keys()].slice(0, -1).filter((axis) => !fromRight.includes(axis));
  const rightAxes = batch.map(({ axis }) => axis).filter((axis) => !fromLeft.includes(axis));
  const found = [...paired, ...leftAxes.filter((axis) => !paired.includes(axis)), ...fromRight, m + 1];
  return {
    dropped: { left: fromRight, right: fromLeft.map((axis) => axis - missing) },
    axes: {
      left: [leftAxes.length],
      right: [rightAxes.length],
      leftBatch: paired.map((axis) => leftAxes.indexOf(axis)),
      rightBatch: paired.map((axis) => rightAxes.indexOf(axis)),
    },
    order: [...left.keys()].map((axis) => found.indexOf(axis)),
  };
}
