/** A perceptron with one hidden layer, its loss, and one step of stochastic gradient descent with momentum. */
import { type Dim, randn, type Shape, type Tensor, valueAndGrad, zeros } from 'adjoint';

export interface Parameters {
  readonly w1: Tensor<['pixel=784', 'hidden=128']>;
  readonly b1: Tensor<['hidden=128']>;
  readonly w2: Tensor<['hidden=128', 'class=10']>;
  readonly b2: Tensor<['class=10']>;
}

/** Weights as He et al. (2015) propose for relu: variance 2 / inputs. */
export function initialise(seed: number): Parameters {
  return {
    w1: randn(['pixel=784', 'hidden=128'], { seed }).mul(Math.sqrt(2 / 784)),
    b1: zeros(['hidden=128']),
    w2: randn(['hidden=128', 'class=10'], { seed: seed + 1 }).mul(Math.sqrt(2 / 128)),
    b2: zeros(['class=10']),
  };
}

export const atRest = (): Parameters => ({
  w1: zeros(['pixel=784', 'hidden=128']),
  b1: zeros(['hidden=128']),
  w2: zeros(['hidden=128', 'class=10']),
  b2: zeros(['class=10']),
});

/** One score for each class. */
export const scores = <N extends Dim>(p: Parameters, x: Tensor<[N, 'pixel=784']>): Tensor<[N, 'class=10']> =>
  x.matmul(p.w1).add(p.b1).relu().matmul(p.w2).add(p.b2);

/** The mean of -log softmax(scores) at the right class. The largest score is subtracted first, so that exp cannot overflow. */
export function crossEntropy<N extends Dim, C extends Dim>(y: Tensor<[N, C]>, oneHot: Tensor<[N, C]>): Tensor<[]> {
  const shifted = y.sub(y.max(1, { keepdims: true }).stopGradient());
  const logProbability = shifted.sub(shifted.exp().sum(1, { keepdims: true }).log());
  return logProbability.mul(oneHot).sum(1).mean().neg();
}

const rate = 0.1;
const momentum = 0.9;

function descend<S extends Shape>(w: Tensor<S>, velocity: Tensor<S>, gradient: Tensor<S>): readonly [w: Tensor<S>, velocity: Tensor<S>] {
  const next = velocity.mul(momentum).add(gradient);
  return [w.sub(next.mul(rate)), next];
}

/** One step: new parameters, new velocities, and the loss before the step. */
export function trainStep(
  p: Parameters,
  velocity: Parameters,
  x: Tensor<['batch=64', 'pixel=784']>,
  oneHot: Tensor<['batch=64', 'class=10']>,
) {
  const loss = (q: Parameters) => crossEntropy(scores(q, x), oneHot);
  const { value, gradient } = valueAndGrad(loss)(p);
  const [w1, v1] = descend(p.w1, velocity.w1, gradient.w1);
  const [b1, u1] = descend(p.b1, velocity.b1, gradient.b1);
  const [w2, v2] = descend(p.w2, velocity.w2, gradient.w2);
  const [b2, u2] = descend(p.b2, velocity.b2, gradient.b2);
  return { loss: value, p: { w1, b1, w2, b2 }, velocity: { w1: v1, b1: u1, w2: v2, b2: u2 } };
}
