/** Who uses what, in one graph. */
import { reachable } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';

/** The users of each value, once for each use. */
export function usersOf(graph: Graph): ReadonlyMap<Value, readonly Value[]> {
  const users = new Map<Value, Value[]>();
  for (const value of reachable(graph.outputs)) {
    for (const operand of value.operands) {
      const known = users.get(operand);
      if (known === undefined) users.set(operand, [value]);
      else known.push(value);
    }
  }
  return users;
}
