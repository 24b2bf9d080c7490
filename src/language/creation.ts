/**
 * The functions that make tensors.
 *
 * Invariant: shapes are checked here, before a tensor exists; filled tensors are constants of the graph and cost no memory.
 */
import { cast, compare, constant, iota } from '../graph/build.ts';
import { filledTensor, hostTensor } from '../runtime/hostTensor.ts';
import { normalTensor, uniformTensor } from '../runtime/randomTensor.ts';
import type { CreateEye, CreateFilled, CreateFull, CreateNormal, CreateRange, CreateTensor, CreateUniform } from '../types/creation.ts';
import type { Dim } from '../types/dim.ts';
import { type DType, dtypeNameProblem } from '../types/dtype.ts';
import { literalShape } from '../types/rules/literal.ts';
import { assertLegalShape, matrixProblem } from '../types/rules/shape.ts';
import type { Shape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { LazyTensor } from './lazyTensor.ts';

function filled(operation: string, shape: Shape, value: number, dtype: DType): LazyTensor {
  assertLegalShape(operation, shape);
  requireDType(operation, dtype);
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new ShapeError(`${operation}: the value has type ${value === null ? 'null' : typeof value} (give a number)`);
  filledTensor(operation, [], value, dtype); // refuses a value that the dtype does not have
  return new LazyTensor(constant(dtype === 'bool' ? Number(value !== 0) : value, [...shape], dtype));
}

function requireDType(operation: string, dtype: unknown): void {
  const problem = dtypeNameProblem(operation, dtype);
  if (problem !== undefined) throw new ShapeError(problem);
}

// seam: the signatures in types/creation.ts give each result its shape; here shapes are values.

export const tensor: CreateTensor = ((...args: Parameters<typeof hostTensor>) => {
  const [data, shapeOrNames, third] = args;
  if (typeof third === 'string') requireDType('tensor', third);
  if (typeof third === 'string' && ArrayBuffer.isView(data)) {
    const { name } = (data as object).constructor;
    throw new ShapeError(`tensor: the elements of a ${name} say the dtype, not ${third} (leave it out, and convert with astype)`);
  }
  if (!ArrayBuffer.isView(data)) literalShape(data, shapeOrNames?.map(String));
  else if (shapeOrNames !== undefined) assertLegalShape('tensor', shapeOrNames);
  return LazyTensor.of(hostTensor(...args));
}) as never;

/** Zeros of a shape. */
export const zeros: CreateFilled<'zeros'> = ((shape: Shape, dtype: DType = 'f32') => filled('zeros', shape, 0, dtype)) as never;

/** Ones of a shape. */
export const ones: CreateFilled<'ones'> = ((shape: Shape, dtype: DType = 'f32') => filled('ones', shape, 1, dtype)) as never;

export const full: CreateFull = ((shape: Shape, value: number, dtype: DType = 'f32') => filled('full', shape, value, dtype)) as never;

export const eye: CreateEye = ((shape: Shape) => {
  const problem = matrixProblem('eye', shape);
  if (problem !== undefined) throw new ShapeError(problem);
  return new LazyTensor(cast(compare(iota(0, [...shape], 'i32'), iota(1, [...shape], 'i32'), 'eq'), 'f32'));
}) as never;

export const arange: CreateRange = ((dim: Dim, dtype: Exclude<DType, 'bool'> = 'f32') => {
  assertLegalShape('arange', [dim]);
  requireDType('arange', dtype);
  return new LazyTensor(iota(0, [dim], dtype));
}) as never;

export const randn: CreateNormal = ((...args: Parameters<typeof normalTensor>) => {
  assertLegalShape('randn', args[0]);
  return LazyTensor.of(normalTensor(...args));
}) as never;

export const uniform: CreateUniform = ((...args: Parameters<typeof uniformTensor>) => {
  assertLegalShape('uniform', args[0]);
  return LazyTensor.of(uniformTensor(...args));
}) as never;
