/** Marks for differentiation have done their work once a graph is compiled: each is its first operand. */
import { mapGraph } from '../../graph/graph.ts';
import type { Graph } from '../../graph/value.ts';

const marks: ReadonlySet<string> = new Set(['identity', 'stopGradient', 'customGradient']);

export function removeMarks(graph: Graph): Graph {
  return mapGraph(graph, (value) => (marks.has(value.primitive) ? (value.operands[0] ?? value) : value));
}
