/** Runs the passes until nothing changes. */
import type { Graph } from '../../graph/value.ts';
import { type Pass, passes } from './passes.ts';

/** More rounds than this would be two passes undoing each other. */
const roundLimit = 20;

export interface SimplifyOptions {
  /** Sees the graph after each pass. */
  readonly observe?: (graph: Graph, pass: Pass) => void;
  /** False: only the passes that kernels cannot do without. */
  readonly isWhole?: boolean;
}

export function simplify(graph: Graph, { observe = () => {}, isWhole = true }: SimplifyOptions = {}): Graph {
  const chosen = passes.filter(({ isNeeded }) => isWhole || isNeeded);
  let now = graph;
  for (let round = 0; round < roundLimit; round++) {
    const before = now;
    for (const pass of chosen) {
      now = pass.run(now);
      observe(now, pass);
    }
    if (now.outputs.every((output, i) => output === before.outputs[i])) break;
  }
  return now;
}
