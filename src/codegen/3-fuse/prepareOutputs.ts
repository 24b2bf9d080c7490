/**
 * Outputs that no kernel would store (inputs, constants, views, the second of two that are one value) get a copy.
 *
 * Invariant: afterwards the outputs are distinct, and each is computed: pointwise, a reduction, a contract or a scatter.
 */
import { identity } from '../../graph/build.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { isView } from './views.ts';

export function prepareOutputs(graph: Graph): Graph {
  const seen = new Set<Value>();
  const outputs = graph.outputs.map((output) => {
    const stored = output.operands.length === 0 || isView(output) || seen.has(output) ? identity(output, {}, output.origin) : output;
    seen.add(stored);
    return stored;
  });
  return { ...graph, outputs };
}
