/**
 * An overlap-add of an overlap-add is one: reduceSum(unskew(reduceSum(x))) sums once over all that it sums over, as the forward
 * pass of a pool over several axes does, and what lies between, larger by a window, is never stored. And a slice of a sum is
 * the sum of a slice: what is cut away is not summed.
 * Leaves alone: sums of sums without windows between.
 */
import { isPrimitive, permute, reduceSum, reshape, slice, unskew } from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import { elementCountText } from '../../graph/shapeChecks.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { isReadAloneDownTo } from './users.ts';

const between: ReadonlySet<string> = new Set(['permute', 'reshape', 'slice', 'unskew']);

export function foldNestedSums(graph: Graph): Graph {
  const isAlone = isReadAloneDownTo(graph, 'reduceSum', between);
  return mapGraph(graph, (value, original) => {
    const isRoot = isPrimitive(value, 'reduceSum') || isPrimitive(value, 'slice');
    return isRoot && isAlone(original) ? (folded(value) ?? value) : value;
  });
}

/** A view of a sum as the sum of a view: `summed` and `axes` are axes of `value`, `axes[i]` the one that axis i of the sum's view is. */
interface Lifted {
  readonly value: Value;
  readonly summed: readonly number[];
  readonly axes: readonly number[];
  readonly hasWindows: boolean;
}

function lift(value: Value): Lifted | undefined {
  const operand = value.operands[0];
  if (operand === undefined) return undefined;
  if (isPrimitive(value, 'reduceSum')) {
    const summed = value.params.axes;
    return { value: operand, summed, axes: [...operand.shape.keys()].filter((axis) => !summed.includes(axis)), hasWindows: false };
  }
  if (!between.has(value.primitive)) return undefined;
  const below = lift(operand);
  if (below === undefined) return undefined;
  if (isPrimitive(value, 'permute')) return { ...below, axes: value.params.order.map((axis) => at(below.axes, axis)) };
  if (isPrimitive(value, 'slice')) return { ...below, value: liftedSlice(value, below) };
  if (!isPrimitive(value, 'unskew')) {
    const isRename =
      value.shape.length === operand.shape.length &&
      value.shape.every((dim, axis) => elementCountText([dim]) === elementCountText([at(operand.shape, axis)]));
    return isRename ? below : undefined;
  }
  const axis = at(below.axes, value.params.axis);
  const shape = below.value.shape.with(axis, at(value.shape, value.params.axis));
  const moved = unskew(below.value, { ...value.params, axis, window: at(below.axes, value.params.window), shape }, value.origin);
  return { ...below, value: moved, hasWindows: true };
}

function liftedSlice({ params, shape, origin }: Value<'slice'>, { value, axes }: Lifted): Value {
  const pick = <T>(list: readonly T[], otherwise: (axis: number) => T): T[] =>
    [...value.shape.keys()].map((axis) => list[axes.indexOf(axis)] ?? otherwise(axis));
  return slice(
    value,
    {
      starts: pick(params.starts, () => 0),
      limits: [...value.shape.keys()].map((axis) => params.limits[axes.indexOf(axis)]),
      strides: pick(params.strides, () => 1),
      shape: pick(shape, (axis) => at(value.shape, axis)),
    },
    origin,
  );
}

function folded(value: Value<'reduceSum'> | Value<'slice'>): Value | undefined {
  const { shape, origin } = value;
  const own = isPrimitive(value, 'reduceSum') ? value.params.axes : [];
  const lifted = lift(isPrimitive(value, 'reduceSum') ? at(value.operands, 0) : value);
  if (lifted === undefined || (own.length > 0 && !lifted.hasWindows)) return undefined;
  const summed = [...lifted.summed, ...own.map((axis) => at(lifted.axes, axis))].sort((a, b) => a - b);
  const sum = reduceSum(lifted.value, summed, origin);
  const kept = [...lifted.value.shape.keys()].filter((axis) => !summed.includes(axis));
  const order = lifted.axes.filter((axis) => !summed.includes(axis)).map((axis) => kept.indexOf(axis));
  const ordered = order.every((axis, i) => axis === i) ? sum : permute(sum, order, origin);
  return ordered.shape.every((dim, axis) => dim === shape[axis]) ? ordered : reshape(ordered, shape, origin);
}
