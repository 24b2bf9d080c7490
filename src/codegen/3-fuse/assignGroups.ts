/**
 * Puts every computed value in a group, operands first: a contract starts one; a reduction joins that of its operand, if it is
 * over the same axes as others there; a pointwise value joins that of an operand in the same space. What fits nowhere starts
 * a group of its own. Last, groups over one space that share an operand become one.
 *
 * Views and leaves are in no group: kernels read through them. Nor are the values of planes: what streams over a plane, a product
 * or reductions along its rows, starts a group and computes them there.
 */
import { isPrimitive } from '../../graph/build.ts';
import { reachable } from '../../graph/graph.ts';
import { isSameLoop } from '../../graph/loop.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at, get } from '../at.ts';
import { isPointwise } from '../pointwise.ts';
import { isReduction } from './alignReductions.ts';
import { basesBelow, findHosts } from './chains.ts';
import type { Cuts } from './cuts.ts';
import { axesOf, fits, type Group, type Grouping, inOrder, isAnchored, operandPlace, type Place, reaches } from './group.ts';
import { mergeSiblings } from './mergeSiblings.ts';
import { findPlanes, type Stream } from './planes.ts';
import { equalProducts, isOne, one, type Product, times } from './product.ts';
import { findRides, type Ride } from './rides.ts';
import { basesOf, sizesOf } from './views.ts';

