/** Layers that normalise rows, and attention, as graphs: what row kernels and chain kernels are judged by. */
import { vjp } from '../../graph/autodiff/vjp.ts';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import type { Dim } from '../../types/dim.ts';
import { sizeOf } from '../../types/dim.ts';

const lastAxis = (x: Value): number => x.shape.length - 1;
/** A value of x's shape without the last axis, along that axis. */
export const alongLast = (row: Value, x: Value): Value => b.broadcast(row, x.shape, [...row.shape.keys()]);
const number = (like: Value, value: number): Value => b.broadcast(b.constant(value, [], 'f32'), like.shape, []);
export const scaled = (x: Value, by: number): Value => b.mul(x, number(x, by));

export function softmax(x: Value): Value {
  const powers = b.exp(b.sub(x, alongLast(b.stopGradient(b.reduceMax(x, [lastAxis(x)])), x)));
  return b.div(powers, alongLast(b.reduceSum(powers, [lastAxis(x)]), x));
}

function meanLast(x: Value): Value {
  const sum = b.reduceSum(x, [lastAxis(x)]);
  return scaled(sum, 1 / Number(sizeOf(x.shape[lastAxis(x)] ?? 1)));
}

/** gamma and beta are rows. */
export function layerNorm(x: Value, gamma: Value, beta: Value): Value {
  const centred = b.sub(x, alongLast(meanLast(x), x));
  const variance = meanLast(b.mul(centred, centred));
  const normal = b.div(centred, alongLast(b.sqrt(b.add(variance, number(variance, 1e-5))), x));
  return b.add(b.mul(normal, b.broadcast(gamma, x.shape, [lastAxis(x)])), b.broadcast(beta, x.shape, [lastAxis(x)]));
}

export function rmsNorm(x: Value, gamma: Value): Value {
  const square = meanLast(b.mul(x, x));
  const normal = b.div(x, alongLast(b.sqrt(b.add(square, number(square, 1e-5))), x));
  return b.mul(normal, b.broadcast(gamma, x.shape, [lastAxis(x)]));
}

export interface AttentionOptions {
  readonly scale?: number;
  readonly causal?: boolean;
}

/** [..., m, d], [..., k, d], [..., k, n]: softmax(q kᵀ) v. */
export function attention(q: Value, k: Value, v: Value, { scale = 1, causal = false }: AttentionOptions = {}): Value {
  const batch = [...q.shape.keys()].slice(0, -2);
  const last = lastAxis(q);
  const scores = scaled(b.contract(q, k, { left: [last], right: [last], leftBatch: batch, rightBatch: batch }), scale);
  const [rows, columns] = [b.iota(last - 1, scores.shape, 'i32'), b.iota(last, scores.shape, 'i32')];
  const masked = causal ? b.select(b.compare(columns, rows, 'le'), scores, number(scores, -1e30)) : scores;
  return b.contract(softmax(masked), v, { left: [last], right: [last - 1], leftBatch: batch, rightBatch: batch });
}

/** f, and its gradients with respect to all of its operands, given the cotangent `dy`. */
export function withGradients<const S extends readonly (readonly Dim[])[]>(shapes: S, f: (xs: { [I in keyof S]: Value }) => Value): Graph {
  const xs = shapes.map((shape, i) => b.input(`x${i}`, shape, 'f32'));
  const y = f(xs as { [I in keyof S]: Value }); // seam: one value a shape
  const dy = b.input('dy', y.shape, 'f32');
  return makeGraph('layer', [...xs, dy], [y, ...vjp([y], xs, [dy]).map((gradient) => gradient ?? dy)]);
}

/** The same without the result: what a backward program of its own would do, everything computed again. */
export function gradientsOnly(graph: Graph): Graph {
  return makeGraph(graph.name, graph.inputs, graph.outputs.slice(1));
}
