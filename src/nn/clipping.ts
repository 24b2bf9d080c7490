/**
 * Gradients kept from growing too large. What comes back is tied to the same parameters, so an update takes it.
 *
 * Invariant: a gradient that is small enough is not changed.
 */
import { mapGradient, sumOver, type Tensor } from '../index.ts';
import { notNegative, positive, requireFigure } from './options.ts';

/** The root of the sum of the squares of all elements of all tensors. */
export const globalNorm = (structure: unknown): Tensor<[]> => sumOver(structure, (tensor) => tensor.mul(tensor).sum()).sqrt();

/**
 * All gradients scaled together so that their global norm is at most `limit`: the direction of the step stays.
 *
 * Shapes: stay. Source: Pascanu et al., 2013.
 */
export function clipByGlobalNorm<G>(gradient: G, limit: number): G {
  requireFigure('clipByGlobalNorm', 'the limit', positive, limit);
  const excess = globalNorm(gradient).div(limit).maximum(1);
  return mapGradient(gradient, (g) => g.div(excess));
}

/** Each element cut off at ±limit. Shapes: stay. */
export function clipByValue<G>(gradient: G, limit: number): G {
  requireFigure('clipByValue', 'the limit', notNegative, limit);
  return mapGradient(gradient, (g) => g.minimum(limit).maximum(-limit));
}
