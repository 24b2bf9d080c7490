/**
 * The linear layer, and the ways to give it to the build: `npx adjoint build examples/linear/linear.ts` writes
 * linear.adjoint.ts, whose exports take the place of these.
 */
import { type Dim, layer, type Tensor } from 'adjoint';

/** Y = XW + b. A layer is a plain typed function; its gradient shapes follow from its types. */
export const linear = layer(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; b: Tensor<[O]> }) =>
  x.matmul(p.w).add(p.b),
);

/** The worked example's sizes: its kernels hold them as constants. */
export const linear3x2 = layer(linear<'n=3', 'in=2', 'out=2'>);

/** Sizes of the weights are fixed, those of the batch are known when it runs. */
export const linearOfBatch = layer(linear<'batch', 'in=2', 'out=2'>);

/** With an activation: forward it is part of the product's kernel, and backward needs nothing but the result. */
export const denseRelu = layer((x: Tensor<['batch', 'in=2']>, p: { w: Tensor<['in=2', 'out=2']>; b: Tensor<['out=2']> }) =>
  linear(x, p).relu(),
);
