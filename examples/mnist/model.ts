/** A perceptron with one hidden layer, its loss, and one step of stochastic gradient descent with momentum. */
import { type Dim, parameters, randn, type State, type Tensor, updateWithState, valueAndGrad, zeros } from 'adjoint';

/** Weights as He et al. (2015) propose for relu: variance 2 / inputs. */
export const initialise = (seed: number) =>
  parameters({
    w1: randn(['pixel=784', 'hidden=128'], { seed }).mul(Math.sqrt(2 / 784)),
    b1: zeros(['hidden=128']),
    w2: randn(['hidden=128', 'class=10'], { seed: seed + 1 }).mul(Math.sqrt(2 / 128)),
    b2: zeros(['class=10']),
  });

export type Model = ReturnType<typeof initialise>;

/** One score for each class. */
export const scores = <N extends Dim>(p: Model, x: Tensor<[N, 'pixel=784']>): Tensor<[N, 'class=10']> =>
  x.matmul(p.w1).add(p.b1).relu().matmul(p.w2).add(p.b2);

/** The mean of -log softmax(scores) at the right class. The largest score is subtracted first, so that exp cannot overflow. */
export function crossEntropy<N extends Dim, C extends Dim>(y: Tensor<[N, C]>, oneHot: Tensor<[N, C]>): Tensor<[]> {
  const shifted = y.sub(y.max(1, { keepdims: true }).stopGradient());
  const logProbability = shifted.sub(shifted.exp().sum(1, { keepdims: true }).log());
  return logProbability.mul(oneHot).sum(1).mean().neg();
}

const rate = 0.1;
const momentum = 0.9;

/** One step: new parameters, new velocities, and the loss before the step. */
export function trainStep(
  p: Model,
  state: { readonly velocity: State<Model> },
  x: Tensor<['batch=64', 'pixel=784']>,
  oneHot: Tensor<['batch=64', 'class=10']>,
) {
  const loss = (q: Model) => crossEntropy(scores(q, x), oneHot);
  const { value, gradient } = valueAndGrad(loss)(p);
  const next = updateWithState(p, gradient, state, (w, g, { velocity }) => {
    const faster = velocity.mul(momentum).add(g);
    return { parameter: w.sub(faster.mul(rate)), state: { velocity: faster } };
  });
  return { loss: value, p: next.parameters, state: next.state };
}
