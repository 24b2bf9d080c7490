/** What the two models have in common: a step of training, and the accuracy. */
import { type Dim, jit, type NamedParameters, type Tensor, valueAndGrad } from 'adjoint';
import { adam, cosineDecay, type OptimizerState, softmaxCrossEntropy } from 'adjoint/nn';

export interface Model<P extends NamedParameters<P>> {
  initialise(seed: number): P;
  /** One score for each class. */
  scores<N extends Dim>(p: P, x: Tensor<[N, 'pixel=784']>): Tensor<[N, 'class=10']>;
  /** The same, compiled. */
  classify(p: P, x: Tensor<['image', 'pixel=784']>): Tensor<['image', 'class=10']>;
}

export type State<P> = OptimizerState<P, 'mean' | 'square'>;

/** A model with its optimizer, compiled. `steps`: how many there will be, for the rate falls to 0 over them. */
export function makeClassifier<P extends NamedParameters<P>>({ initialise, scores, classify }: Model<P>, steps: number) {
  const optimizer = adam({ rate: cosineDecay({ rate: 2e-3, steps }) });
  const step = jit(
    (p: P, state: State<P>, x: Tensor<['batch=100', 'pixel=784']>, labels: Tensor<['batch=100'], 'i32'>) => {
      const { value, gradient } = valueAndGrad((q: P) => softmaxCrossEntropy(scores(q, x), labels))(p);
      return { loss: value, ...optimizer.update(p, gradient, state) };
    },
    { name: 'train step', donate: [0, 1] },
  );
  const start = (seed: number) => {
    const p = initialise(seed);
    return { parameters: p, state: optimizer.initialise(p) };
  };
  return { start, step, classify };
}

export type Classifier<P extends NamedParameters<P>> = ReturnType<typeof makeClassifier<P>>;
