/**
 * Decides what is stored and what is computed again. Stored: outputs, factors of contracts, and what another kernel needs
 * unless it is cheap to compute from what is stored anyway, so that a mask like `y > 0` never is. What is cheap and made from
 * smaller arrays alone is computed where it is needed, even by a contract: a one-hot from its indices, a pool's gradient
 * within windows. So is a cheap factor of small products, where a dispatch would cost more than loading twice: the gradient
 * before an activation, that two products read. A pointwise value at no anchor that one kernel needs is computed there. Values
 * of planes are computed by every kernel that needs them.
 */

import { isPrimitive } from '../../graph/build.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { costOf, isPointwise } from '../pointwise.ts';
import { type Group, type Grouping, isAnchored } from './group.ts';
import { atMost, type Product, productOf, times } from './product.ts';
import { basesOf } from './views.ts';

/** Simple operations an element, and arrays read, up to which computing again beats a store and loads. */
const cheap = { cost: 4, reads: 2 } as const;
/** The same where every kernel that needs the value would compute each element once: what a store and a load cost. */
const onceCost = 24;
/** Arrays read where all of them are smaller than what is made of them. */
const smallReads = 3;
/** Multiply-adds of a product up to which a second load for each costs less than a dispatch. */
const smallProduct = productOf([2 ** 17]);

/**
 * `kept`: values to store in any case. Each round knows what the one before it stored: what is cheap to compute from that
 * needs no memory of its own.
 */
export function placeValues(graph: Graph, grouping: Grouping, kept: ReadonlySet<Value>): ReadonlySet<Value> {
  let stored = placeOnce(graph, grouping, kept, new Set());
  for (;;) {
    const next = placeOnce(graph, grouping, kept, stored);
    if (next.size >= stored.size) return stored;
    stored = next;
  }
}

/** `expected`: what is probably stored. */
function placeOnce(
  graph: Graph,
  { home, planes: { planeOf }, order }: Grouping,
  kept: ReadonlySet<Value>,
  expected: ReadonlySet<Value>,
): ReadonlySet<Value> {
  const stored = new Set([...graph.outputs, ...kept]);
  const costs = costsAgain(order, home, stored, expected);
  const users = usersThroughViews(order, (value) => home.has(value) || planeOf.has(value));
  const computedIn = new Map<Value, ReadonlySet<Group>>();
  for (const value of [...order].reverse()) {
    const own = home.get(value);
    const demanding = new Set((users.get(value) ?? []).flatMap((user) => [...(computedIn.get(user) ?? [])]));
    if (own === undefined) {
      if (planeOf.has(value)) computedIn.set(value, demanding);
      continue;
    }
    const elsewhere = [...demanding].filter((group) => group !== own);
    const moves =
      !isAnchored(own) && own.reduced === undefined && demanding.size === 1 && elsewhere.every((group) => isNoMoreWork(group, value));
    const cost = isPointwise(value) ? costs.get(value) : undefined;
    const isAgain = cost !== undefined && (cost <= cheap.cost || elsewhere.every((group) => isOnce(group, value)));
    if (!stored.has(value) && (elsewhere.length === 0 || isAgain || (isPointwise(value) && moves))) {
      computedIn.set(value, demanding);
      continue;
    }
    stored.add(value);
    computedIn.set(value, new Set([own]));
  }
  return stored;
}

interface Effort {
  readonly cost: number;
  /** What is computed, each value once. */
  readonly steps: ReadonlySet<Value>;
  readonly reads: ReadonlySet<Value>;
}

