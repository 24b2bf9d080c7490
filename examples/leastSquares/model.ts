/**
 * Linear regression in two ways: the normal equations XᵀX w = Xᵀy, solved by conjugate gradients, and gradient descent on the
 * mean of the squares.
 *
 * Source: Hestenes and Stiefel, 1952. In exact arithmetic as many iterations as there are features suffice.
 */
import { grad, jit, type Tensor } from 'adjoint';
import { meanSquaredError } from 'adjoint/nn';

export type Rows = Tensor<['n=200', 'feature=4']>;
export type Targets = Tensor<['n=200']>;
export type Weights = Tensor<['feature=4']>;

/** X w, for each row. */
export const predict = (x: Rows, w: Weights): Targets => x.mul(w).sum('feature');

/** Xᵀ r: what each feature has of the residuals. */
const gathered = (x: Rows, r: Targets): Weights => x.T.mul(r).sum('n');
const dot = (a: Weights, b: Weights): Tensor<[]> => a.mul(b).sum();

/** The w with XᵀX w = Xᵀy, where X has full rank. */
export function normalEquations(x: Rows, y: Targets, start: Weights): Weights {
  let w = start;
  let residual = gathered(x, y.sub(predict(x, w)));
  let direction = residual;
  for (let iteration = 0; iteration < 4; iteration++) {
    const image = gathered(x, predict(x, direction));
    const square = dot(residual, residual);
    const step = square.div(dot(direction, image));
    w = w.add(direction.mul(step));
    const next = residual.sub(image.mul(step));
    direction = next.add(direction.mul(dot(next, next).div(square)));
    residual = next;
  }
  return w;
}

/** One step down the slope of the mean of the squares. */
export function descend(x: Rows, y: Targets, w: Weights, rate: number): Weights {
  const slope = grad((v: Weights) => meanSquaredError(predict(x, v), y))(w);
  return w.sub(slope.mul(rate));
}

export const solve = jit(normalEquations, { name: 'normal equations' });
