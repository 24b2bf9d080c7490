/** Layers, losses and optimizers: of any rank, with sizes as literals and symbols, in generic bodies, on parameters. */
import { type Dim, jit, layer, ones, parameters, type Tensor, valueAndGrad, zeros } from 'adjoint';
import { adam, clipByGlobalNorm, layerNorm, linear, rmsNorm, softmaxCrossEntropy, warmupCosine } from 'adjoint/nn';

declare const rows: Tensor<['batch', 'in=4']>;
declare const sequences: Tensor<['batch', 't=3', 'in=4']>;
const p = parameters({ w: ones(['in=4', 'out=5']), b: zeros(['out=5']) });

export const matrix: Tensor<['batch', 'out=5']> = linear(rows, p);
export const sequence: Tensor<['batch', 't=3', 'out=5']> = linear(sequences, p);
export const unbiased: Tensor<['batch', 'out=5']> = linear(rows, { w: p.w });
export const normal: Tensor<['batch', 't=3', 'in=4']> = rmsNorm(layerNorm(sequences, { gamma: ones(['in=4']), beta: zeros(['in=4']) }), {
  gamma: ones(['in=4']),
});

/** Two layers, once for all sizes. */
export const perceptron = layer(
  <N extends Dim, I extends Dim, H extends Dim, O extends Dim>(
    x: Tensor<[N, I]>,
    q: { first: { w: Tensor<[I, H]>; b: Tensor<[H]> }; norm: { gamma: Tensor<[H]>; beta: Tensor<[H]> }; last: { w: Tensor<[H, O]> } },
  ): Tensor<[N, O]> => linear(layerNorm(linear(x, q.first), q.norm).relu(), q.last),
);

const optimizer = adam({ rate: warmupCosine({ rate: 1e-3, warmup: 10, steps: 100 }) });
const initial = optimizer.initialise(p);
export const step = jit((q: typeof p, state: typeof initial, labels: Tensor<['batch'], 'i32'>, rate: Tensor<[]>) => {
  const { value, gradient } = valueAndGrad((r: typeof p) => softmaxCrossEntropy(linear(rows, r), labels, { labelSmoothing: 0.1 }))(q);
  return { loss: value, ...optimizer.update(q, clipByGlobalNorm(gradient, 1), state, rate) };
});
declare const labels: Tensor<['batch'], 'i32'>;
const { loss, parameters: next, state } = step(p, initial, labels, ones([]));
export const after: [Tensor<[]>, typeof p, typeof initial] = [loss, next, state];
export const sequenceLoss: Tensor<[]> = softmaxCrossEntropy(sequence, zeros(['batch', 't=3'], 'i32'));
export const weighted: Tensor<[]> = softmaxCrossEntropy(matrix, ones(['batch', 'out=5']));
