/**
 * The gradient of a graph as a graph: for tests that need both as something to run.
 *
 * Invariant: inputs are the graph's, then one cotangent for each output; outputs are one gradient for each input, zeros
 * where none arrives.
 */
import { vjp } from '../autodiff/vjp.ts';
import { constantLike, input } from '../build.ts';
import { makeGraph } from '../graph.ts';
import type { Graph } from '../value.ts';

export function vjpGraph(graph: Graph): Graph {
  const cotangents = graph.outputs.map(({ shape, dtype }, i) => input(`d${i}`, shape, dtype));
  const gradients = vjp(graph.outputs, graph.inputs, cotangents);
  const outputs = graph.inputs.map((value, i) => gradients[i] ?? constantLike(value, 0));
  return makeGraph(`${graph.name}.vjp`, [...graph.inputs, ...cotangents], outputs);
}
