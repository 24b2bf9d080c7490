/**
 * Scatters get the form that is cheapest for their sizes. All of them sum in the order of the indices.
 *  - Few rows: a contraction with the one-hot of the indices, which costs rows · indices · columns products, but runs as a product does.
 *  - Few indices: as they are; each row looks at every index.
 *  - Else the indices are sorted first, stably, by counting for each how many come before it: indices² comparisons, twice; then each
 *    row finds its own. So the gradient of an embedding costs no more for a larger vocabulary than to write it.
 */
import {
  broadcast,
  cast,
  compare,
  constant,
  contract,
  gather,
  iota,
  isPrimitive,
  permute,
  reduceSum,
  reshape,
  scatterAdd,
  select,
} from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { type Dim, sizeOf } from '../../types/dim.ts';
import { product } from '../../types/rules/merge.ts';
import { at } from '../at.ts';

/** Up to so many indices, looking at each costs less than to sort. */
const fewIndices = 32;
/** How many products of a contraction cost as much as a comparison of the sort. */
const productsAComparison = 16;
/** What a size is taken for that is known only at run time. */
const assumed = 1024;

export function lowerScatters(graph: Graph): Graph {
  return mapGraph(graph, (value) => (isPrimitive(value, 'scatterAdd') && !value.params.sorted ? lowered(value) : value));
}

const count = (shape: readonly Dim[]): number =>
  shape.map(sizeOf).reduce<number>((product, size) => product * (typeof size === 'number' ? size : assumed), 1);

function lowered(value: Value<'scatterAdd'>): Value {
  const { axis } = value.params;
  const indices = at(value.operands, 1);
  const [rows, columns] = [count([at(value.shape, axis)]), count(value.shape.toSpliced(axis, 1))];
  const terms = count(indices.shape);
  if (rows * columns <= 2 * productsAComparison * terms) return asContract(value);
  return terms > fewIndices ? sortedFirst(value) : value;
}

const range = (start: number, length: number): readonly number[] => Array.from({ length }, (_, i) => start + i);

/** Taking from 0, 1, 2, … brings the indices into range as `gather` itself does. */
function asContract(value: Value<'scatterAdd'>): Value {
  const { axis, dim } = value.params;
  const [updates, indices] = [at(value.operands, 0), at(value.operands, 1)];
  const rank = indices.shape.length;
  const taken = gather(iota(0, [dim], indices.dtype), indices, 0);
  const shape = [...indices.shape, dim];
  const isTaken = compare(iota(rank, shape, indices.dtype), broadcast(taken, shape, range(0, rank)), 'eq');
  const sum = contract(cast(isTaken, updates.dtype), updates, { left: range(0, rank), right: range(axis, rank) }, value.origin);
  const order = [...range(1, axis), 0, ...range(axis + 1, value.shape.length - axis - 1)];
  return axis === 0 ? sum : permute(sum, order, value.origin);
}

function sortedFirst(value: Value<'scatterAdd'>): Value {
  const { axis, dim } = value.params;
  const [given, by] = [at(value.operands, 0), at(value.operands, 1)];
  const flat = product(by.shape);
  const indices = reshape(by, [flat]);
  const updates = reshape(given, given.shape.toSpliced(axis, by.shape.length, flat));
  const order = sortOrder(gather(iota(0, [dim], indices.dtype), indices, 0), value);
  return scatterAdd(gather(updates, order, axis), gather(indices, order, 0), axis, dim, value.origin, true);
}

/** The places of the least element, the next, …: equal ones in their order. */
function sortOrder(x: Value, { origin }: Value): Value {
  const dim = at(x.shape, 0);
  const square = [dim, dim];
  // [own, other]
  const own = (of: Value): Value => broadcast(of, square, [0]);
  const others = (of: Value): Value => broadcast(of, square, [1]);
  const places = iota(0, [dim], 'i32');
  const isBefore = compare(others(places), own(places), 'lt');
  const comesFirst = select(compare(others(x), own(x), 'eq'), isBefore, compare(others(x), own(x), 'lt'));
  const rank = reduceSum(cast(comesFirst, 'i32'), [1], origin);
  const isAt = compare(others(rank), own(places), 'eq');
  return reduceSum(select(isAt, others(places), constant(0, square, 'i32')), [1], origin);
}
