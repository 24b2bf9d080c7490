/**
 * `rearrange`, `reduce` and `repeat` on values: split, reduce, permute, repeat, merge.
 *
 * Invariant: each step that changes nothing records nothing.
 */
import { broadcast, type Origin, permute, reshape } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import type { Dim } from '../types/dim.ts';
import { isFloating } from '../types/dtype.ts';
import { rearranged } from '../types/rules/einops.ts';
import { type EinopsOperation, namesOf, type PatternReduction, parseEinops } from '../types/rules/einopsPattern.ts';
import type { GivenSizes } from '../types/rules/einopsSizes.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Rearrange, Reduce, Repeat } from '../types/tensor/einops.ts';
import { LazyTensor, origin } from './lazyTensor.ts';
import { requireTensors } from './operands.ts';
import { reduce as reduceAxes } from './operations.ts';

/** The rearranged value. Throws a `ShapeError`. */
export function einopsOf(
  operation: EinopsOperation,
  x: Value,
  pattern: string,
  sizes: GivenSizes,
  reduction: PatternReduction = 'sum',
  origin?: Origin,
): Value {
  const parsed = parseEinops(operation, pattern);
  if (typeof parsed === 'string') throw new ShapeError(parsed);
  const plan = rearranged(operation, pattern, parsed, sizes, x.shape);
  if (typeof plan === 'string') throw new ShapeError(plan);
  const dimsOf = (names: readonly string[]): readonly Dim[] => names.flatMap((name) => plan.bound.get(name) ?? []);
  /** One name an axis: `...` stands there once for each of its axes. */
  const axesOf = (names: readonly string[]): readonly string[] =>
    names.flatMap((name) => (plan.bound.get(name) ?? []).map((_, at) => `${name}${at}`));
  const [left, right] = [namesOf(parsed.left), namesOf(parsed.right)];
  const [before, after] = [axesOf(left), axesOf(right)];

  const split = reshaped(x, dimsOf(left), origin);
  const gone = before.flatMap((axis, at) => (after.includes(axis) ? [] : [at]));
  const reduced = gone.length === 0 ? split : reduceAxes(reduction, split, gone, false, origin);
  const kept = before.filter((axis) => after.includes(axis));
  const order = after.flatMap((axis) => (kept.includes(axis) ? [kept.indexOf(axis)] : []));
  const ordered = order.every((axis, at) => axis === at) ? reduced : permute(reduced, order, origin);
  const places = after.flatMap((axis, at) => (kept.includes(axis) ? [at] : []));
  const repeated = places.length === after.length ? ordered : broadcast(ordered, dimsOf(right), places, origin);
  return reshaped(repeated, plan.shape, origin);
}

const reshaped = (x: Value, shape: readonly Dim[], origin?: Origin): Value =>
  x.shape.length === shape.length && x.shape.every((dim, axis) => dim === shape[axis]) ? x : reshape(x, shape, origin);

function apply(operation: EinopsOperation, x: unknown, pattern: unknown, sizes: unknown, reduction?: PatternReduction): LazyTensor {
  const [tensor] = requireTensors(operation, [x], [1]) as [LazyTensor];
  if (typeof pattern !== 'string') {
    throw new ShapeError(`${operation}: the pattern is not known (write it as a literal, such as 'b (h w) -> b h w')`);
  }
  if (typeof sizes !== 'object' || sizes === null)
    throw new ShapeError(`${operation}: the sizes are not known (write them as a literal, such as { h: 4 })`);
  const { dtype, shape } = tensor;
  if (reduction !== undefined && dtype === 'bool')
    throw new ShapeError(`${operation}: takes numbers, not bool${showShape(shape)} (make the tensor numbers)`);
  if (reduction === 'mean' && !isFloating(dtype))
    throw new ShapeError(`${operation}: mean takes f32, not ${dtype}${showShape(shape)} (make the tensor f32)`);
  return new LazyTensor(einopsOf(operation, tensor.value, pattern, sizes as GivenSizes, reduction, origin()), tensor.symbols);
}

// seam: the signatures in types/tensor/einops.ts give each result its shape; here shapes are values.

export const rearrange: Rearrange = ((x: unknown, pattern: unknown, sizes: unknown = {}) => apply('rearrange', x, pattern, sizes)) as never;

export const reduce: Reduce = ((x: unknown, pattern: unknown, operation: unknown, sizes: unknown = {}) => {
  if (operation === 'sum' || operation === 'mean' || operation === 'max') return apply('reduce', x, pattern, sizes, operation);
  throw new ShapeError(`reduce: there is no reduction '${String(operation)}' (there are sum, mean and max)`);
}) as never;

export const repeat: Repeat = ((x: unknown, pattern: unknown, sizes: unknown = {}) => apply('repeat', x, pattern, sizes)) as never;
