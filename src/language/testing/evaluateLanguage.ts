/**
 * Runs a function of the language in f64, through the reference evaluator: what its gradients are tested against.
 *
 * Invariant: no device and no compiler takes part.
 */
import { evaluate } from '../../graph/evaluate.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Structure } from '../../program/structure.ts';
import type { Dim } from '../../types/dim.ts';
import { traceFunction } from '../traceFunction.ts';

type Run = (inputs: readonly Float64Array[], symbols?: Record<string, number>) => Float64Array[];

/** `f` takes one f32 tensor a shape. */
export function inF64(f: (...args: never[]) => unknown, shapes: readonly (readonly Dim[])[]): Run {
  const items = shapes.map((shape): Structure => ({ kind: 'tensor', type: { shape, dtype: 'f32' } }));
  const { inputs, outputs } = traceFunction('layer', f, { kind: 'tuple', items });
  const graph = makeGraph('test', inputs, outputs);
  return (data, symbols = {}) => evaluate(graph, data, symbols);
}
