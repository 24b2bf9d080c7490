/**
 * Decides what is stored and what is computed again. Stored: outputs, factors of contracts, and what another kernel needs
 * unless it is cheap to compute from what is stored anyway, so that a mask like `y > 0` never is. A pointwise value at no
 * anchor that one kernel needs is computed there.
 */
import type { Graph, Value } from '../../graph/value.ts';
import { get } from '../at.ts';
import { costOf, isPointwise } from '../pointwise.ts';
import type { Group, Grouping } from './group.ts';
import { atMost, type Product, productOf, times } from './product.ts';
import { baseOf } from './views.ts';

/** Simple operations an element, and arrays read, up to which computing again beats a store and loads. */
const cheap = { cost: 4, reads: 2 } as const;

/** `kept`: values to store in any case. */
export function placeValues(graph: Graph, { home, order }: Grouping, kept: ReadonlySet<Value>): ReadonlySet<Value> {
  const stored = mandatory(graph, home, order, kept);
  const isCheap = findCheap(order, stored);
  const users = usersThroughViews(order, home);
  const computedIn = new Map<Value, ReadonlySet<Group>>();
  for (const value of [...order].reverse()) {
    const own = home.get(value);
    if (own === undefined) continue;
    const demanding = new Set(
      (users.get(value) ?? []).flatMap((user) => (readsStored(user, get(home, user)) ? [] : [...(computedIn.get(user) ?? [])])),
    );
    const elsewhere = [...demanding].filter((group) => group !== own);
    const moves =
      own.contract === undefined &&
      own.reduced === undefined &&
      demanding.size === 1 &&
      elsewhere.every((group) => isNoMoreWork(group, value));
    if (!stored.has(value) && (elsewhere.length === 0 || (isPointwise(value) && (isCheap.has(value) || moves)))) {
      computedIn.set(value, demanding);
      continue;
    }
    stored.add(value);
    computedIn.set(value, new Set([own]));
  }
  return stored;
}

/** Contracts and their riders read their factors from memory, or know them to be constant. */
function readsStored(user: Value, group: Group): boolean {
  return user.primitive === 'contract' || (user.primitive === 'reduceSum' && group.contract !== undefined);
}

function mandatory(graph: Graph, home: ReadonlyMap<Value, Group>, order: readonly Value[], kept: ReadonlySet<Value>): Set<Value> {
  const stored = new Set([...graph.outputs, ...kept]);
  for (const value of order) {
    if (value.primitive !== 'contract') continue;
    for (const operand of value.operands) {
      const base = baseOf(operand);
      if (home.has(base)) stored.add(base);
    }
  }
  return stored;
}

interface Effort {
  readonly cost: number;
  readonly reads: ReadonlySet<Value>;
}

function findCheap(order: readonly Value[], stored: ReadonlySet<Value>): ReadonlySet<Value> {
  const efforts = new Map<Value, Effort>();
  for (const value of order) {
    if (stored.has(value) || value.operands.length === 0) {
      const isArray = value.primitive !== 'constant' && value.primitive !== 'iota' && value.shape.length > 0;
      efforts.set(value, { cost: 0, reads: new Set(isArray ? [value] : []) });
      continue;
    }
    if (!isPointwise(value)) continue;
    const operands = value.operands.map((operand) => efforts.get(baseOf(operand)));
    if (!operands.every((operand) => operand !== undefined)) continue;
    const cost = operands.reduce((sum, operand) => sum + operand.cost, costOf(value));
    const reads = new Set(operands.flatMap((operand) => [...operand.reads]));
    if (cost <= cheap.cost && reads.size <= cheap.reads) efforts.set(value, { cost, reads });
  }
  return new Set([...efforts.keys()].filter((value) => isPointwise(value) && !stored.has(value)));
}

/** The users that compute, with views between left out. */
function usersThroughViews(order: readonly Value[], home: ReadonlyMap<Value, Group>): ReadonlyMap<Value, readonly Value[]> {
  const users = new Map<Value, Value[]>();
  for (const value of order) {
    if (!home.has(value)) continue;
    for (const operand of value.operands) {
      const base = baseOf(operand);
      const known = users.get(base);
      if (known === undefined) users.set(base, [value]);
      else known.push(value);
    }
  }
  return users;
}

function isNoMoreWork(group: Group, value: Value): boolean {
  const space: Product = group.space.reduce(times, productOf([]));
  return costOf(value) <= cheap.cost || atMost(space, productOf(value.shape));
}
