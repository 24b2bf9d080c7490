/** Rows whose targets are known weights of their features, and noise. The features have unequal scales, which gradient descent feels. */
import { randn, type Tensor, tensor } from 'adjoint';
import { predict, type Rows, type Targets, type Weights } from './model.ts';

export const truth: Weights = tensor([2, -1, 0.5, 3], ['feature']);
const scales: Tensor<['feature=4']> = tensor([1, 2, 0.5, 1], ['feature']);

export function makeRows(seed: number): { readonly x: Rows; readonly y: Targets } {
  const x = randn(['n=200', 'feature=4'], { seed }).mul(scales);
  return { x, y: predict(x, truth).add(randn(['n=200'], { seed: seed + 1 }).mul(0.1)) };
}
