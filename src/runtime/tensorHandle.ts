/**
 * How a compiled layer reaches the data of whatever tensor it is given, and makes its results tensors of the same kind.
 *
 * Invariant: the symbol is registered, so that two copies of the package understand each other.
 */
import type { TensorType } from '../program/structure.ts';
import type { Tie } from '../types/tie.ts';
import type { DeferredTensor } from './deferredTensor.ts';

export const tensorHandle: unique symbol = Symbol.for('adjoint.tensor') as never;

export interface TensorHandle extends TensorType {
  readonly [tensorHandle]: {
    /** The data, started on its way if need be. Throws for a tensor that is being traced. */
    deferred(operation: string): DeferredTensor;
    /** A tensor of the same kind; `tie` says which parameter it is or is the gradient of. */
    wrap(tensor: DeferredTensor, tie?: Tie): unknown;
  };
}

export function hasTensorHandle(value: unknown): value is TensorHandle {
  return typeof value === 'object' && value !== null && tensorHandle in value;
}
