/** Runs the passes until nothing changes. */
import type { Graph } from '../../graph/value.ts';
import { type Pass, passes } from './passes.ts';

/** More rounds than this would be two passes undoing each other. */
const roundLimit = 20;

/** `observe` sees the graph after each pass. */
export function simplify(graph: Graph, observe: (graph: Graph, pass: Pass) => void = () => {}): Graph {
  let now = graph;
  for (let round = 0; round < roundLimit; round++) {
    const before = now;
    for (const pass of passes) {
      now = pass.run(now);
      observe(now, pass);
    }
    if (now.outputs.every((output, i) => output === before.outputs[i])) break;
  }
  return now;
}
