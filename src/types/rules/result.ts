/**
 * What a function that is transformed may return: tensors and plain data, not a promise of them; where a gradient is taken,
 * one scalar.
 *
 * Invariant: the check stands in the parameter's return type, so that generics survive the transformation.
 */
import type { DType } from '../dtype.ts';
import { type isAny, type Shape, showShape } from '../shape.ts';

// asyncProblem :: (operation, result) -> sentence | never
export type asyncProblem<operation extends string, Y> =
  Y extends PromiseLike<unknown> ? `${operation}: the function is async (return tensors, and await their data outside)` : never;

export function asyncProblem(operation: string, result: unknown): string | undefined {
  const isPromise = typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function';
  return isPromise ? `${operation}: the function is async (return tensors, and await their data outside)` : undefined;
}

// settled :: a function's return type: the type itself, or the sentence that refuses it
export type settled<operation extends string, Y> = [asyncProblem<operation, Y>] extends [never] ? Y : asyncProblem<operation, Y>;

// scalarProblem :: (operation, result) -> sentence | never
export type scalarProblem<operation extends string, Y> = [asyncProblem<operation, Y>] extends [never]
  ? Y extends { readonly shape: infer S extends Shape; readonly dtype: infer D extends DType }
    ? S extends readonly []
      ? D extends 'f32'
        ? never
        : `${operation}: the function returns a scalar of ${D}, not of f32 (compute it in f32)`
      : `${operation}: the function returns ${showShape<S>}, not a scalar (take .sum() or .mean() of it)`
    : `${operation}: the function does not return a tensor (return a scalar)`
  : asyncProblem<operation, Y>;

export function scalarProblem(operation: string, result: unknown): string | undefined {
  const problem = asyncProblem(operation, result);
  if (problem !== undefined) return problem;
  if (!isTensor(result)) return `${operation}: the function does not return a tensor (return a scalar)`;
  if (result.shape.length > 0)
    return `${operation}: the function returns ${showShape(result.shape)}, not a scalar (take .sum() or .mean() of it)`;
  return result.dtype === 'f32'
    ? undefined
    : `${operation}: the function returns a scalar of ${result.dtype}, not of f32 (compute it in f32)`;
}

const isTensor = (value: unknown): value is { readonly shape: Shape; readonly dtype: DType } =>
  typeof value === 'object' && value !== null && 'shape' in value && 'dtype' in value;

// scalar :: a function's return type; an any there is no scalar that anyone knows of
export type scalar<operation extends string, Y> = isAny<Y> extends true ? never : MustBeScalar<operation, Y>;

// The name is what the error of a generic function prints.
type MustBeScalar<operation extends string, Y> = [scalarProblem<operation, Y>] extends [never] ? Y : scalarProblem<operation, Y>;
