/** A step of training, and the loss of text that training does not see: both compiled. `npx adjoint explain` shows what became of them. */
import { jit, type Tensor, valueAndGrad } from 'adjoint';
import { adamW, clipByGlobalNorm, softmaxCrossEntropy } from 'adjoint/nn';
import { type Model, scores, type Text } from './model.ts';

export const optimizer = adamW({ rate: 3e-3, weightDecay: 0.1 });
export type State = ReturnType<typeof optimizer.initialise<Model>>;

const lossOf = (p: Model, read: Text, next: Text): Tensor<[]> => softmaxCrossEntropy(scores(p, read), next);

/** The rate is data, so that a schedule compiles nothing anew. */
export const step = jit(
  (p: Model, state: State, read: Text, next: Text, rate: Tensor<[]>) => {
    const { value, gradient } = valueAndGrad((q: Model) => lossOf(q, read, next))(p);
    return { loss: value, ...optimizer.update(p, clipByGlobalNorm(gradient, 1), state, rate) };
  },
  { name: 'train step', donate: [0, 1] },
);

export const validate = jit(lossOf, { name: 'validate' });