/** What computing a value again costs, where that is worth a thought. Adds the factors that are not cheap to `stored`. */
function costsAgain(
  order: readonly Value[],
  home: ReadonlyMap<Value, Group>,
  stored: Set<Value>,
  expected: ReadonlySet<Value>,
): ReadonlyMap<Value, number> {
  const contracts = order.filter((value) => isPrimitive(value, 'contract'));
  const factors = new Set(contracts.flatMap(({ operands }) => operands.flatMap(basesOf)));
  const ofLarge = new Set(contracts.filter((value) => !isSmallProduct(value)).flatMap(({ operands }) => operands.flatMap(basesOf)));
  const efforts = new Map<Value, Effort>();
  const costs = new Map<Value, number>();
  for (const value of order) {
    const small = smallEffort(value, efforts);
    const effort = small ?? cheapEffort(value, efforts);
    const group = home.get(value);
    const isMap = group !== undefined && !isAnchored(group) && group.reduced === undefined;
    const isAgain = small !== undefined || (isMap && effort !== undefined && effort.cost <= cheap.cost && !ofLarge.has(value));
    if (factors.has(value) && group !== undefined && !isAgain) stored.add(value);
    if (stored.has(value) || value.operands.length === 0) efforts.set(value, loadOf(value));
    else if (effort !== undefined) {
      efforts.set(value, effort);
      if (isPointwise(value)) costs.set(value, effort.cost);
    } else if (expected.has(value)) efforts.set(value, loadOf(value));
  }
  return costs;
}

function isSmallProduct(value: Value<'contract'>): boolean {
  const inner = value.params.left.map((axis) => at(at(value.operands, 0).shape, axis));
  return atMost(times(productOf(value.shape), productOf(inner)), smallProduct);
}

function loadOf(value: Value): Effort {
  const isArray = value.primitive !== 'constant' && value.primitive !== 'iota' && value.shape.length > 0;
  return { cost: 0, steps: new Set(), reads: new Set(isArray ? [value] : []) };
}

/** Of few steps on what is stored anyway. */
function cheapEffort(value: Value, efforts: ReadonlyMap<Value, Effort>): Effort | undefined {
  const operands = value.operands.flatMap(basesOf).map((base) => efforts.get(base));
  if (!isPointwise(value) || !operands.every((operand) => operand !== undefined)) return undefined;
  const effort = together(value, operands);
  return effort.cost <= onceCost && effort.reads.size <= cheap.reads ? effort : undefined;
}

/** Of a few steps on arrays that are all smaller than the value: it is better to store those. */
function smallEffort(value: Value, efforts: ReadonlyMap<Value, Effort>): Effort | undefined {
  if (!isPointwise(value)) return undefined;
  const effort = together(
    value,
    value.operands.flatMap(basesOf).map((base) => {
      const effort = efforts.get(base);
      return effort !== undefined && effort.cost <= cheap.cost ? effort : loadOf(base);
    }),
  );
  const isSmall = effort.cost <= cheap.cost && effort.reads.size <= smallReads && [...effort.reads].every((read) => isSmaller(read, value));
  return isSmall ? effort : undefined;
}

function together(value: Value, operands: readonly Effort[]): Effort {
  const steps = new Set([value, ...operands.flatMap((operand) => [...operand.steps])]);
  const cost = [...steps].reduce((sum, step) => sum + costOf(step), 0);
  return { cost, steps, reads: new Set(operands.flatMap((operand) => [...operand.reads])) };
}

function isSmaller(read: Value, than: Value): boolean {
  const [few, many] = [productOf(read.shape), productOf(than.shape)];
  return atMost(times(few, productOf([2])), many) || (atMost(few, many) && many.symbols.length > few.symbols.length);
}

/** The users that compute, with views between left out. */
function usersThroughViews(order: readonly Value[], isComputed: (value: Value) => boolean): ReadonlyMap<Value, readonly Value[]> {
  const users = new Map<Value, Value[]>();
  for (const value of order) {
    if (!isComputed(value)) continue;
    for (const operand of value.operands) {
      for (const base of basesOf(operand)) {
        const known = users.get(base);
        if (known === undefined) users.set(base, [value]);
        else known.push(value);
      }
    }
  }
  return users;
}

const isNoMoreWork = (group: Group, value: Value): boolean => costOf(value) <= cheap.cost || isOnce(group, value);

/** Whether the group's kernel would compute each element once. A scatter reads each of its updates once. */
function isOnce(group: Group, value: Value): boolean {
  if (group.scatter !== undefined && basesOf(at(group.scatter.operands, 0))[0] === value) return true;
  const space: Product = group.space.reduce(times, productOf([]));
  return atMost(space, productOf(value.shape));
}
