/**
 * Tensors put together: each is padded to the whole, and the whole is the one that has an element there.
 *
 * Invariant: kernels read through pads, so an operand is read in place. Selecting, not adding, keeps every bit, -0 and NaN.
 */
import { compare, constant, iota, type Origin, pad, reshape, select } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { sizeOf } from '../types/dim.ts';
import { indexIn } from '../types/rules/axis.ts';
import { concatProblem, concatShape, stackProblem } from '../types/rules/concat.ts';
import { dtypeProblem } from '../types/rules/dtype.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Concat, Stack } from '../types/tensor/joining.ts';
import { LazyTensor, origin } from './lazyTensor.ts';
import { mergedSymbols, requireTensors } from './operands.ts';
import { chained, isLiteralAxis } from './symbolicCuts.ts';

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new ShapeError(problem);
}

function requireOneDType(operation: string, values: readonly Value[]): void {
  const [first] = values;
  if (first !== undefined) for (const { dtype, shape } of values) refuse(dtypeProblem(operation, first.dtype, first.shape, dtype, shape));
}

/** Throws a `ShapeError`. */
export function concatValues(values: readonly Value[], axis: string | number, origin?: Origin): Value {
  requireOneDType('concat', values);
  refuse(
    concatProblem(
      values.map(({ shape }) => shape),
      axis,
    ),
  );
  return joined(values, indexIn(values[0]?.shape ?? [], axis), origin);
}

interface Part {
  readonly value: Value;
  /** Where it begins in the whole. */
  readonly start: number;
}

/** A balanced tree of selections, so that an element asks a logarithm of the count. */
function joined(values: readonly Value[], axis: number, origin?: Origin): Value {
  const [first] = values;
  if (first === undefined || values.length === 1) return first as Value;
  const shape = concatShape(
    values.map((value) => value.shape),
    axis,
  );
  if (values.some((value) => !isLiteralAxis(value.shape, axis))) return chained(values, shape, axis, undefined, origin);
  const sizeAt = (value: Value): number => Number(sizeOf(value.shape[axis] ?? 0));
  const total = values.reduce((sum, value) => sum + sizeAt(value), 0);
  const at = (picked: number): readonly number[] => shape.map((_, other) => (other === axis ? picked : 0));
  const parts = values.reduce<{ readonly next: number; readonly parts: readonly Part[] }>(
    ({ next, parts }, value) => ({
      next: next + sizeAt(value),
      parts: [
        ...parts,
        {
          start: next,
          value: pad(value, { low: at(next), high: at(total - next - sizeAt(value)), interior: at(0), value: 0, shape }, origin),
        },
      ],
    }),
    { next: 0, parts: [] },
  ).parts;
  const index = iota(axis, shape, 'i32', origin);
  const tree = (some: readonly Part[]): Value => {
    const [only] = some;
    const half = Math.ceil(some.length / 2);
    const later = some[half];
    if (only === undefined || later === undefined) return (only as Part).value;
    const isEarlier = compare(index, constant(later.start, shape, 'i32', origin), 'lt', origin);
    return select(isEarlier, tree(some.slice(0, half)), tree(some.slice(half)), origin);
  };
  return tree(parts);
}

/** Throws a `ShapeError`. */
export function stackValues(values: readonly Value[], name: string, origin?: Origin): Value {
  requireOneDType('stack', values);
  refuse(
    stackProblem(
      values.map(({ shape }) => shape),
      name,
    ),
  );
  return joined(
    values.map((value) => reshape(value, [`${name}=1`, ...value.shape], origin)),
    0,
    origin,
  );
}

function requireList(operation: string, tensors: unknown): readonly LazyTensor[] {
  if (!Array.isArray(tensors))
    throw new ShapeError(`${operation}: the number of tensors is not known (write them in a list, such as [a, b])`);
  return requireTensors(operation, tensors, [...tensors.keys()]);
}

// seam: the signatures in types/tensor/joining.ts give the results their shapes; here shapes are values.

export const concat: Concat = ((list: unknown, axis: string | number) => {
  const tensors = requireList('concat', list);
  const value = concatValues(
    tensors.map((tensor) => tensor.value),
    axis,
    origin(),
  );
  return new LazyTensor(value, mergedSymbols('concat', tensors));
}) as never;

export const stack: Stack = ((list: unknown, name: string) => {
  const tensors = requireList('stack', list);
  const value = stackValues(
    tensors.map((tensor) => tensor.value),
    name,
    origin(),
  );
  return new LazyTensor(value, mergedSymbols('stack', tensors));
}) as never;
