/**
 * What waits for nothing that is computed does not wait; what waits stands below views, so that these still fold with those above.
 */
import { after, isPrimitive, withOperands } from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { Primitive } from '../../graph/primitive.ts';
import type { Graph, Value } from '../../graph/value.ts';

const views: ReadonlySet<Primitive> = new Set(['permute', 'reshape', 'broadcast', 'slice', 'pad', 'skew', 'unskew']);

export function foldAfter(graph: Graph): Graph {
  return mapGraph(graph, (value) => (isPrimitive(value, 'after') ? fold(value) : value));
}

function fold(value: Value<'after'>): Value {
  const [x, ...others] = value.operands;
  const awaited = others.filter(({ operands }) => operands.length > 0);
  if (x === undefined) return value;
  const [below] = x.operands;
  if (awaited.length === 0 || isPrimitive(x, 'constant') || isPrimitive(x, 'iota')) return x;
  if (views.has(x.primitive) && below !== undefined) return withOperands(x, [fold(after(below, awaited, value.origin))]);
  return awaited.length === others.length ? value : after(x, awaited, value.origin);
}
