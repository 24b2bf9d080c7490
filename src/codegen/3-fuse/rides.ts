/**
 * Which sums ride along in a contract's kernel: the sum of a factor over exactly the contracted axes, as a bias's gradient is
 * beside its weight's. And the order in which values are then taken: a rider after its contract.
 */
import { isPrimitive } from '../../graph/build.ts';
import { reachable } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';

export interface Ride {
  readonly contract: Value<'contract'>;
  readonly side: 'left' | 'right';
}

export interface RideOrder {
  readonly rides: ReadonlyMap<Value, Ride>;
  /** Every value, after its operands; a rider after its contract. */
  readonly order: readonly Value[];
}

/** `refused`: sums that do not ride; `closed`: contracts that carry none. */
export function findRides(graph: Graph, refused: (value: Value) => boolean, closed: (contract: Value<'contract'>) => boolean): RideOrder {
  const values = reachable(graph.outputs);
  const contracts = new Map<Value, Ride[]>();
  for (const value of values) {
    if (!isPrimitive(value, 'contract') || closed(value)) continue;
    for (const side of ['right', 'left'] as const) {
      const factor = at(value.operands, side === 'left' ? 0 : 1);
      contracts.set(factor, [...(contracts.get(factor) ?? []), { contract: value, side }]);
    }
  }
  const rides = new Map<Value, Ride>();
  for (const value of values) {
    if (!isPrimitive(value, 'reduceSum') || refused(value)) continue;
    const ride = (contracts.get(at(value.operands, 0)) ?? []).find(
      (candidate) => sameAxes(candidate.contract.params[candidate.side], value.params.axes) && !dependsOn(candidate.contract, value, rides),
    );
    if (ride !== undefined) rides.set(value, ride);
  }
  return { rides, order: orderValues(graph, rides) };
}

function sameAxes(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((axis) => right.includes(axis));
}

const needsOf = (value: Value, rides: ReadonlyMap<Value, Ride>): readonly Value[] => {
  const ride = rides.get(value);
  return ride === undefined ? value.operands : [...value.operands, ride.contract];
};

function dependsOn(value: Value, on: Value, rides: ReadonlyMap<Value, Ride>): boolean {
  const seen = new Set<Value>();
  const stack: Value[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next === on) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    stack.push(...needsOf(next, rides));
  }
  return false;
}

function orderValues(graph: Graph, rides: ReadonlyMap<Value, Ride>): readonly Value[] {
  const done = new Set<Value>();
  const order: Value[] = [];
  const stack: Value[] = [...graph.outputs].reverse();
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const missing = done.has(top) ? [] : needsOf(top, rides).filter((need) => !done.has(need));
    if (missing.length > 0) {
      stack.push(...missing.reverse());
      continue;
    }
    stack.pop();
    if (!done.has(top)) order.push(top);
    done.add(top);
  }
  return order;
}
