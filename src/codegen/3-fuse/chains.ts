/**
 * What streams over a plane together: a product, and the reductions along the same rows that it needs. So softmax and the product
 * with its weights are one kernel.
 */
import { isPrimitive } from '../../graph/build.ts';
import { reachable } from '../../graph/graph.ts';
import type { Value } from '../../graph/value.ts';
import type { Planes } from './planes.ts';
import { awaitedBy, basesOf, isView } from './views.ts';

/** For a reduction of a plane the first product that needs it and streams the same way: they are one kernel, unless `unhosted`. */
export function findHosts(
  order: readonly Value[],
  { products, reductions }: Planes,
  unhosted: ReadonlySet<Value>,
): ReadonlyMap<Value, Value<'contract'>> {
  const hosts = new Map<Value, Value<'contract'>>();
  for (const [reduction, { plane, direction }] of reductions) {
    if (unhosted.has(reduction)) continue;
    const contract = order.find((value): value is Value<'contract'> => {
      const stream = isPrimitive(value, 'contract') ? products.get(value) : undefined;
      return stream?.plane === plane && stream.direction === direction && reachable([value]).includes(reduction);
    });
    if (contract !== undefined) hosts.set(reduction, contract);
  }
  return hosts;
}

/** What a value is computed from, with views and values of planes left out. */
export function basesBelow(value: Value, { planeOf }: Planes): readonly Value[] {
  const found = new Set<Value>();
  const stack = [...value.operands];
  const seen = new Set<Value>();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const base of [...basesOf(next), ...awaitedBy(next)]) {
      if (planeOf.has(base)) stack.push(...base.operands);
      else if (isView(base)) stack.push(base);
      else found.add(base);
    }
  }
  return [...found];
}
