/** A perceptron with one hidden layer, all of it by hand: the chain rule is what is read from the bottom to the top. */
import { customVjp, type Dim, type Tensor } from 'adjoint';

export const perceptron = customVjp(
  <N extends Dim, I extends Dim, H extends Dim, O extends Dim>(
    x: Tensor<[N, I]>,
    p: { w1: Tensor<[I, H]>; b1: Tensor<[H]>; w2: Tensor<[H, O]>; b2: Tensor<[O]> },
  ) => {
    const hidden = x.matmul(p.w1).add(p.b1).tanh();
    return { y: hidden.matmul(p.w2).add(p.b2), saved: { x, w1: p.w1, w2: p.w2, hidden } };
  },
  ({ x, w1, w2, hidden }, dy) => {
    const dHidden = dy.matmul(w2.T);
    const dSum = dHidden.sub(dHidden.mul(hidden).mul(hidden));
    return [dSum.matmul(w1.T), { w1: x.T.matmul(dSum), b1: dSum.sum(0), w2: hidden.T.matmul(dy), b2: dy.sum(0) }];
  },
);
