/** The train step of a two-layer perceptron with softmax cross-entropy and SGD with momentum, as a graph: what fusion is judged by. */
import { vjp } from '../../graph/autodiff/vjp.ts';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import type { Dim } from '../../types/dim.ts';

export interface MlpSizes {
  readonly batch: Dim;
  readonly inputs: Dim;
  readonly hidden: Dim;
  readonly classes: Dim;
}

export const mnistSizes: MlpSizes = { batch: 'batch=64', inputs: 'in=784', hidden: 'hidden=128', classes: 'class=10' };

export const matmul = (x: Value, w: Value): Value => b.contract(x, w, { left: [1], right: [0] });
export const addBias = (x: Value, bias: Value): Value => b.add(x, b.broadcast(bias, x.shape, [x.shape.length - 1]));
const scaled = (x: Value, by: number): Value => b.mul(x, b.broadcast(b.constant(by, [], 'f32'), x.shape, []));

/** The mean over the batch; `labels` are class numbers. */
export function crossEntropy(logits: Value, labels: Value, count: number): Value {
  const alongRows = (row: Value): Value => b.broadcast(row, logits.shape, [0]);
  const shifted = b.sub(logits, alongRows(b.stopGradient(b.reduceMax(logits, [1]))));
  const logProbabilities = b.sub(shifted, alongRows(b.log(b.reduceSum(b.exp(shifted), [1]))));
  const oneHot = b.cast(b.compare(b.iota(1, logits.shape, 'i32'), alongRows(labels), 'eq'), 'f32');
  return scaled(b.neg(b.reduceSum(b.mul(logProbabilities, oneHot), [0, 1])), 1 / count);
}

/** Inputs: x, labels, then the parameters, then (with momentum) their velocities. Outputs: the loss, then all of these updated. */
export function mlpTrainStep({ batch, inputs, hidden, classes }: MlpSizes, momentum: boolean): Graph {
  const x = b.input('x', [batch, inputs], 'f32');
  const labels = b.input('labels', [batch], 'i32');
  const shapes: readonly (readonly Dim[])[] = [[inputs, hidden], [hidden], [hidden, classes], [classes]];
  const parameters = shapes.map((shape, i) => b.input(`p${i}`, shape, 'f32'));
  const velocities = momentum ? shapes.map((shape, i) => b.input(`v${i}`, shape, 'f32')) : [];
  const [w1, b1, w2, b2] = parameters as [Value, Value, Value, Value]; // seam: four shapes above
  const loss = crossEntropy(addBias(matmul(b.relu(addBias(matmul(x, w1), b1)), w2), b2), labels, 64);
  const gradients = vjp([loss], parameters, [b.constant(1, [], 'f32')]);
  const directions = parameters.map((parameter, i) => {
    const gradient = gradients[i] ?? b.constantLike(parameter, 0);
    const velocity = velocities[i];
    return velocity === undefined ? gradient : b.add(scaled(velocity, 0.9), gradient);
  });
  const updated = parameters.map((parameter, i) => b.sub(parameter, scaled(directions[i] ?? parameter, 0.1)));
  return makeGraph('train', [x, labels, ...parameters, ...velocities], [loss, ...updated, ...(momentum ? directions : [])]);
}
