/** Products in every orientation, with batches, with an epilogue, and with their gradients. */
import { addBias } from '../../src/codegen/testing/mlp.ts';
import * as b from '../../src/graph/build.ts';
import { makeGraph } from '../../src/graph/graph.ts';
import { vjpGraph } from '../../src/graph/testing/vjpGraph.ts';
import type { Graph } from '../../src/graph/value.ts';
import type { DType } from '../../src/types/dtype.ts';

export const orientations = ['NN', 'TN', 'NT', 'TT'] as const;
export type Orientation = (typeof orientations)[number];
export type Sizes = readonly [batch: number, m: number, n: number, k: number];

export function product(orientation: Orientation, [batch, m, n, k]: Sizes, dtype: DType): Graph {
  const left = b.input('a', orientation[0] === 'T' ? [batch, k, m] : [batch, m, k], dtype);
  const right = b.input('b', orientation[1] === 'T' ? [batch, n, k] : [batch, k, n], dtype);
  const axes = { left: [orientation[0] === 'T' ? 1 : 2], right: [orientation[1] === 'T' ? 2 : 1], leftBatch: [0], rightBatch: [0] };
  return makeGraph(`${orientation} ${batch}x${m}x${n}x${k}`, [left, right], [b.contract(left, right, axes)]);
}

/** relu(x w + bias). */
export function dense(orientation: 'NN' | 'NT', [, m, n, k]: Sizes, dtype: DType): Graph {
  const [x, w] = [b.input('x', [m, k], dtype), b.input('w', orientation === 'NT' ? [n, k] : [k, n], dtype)];
  const bias = b.input('bias', [n], dtype);
  const y = b.relu(addBias(b.contract(x, w, { left: [1], right: [orientation === 'NT' ? 1 : 0] }), bias));
  return makeGraph(`dense ${m}x${n}x${k}`, [x, w, bias], [y]);
}

export const gradientOf = vjpGraph;