/** `unhosted`: reductions of planes that do not wait for a product to be computed with. */
export function assignGroups(graph: Graph, cuts: Cuts, unhosted: ReadonlySet<Value> = new Set()): Grouping {
  const { alone, detached, unchained } = cuts;
  const planes = findPlanes(graph, reachable(graph.outputs), unchained);
  const isStreamed = (value: Value): boolean => planes.reductions.has(value);
  const { rides, order } = findRides(
    graph,
    (value) => alone.has(value) || isStreamed(value),
    (contract) => planes.products.has(contract),
  );
  const hosts = findHosts(order, planes, unhosted);
  const home = new Map<Value, Group>();
  const groups: Group[] = [];

  const start = (space: readonly Product[], anchor?: Value, chain?: Group['chain']): Group => {
    const contract = anchor && isPrimitive(anchor, 'contract') ? anchor : undefined;
    const scatter = anchor && isPrimitive(anchor, 'scatterAdd') ? anchor : undefined;
    const loop = anchor && isPrimitive(anchor, 'loop') ? anchor : undefined;
    const group: Group = {
      number: groups.length,
      contract,
      scatter,
      loop,
      chain,
      space,
      reduced: undefined,
      members: new Map(),
      needs: new Set(),
    };
    groups.push(group);
    return group;
  };
  const homesOf = (value: Value): readonly Group[] => [...new Set(basesBelow(value, planes).flatMap((base) => home.get(base) ?? []))];
  const join = (value: Value, group: Group, place: Place): void => {
    group.members.set(value, place);
    home.set(value, group);
    for (const need of homesOf(value)) if (need !== group) group.needs.add(need);
  };
  const makesNoCycle = (value: Value, group: Group): boolean => homesOf(value).every((need) => need === group || !reaches(need, group));

  /** The group of a product that streams over a plane, once for all that joins it. */
  const chains = new Map<Value, Group>();
  const chainOf = (contract: Value<'contract'>, stream: Stream): Group => {
    const group = chains.get(contract) ?? start(sizesOf(contract), contract, stream);
    chains.set(contract, group);
    return group;
  };

  for (const value of order) {
    const ride = rides.get(value);
    const streamed = planes.reductions.get(value);
    if (planes.planeOf.has(value)) continue;
    if (isPrimitive(value, 'loop')) {
      const group = groups.find(({ loop }) => loop !== undefined && isSameLoop(loop, value)) ?? start([], value);
      join(value, group, { level: 'full', axes: [] });
      continue;
    }
    if (isPrimitive(value, 'contract') || isPrimitive(value, 'scatterAdd')) {
      const stream = isPrimitive(value, 'contract') ? planes.products.get(value) : undefined;
      const group = stream !== undefined && isPrimitive(value, 'contract') ? chainOf(value, stream) : start(sizesOf(value), value);
      join(value, group, { level: 'full', axes: value.shape.map((_, axis) => [axis]) });
    } else if (streamed !== undefined && isReduction(value)) {
      const host = hosts.get(value);
      const alike = groups.filter(({ chain }) => chain?.plane === streamed.plane && chain.direction === streamed.direction);
      const open = [...(host === undefined ? [] : [chainOf(host, get(planes.products, host))]), ...alike.reverse()];
      const group = open.find((candidate) => makesNoCycle(value, candidate)) ?? start(sizesOf(at(value.operands, 0)), undefined, streamed);
      const stream = group.contract && planes.products.get(group.contract);
      if (group.contract === undefined || stream === undefined) {
        group.reduced = value.params.axes.filter((axis) => !isOne(at(group.space, axis)));
        join(value, group, outerPlace(value));
      } else join(value, group, ridePlace(value, { contract: group.contract, side: stream.side }));
    } else if (ride !== undefined) {
      const group = home.get(ride.contract);
      if (group !== undefined) join(value, group, ridePlace(value, ride));
    } else if (isReduction(value)) {
      const operand = at(value.operands, 0);
      const joined = alone.has(value) ? undefined : homesOf(value).flatMap((group) => reductionPlace(group, value, operand) ?? [])[0];
      if (joined === undefined) {
        const group = start(sizesOf(operand));
        group.reduced = value.params.axes.filter((axis) => !isOne(at(group.space, axis)));
        join(value, group, outerPlace(value));
      } else {
        joined.group.reduced = joined.reduced;
        join(value, joined.group, joined.place);
      }
    } else if (isPointwise(value)) {
      const open = alone.has(value)
        ? []
        : homesOf(value).filter((group) => group.loop === undefined && (!isAnchored(group) || !detached.has(value)));
      const candidates = [...open].sort((a, b) => rank(b) - rank(a) || b.number - a.number);
      const found = candidates.flatMap((group) => (makesNoCycle(value, group) ? (pointwisePlace(group, value) ?? []) : []))[0];
      if (found === undefined) join(value, start(sizesOf(value)), { level: 'full', axes: value.shape.map((_, axis) => [axis]) });
      else join(value, found.group, found.place);
    }
  }
  const circular = groups.filter((group) => group.chain !== undefined && [...group.needs].some((need) => reaches(need, group)));
  if (circular.length > 0) {
    const hosted = circular.flatMap(({ members }) => [...members.keys()].filter((value) => hosts.has(value)));
    const products = hosted.length > 0 ? [] : circular.flatMap(({ chain }) => chain?.plane.products ?? []);
    return assignGroups(graph, { ...cuts, unchained: new Set([...unchained, ...products]) }, new Set([...unhosted, ...hosted]));
  }
  return mergeSiblings({ groups, home, planes, order }, alone);
}

/** Once a row of what a reduction's group runs over. */
function outerPlace(value: Value<'reduceSum'> | Value<'reduceMax'>): Place {
  const rank = at(value.operands, 0).shape.length;
  return { level: 'outer', axes: axesAfter(value.params.axes, rank).map((axis) => [axis]) };
}

/** Anchored groups come first: pointwise values at no anchor move to where they are used. */
const rank = (group: Group): number => (isAnchored(group) || group.reduced !== undefined ? 1 : 0);

function axesAfter(axes: readonly number[], rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
}

