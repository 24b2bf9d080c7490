/**
 * Rearrangements on values: each checks its shape rule, then records a permute or a reshape.
 *
 * Invariant: a rule is asked before anything is recorded, so every refusal is the rule's own sentence.
 */
import { type Origin, permute, reshape } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import type { Dim } from '../types/dim.ts';
import { indexIn } from '../types/rules/axis.ts';
import {
  type Divides,
  type Division,
  dividesProblem,
  mergeByFact,
  mergeByFactProblem,
  splitByFact,
  splitByFactProblem,
} from '../types/rules/divides.ts';
import { flattenProblem, mergeProblem, mergeShape, product } from '../types/rules/merge.ts';
import { permuteProblem, swapProblem } from '../types/rules/permute.ts';
import { renameAxisProblem, renameAxisShape } from '../types/rules/rename.ts';
import { splitProblem, splitShape } from '../types/rules/split.ts';
import { type Shape, showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';

type Axis = string | number;

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new ShapeError(problem);
}

/** The fact that `divisor` divides `dividend`: throws a `ShapeError` for numbers that do not. */
export function divides<const H extends Dim, const D extends Dim>(
  divisor: H,
  dividend: [dividesProblem<H, D>] extends [never] ? D : dividesProblem<H, D>,
): Divides<H, D> {
  refuse(dividesProblem(divisor, dividend as Dim));
  // seam: that the fact was stated is known to the type only
  return { divisor, dividend } as unknown as Divides<H, D>;
}

const isFact = (what: unknown): what is Division => typeof what === 'object' && what !== null && 'divisor' in what && 'dividend' in what;

function reshaped(x: Value, shape: Shape | false, origin: Origin | undefined): Value {
  // The rule was asked before: there is a shape.
  if (shape === false) throw new ShapeError(`reshape: no shape for ${showShape(x.shape)} (internal: a rule let it through)`);
  return reshape(x, [...shape], origin);
}

export function permuteAxes(x: Value, axes: readonly Axis[], origin?: Origin): Value {
  refuse(permuteProblem(x.shape, axes));
  return permute(
    x,
    axes.map((axis) => indexIn(x.shape, axis)),
    origin,
  );
}

export function swapAxes(x: Value, a: Axis, b: Axis, origin?: Origin): Value {
  refuse(swapProblem(x.shape, a, b));
  const [left, right] = [indexIn(x.shape, a), indexIn(x.shape, b)];
  const order = x.shape.map((_, axis) => (axis === left ? right : axis === right ? left : axis));
  return permute(x, order, origin);
}

export function flattenAxes(x: Value, name: string | undefined, origin?: Origin): Value {
  if (name !== undefined) refuse(flattenProblem(name));
  return reshaped(x, [product(x.shape, name)], origin);
}

export function mergeAxes(x: Value, axes: readonly Axis[] | Division, name: string | undefined, origin?: Origin): Value {
  if (isFact(axes)) {
    refuse(mergeByFactProblem(x.shape, axes));
    return reshaped(x, mergeByFact(x.shape, axes), origin);
  }
  refuse(mergeProblem(x.shape, axes, name));
  return reshaped(x, mergeShape(x.shape, axes, name), origin);
}

export function splitAxis(x: Value, axis: Axis | Division, parts: Shape | string | undefined, origin?: Origin): Value {
  if (isFact(axis)) {
    const name = typeof parts === 'string' ? parts : undefined;
    refuse(splitByFactProblem(x.shape, axis, name));
    return reshaped(x, splitByFact(x.shape, axis, name), origin);
  }
  const into = typeof parts === 'object' ? parts : [];
  refuse(splitProblem(x.shape, axis, into));
  return reshaped(x, splitShape(x.shape, axis, into), origin);
}

export function renameAxis(x: Value, axis: Axis, name: string, origin?: Origin): Value {
  refuse(renameAxisProblem(x.shape, axis, name));
  return reshape(x, [...renameAxisShape(x.shape, axis, name)], origin);
}
