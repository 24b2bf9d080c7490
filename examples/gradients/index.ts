/**
 * Each function with its gradient, compiled for some sizes: `npx adjoint explain examples/gradients` shows what became of them. What is
 * written by hand is fused as the language's own gradients are.
 */
import { jit, type Tensor, vjp } from 'adjoint';
import * as attentions from './attention.ts';
import * as losses from './crossEntropy.ts';
import * as norms from './layerNorm.ts';
import * as linears from './linear.ts';
import * as transposed from './linearTransposed.ts';
import * as lowRanks from './lowRank.ts';
import * as perceptrons from './perceptron.ts';
import * as softmaxes from './softmax.ts';

type Rows<Column extends string> = Tensor<['batch=64', Column]>;

export const linear = jit((x: Rows<'in=32'>, w: Tensor<['in=32', 'out=16']>, b: Tensor<['out=16']>, dy: Rows<'out=16'>) =>
  vjp(linears.linear)(x, w, b).backward(dy),
);

export const linearTransposed = jit((x: Tensor<['batch', 'in=4']>, w: Tensor<['out=4', 'in=4']>, dy: Tensor<['batch', 'out=4']>) =>
  vjp(transposed.linearTransposed)(x, w).backward(dy),
);

export const lowRank = jit(
  (x: Tensor<['batch', 'in=6']>, u: Tensor<['in=6', 'rank=2']>, v: Tensor<['rank=2', 'out=6']>, dy: Tensor<['batch', 'out=6']>) =>
    vjp(lowRanks.lowRank)(x, u, v).backward(dy),
);

export const softmax = jit((x: Rows<'class=10'>, dy: Rows<'class=10'>) => vjp(softmaxes.softmax)(x).backward(dy));

export const crossEntropy = jit((scores: Rows<'class=10'>, target: Rows<'class=10'>, dy: Rows<'class=1'>) =>
  vjp(losses.crossEntropy)(scores, target).backward(dy),
);

export const layerNorm = jit((x: Rows<'c=32'>, gamma: Tensor<['c=32']>, beta: Tensor<['c=32']>, dy: Rows<'c=32'>) =>
  vjp(norms.layerNorm)(x, gamma, beta).backward(dy),
);

export const attention = jit(
  (
    q: Tensor<['batch', 'query=3', 'd=4']>,
    k: Tensor<['batch', 'key=3', 'd=4']>,
    v: Tensor<['batch', 'key=3', 'e=4']>,
    dy: Tensor<['batch', 'query=3', 'e=4']>,
  ) => vjp(attentions.attention)(q, k, v).backward(dy),
);

export const perceptron = jit(
  (
    x: Rows<'in=32'>,
    p: { w1: Tensor<['in=32', 'h=16']>; b1: Tensor<['h=16']>; w2: Tensor<['h=16', 'out=8']>; b2: Tensor<['out=8']> },
    dy: Rows<'out=8'>,
  ) => vjp(perceptrons.perceptron)(x, p).backward(dy),
);
