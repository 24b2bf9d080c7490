/**
 * A contraction with a long sum and few results, such as a weight's gradient over a tall batch, leaves most of a device idle: its
 * sum is cut into parts that workgroups compute side by side, and the parts are added in order by a kernel that also has the
 * epilogue. Two runs give the same bits; nothing is added atomically.
 *
 * Leaves alone a sum over a plane that has enough rows to keep a device busy: in parts it would have the plane stored.
 * Source: split-K, as in CUTLASS and ONNX Runtime (with a second pass there, too, since atomics add in any order).
 */
import { contract, isPrimitive, reduceSum, reshape } from '../../graph/build.ts';
import { mapGraph, reachable } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { findPlanes, type Stream } from './planes.ts';
import { literalOf, productOf } from './product.ts';

/** No part is shorter: each costs a store and a load an element, and the second kernel a dispatch. */
const shortestPart = 512;
const mostParts = 16;
/** With as many tiles of this height and width, a device is busy. */
const busy = { tiles: 32, side: 64 } as const;

/** As many rows of a plane do, 16 a workgroup. */
const busyRows = 256;

export function splitSums(graph: Graph): Graph {
  const { products } = findPlanes(graph, reachable(graph.outputs), new Set());
  const isChain = (value: Value): boolean => {
    const stream = isPrimitive(value, 'contract') ? products.get(value) : undefined;
    return stream !== undefined && rowsOf(stream) >= busyRows;
  };
  return mapGraph(graph, (value, original) => (isPrimitive(value, 'contract') && !isChain(original) ? split(value) : value));
}

/** Symbolic sizes may be large. */
function rowsOf({ plane, direction }: Stream): number {
  const [{ shape } = { shape: [] }] = plane.products;
  const rows = [...plane.batch, ...plane[direction]].map((axis) => at(shape, axis));
  return literalOf(productOf(rows)) ?? Number.POSITIVE_INFINITY;
}

function split(value: Value<'contract'>): Value {
  const { left, right, leftBatch, rightBatch } = value.params;
  const [a, b] = [at(value.operands, 0), at(value.operands, 1)];
  const [leftAxis, rightAxis] = [left[0], right[0]];
  if (value.dtype !== 'f32' || left.length !== 1 || leftAxis === undefined || rightAxis === undefined) return value;
  const length = literalOf(productOf([at(a.shape, leftAxis)]));
  const parts = length === undefined ? 1 : countParts(length, value);
  if (length === undefined || parts === 1) return value;
  const inParts = (factor: Value, axis: number): Value => {
    const shape = factor.shape.flatMap((dim, i) => (i === axis ? [parts, length / parts] : [dim]));
    return reshape(factor, shape, value.origin);
  };
  const after = (axis: number, from: number): number => (axis > from ? axis + 1 : axis);
  const products = contract(
    inParts(a, leftAxis),
    inParts(b, rightAxis),
    {
      left: [leftAxis + 1],
      right: [rightAxis + 1],
      leftBatch: [leftAxis, ...leftBatch.map((axis) => after(axis, leftAxis))],
      rightBatch: [rightAxis, ...rightBatch.map((axis) => after(axis, rightAxis))],
    },
    value.origin,
  );
  return reduceSum(products, [0], value.origin);
}

/** A power of two that divides the length. */
function countParts(length: number, value: Value<'contract'>): number {
  const free = at(value.operands, 0).shape.length - value.params.left.length;
  const batch = value.params.leftBatch.length;
  const sizeAlong = (from: number, to: number): number | undefined => literalOf(productOf(value.shape.slice(from, to)));
  const [count, m, n] = [sizeAlong(0, batch), sizeAlong(batch, free), sizeAlong(free, value.shape.length)];
  if (count === undefined || m === undefined || n === undefined) return 1;
  const tiles = count * Math.ceil(m / busy.side) * Math.ceil(n / busy.side);
  let parts = 1;
  while (parts < mostParts && tiles * parts < busy.tiles && length % (2 * parts) === 0 && length / (2 * parts) >= shortestPart) parts *= 2;
  return parts;
}
