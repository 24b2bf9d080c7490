/** What the size of a compiled program is measured on: a perceptron 784-128-10, its loss and all gradients, for any batch. */
import { layer, type Parameter, type Tensor } from 'adjoint';

interface Weights {
  readonly w1: Parameter<'w1', ['in=784', 'hidden=128']>;
  readonly b1: Parameter<'b1', ['hidden=128']>;
  readonly w2: Parameter<'w2', ['hidden=128', 'class=10']>;
  readonly b2: Parameter<'b2', ['class=10']>;
}

export const mlp = layer((p: Weights, x: Tensor<['batch', 'in=784']>) => x.matmul(p.w1).add(p.b1).relu().matmul(p.w2).add(p.b2));
