/** Who uses what, in one graph. */
import { reachable } from '../../graph/graph.ts';
import type { Primitive } from '../../graph/primitive.ts';
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

/** Whether every value from a value's operand down through `between` to one of primitive `end` is read once, and no output. */
export function isReadAloneDownTo(graph: Graph, end: Primitive, between: ReadonlySet<string>): (value: Value) => boolean {
  const users = usersOf(graph);
  const outputs = new Set(graph.outputs);
  return (value) => {
    let below = value.operands[0];
    while (below !== undefined && !outputs.has(below) && (users.get(below) ?? []).length === 1) {
      if (below.primitive === end) return true;
      if (!between.has(below.primitive)) return false;
      below = below.operands[0];
    }
    return false;
  };
}
