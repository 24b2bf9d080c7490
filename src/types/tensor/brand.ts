/**
 * What makes a tensor a tensor, to the types: a property that says its shape and dtype and nothing else.
 *
 * Inference through an intersection, which parameters and gradients are, walks the members of what is inferred from, and works each
 * out: `T`, `mT` and `sizes` cost a hundred instantiations for a shape. Of the tensors below there is one to walk, so the overloads
 * that infer from operands ask for these.
 *
 * Invariant: a shape and a dtype are invariant (`in out`), so that a tensor fits its own `Tensor` here and no other.
 */
import type { DType } from '../dtype.ts';
import type { Agreement } from './agreement.ts';

export declare const brand: unique symbol;

// `in out` says all; what is in it is what an error says of a shape that no tensor has.
// biome-ignore lint/correctness/noUnusedVariables: as above
export interface Exactly<in out S, in out D extends DType = 'f32'> {
  readonly axes: Agreement<S>;
}

/** Any tensor of this shape, of 32-bit floats; editors show it as what it stands for. */
export interface Tensor<in out S> {
  readonly [brand]: Exactly<S>;
}