function ridePlace(value: Value, { contract, side }: Ride): Place {
  const { params } = contract;
  const [factor, left] = [at(value.operands, 0), at(contract.operands, 0)];
  const batch = side === 'left' ? params.leftBatch : params.rightBatch;
  const kept = axesAfter(params[side], factor.shape.length);
  const free = kept.filter((axis) => !batch.includes(axis));
  const firstFree = side === 'left' ? batch.length : left.shape.length - params.left.length;
  return { level: side, axes: kept.map((axis) => [batch.includes(axis) ? batch.indexOf(axis) : firstFree + free.indexOf(axis)]) };
}

interface Joining {
  readonly group: Group;
  readonly place: Place;
}

function reductionPlace(
  group: Group,
  value: Value<'reduceSum'> | Value<'reduceMax'>,
  operand: Value,
): (Joining & { readonly reduced: readonly number[] }) | undefined {
  if (isAnchored(group) || group.chain !== undefined) return undefined;
  const read = operandPlace(group, value);
  if (read?.level !== 'full' || !fits(group, value, read)) return undefined;
  const reduced = value.params.axes
    .flatMap((axis) => read.axes[axis] ?? [])
    .filter((axis) => !isOne(at(group.space, axis)))
    .sort((a, b) => a - b);
  if (group.reduced !== undefined && `${group.reduced}` !== `${reduced}`) return undefined;
  const axes = axesAfter(value.params.axes, operand.shape.length).map((axis) => at(read.axes, axis));
  return { group, reduced, place: { level: 'outer', axes } };
}

function pointwisePlace(group: Group, value: Value): Joining | undefined {
  const places: (Place | undefined)[] = value.operands.map((operand) => group.members.get(operand));
  if (group.chain === undefined || group.contract !== undefined) places.push(inOrder(group, 'full', sizesOf(value)));
  if (group.reduced !== undefined) places.push(inOrder(group, 'outer', sizesOf(value)));
  if (group.contract !== undefined) {
    places.push(inOrder(group, 'left', sizesOf(value)), inOrder(group, 'right', sizesOf(value)));
    places.push(...value.operands.map((operand) => viewedPlace(group, operand)));
  }
  for (const place of places) {
    if (place !== undefined && place.axes.length === value.shape.length && fits(group, value, place) && touches(group, value, place))
      return { group, place };
  }
  return undefined;
}

/**
 * Where a member is computed under another order of axes, or several as one: what is made of a contract in such an order is stored
 * in that order at once, as the result of a convolution in groups is.
 */
function viewedPlace(group: Group, value: Value): Place | undefined {
  if (!isPrimitive(value, 'permute') && !isPrimitive(value, 'reshape')) return group.members.get(value);
  const below = viewedPlace(group, at(value.operands, 0));
  if (below === undefined) return undefined;
  if (isPrimitive(value, 'permute')) return { level: below.level, axes: value.params.order.map((axis) => at(below.axes, axis)) };
  const axes = mergedAxes(
    group,
    below.axes.flat().filter((axis) => !isOne(at(group.space, axis))),
    sizesOf(value),
  );
  return axes === undefined ? undefined : { level: below.level, axes };
}

/** The axes of the space in runs that have these sizes. */
function mergedAxes({ space }: Group, axes: readonly number[], sizes: readonly Product[]): Place['axes'] | undefined {
  let next = 0;
  const runs = sizes.map((size) => {
    const first = next;
    let length = one;
    while (!equalProducts(length, size) && next < axes.length) length = times(length, at(space, at(axes, next++)));
    return equalProducts(length, size) ? axes.slice(first, next) : undefined;
  });
  return next === axes.length && runs.every((run) => run !== undefined) ? runs : undefined;
}

/** At a level where no operand of the value is computed, a contract's kernel would gain nothing from it. */
function touches(group: Group, value: Value, place: Place): boolean {
  if (axesOf(group, place.level).length === 0 && group.contract !== undefined) return false;
  return (
    value.operands.flatMap(basesOf).some((base) => group.members.get(base)?.level === place.level) ||
    (!isAnchored(group) && place.level === 'full')
  );
}
