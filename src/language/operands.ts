/**
 * The operands of the functions that take several tensors.
 *
 * Invariant: every operand is a tensor that can be used, and one symbolic axis has one size in all of them.
 */
import { ShapeError } from '../types/shapeError.ts';
import { isLazyTensor, type LazyTensor, merge } from './lazyTensor.ts';

/** The tensors themselves. Errors: `ShapeError` for what is no tensor, `TensorDisposedError`. `names` are said in the sentence. */
export function requireTensors(
  operation: string,
  operands: readonly unknown[],
  names: readonly (string | number)[],
): readonly LazyTensor[] {
  return operands.map((operand, at) => {
    if (!isLazyTensor(operand)) {
      const got = operand === null ? 'null' : typeof operand;
      throw new ShapeError(`${operation}: the operand ${names[at]} is no tensor: it has type ${got} (make a tensor of it, with tensor(…))`);
    }
    operand.requireUsable(operation);
    return operand;
  });
}

/** The sizes of all the tensors' symbolic axes. Errors: `ShapeError` where one axis has two. */
export function mergedSymbols(operation: string, tensors: readonly LazyTensor[]): LazyTensor['symbols'] {
  for (const [at, right] of tensors.entries()) for (const left of tensors.slice(0, at)) merge(operation, left, right);
  return Object.assign({}, ...tensors.map(({ symbols }) => symbols));
}
