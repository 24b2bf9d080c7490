/**
 * Sums and cuts of a product that nothing else reads go into the product, so that what is not asked for is never computed:
 *  - the sum over a batch axis of a contract is a contract over that axis, too;
 *  - a slice of a contract is a contract of slices;
 *  - the overlap-add of a contract, reduceSum(unskew(contract(a, b))), with the windows' places from one operand and the places
 *    within a window from the other, is a contract of unskew(a) with b. So the gradient of a convolution is a convolution,
 *    and the product's windows, which would be as large as the forward pass's, are never stored.
 *
 * The last multiplies by zeros between windows: where b is not finite, results there are NaN.
 */
import { broadcast, contract, isPrimitive, permute, reduceSum, reshape, slice, unskew } from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { PrimitiveParams, SkewParams, SliceParams } from '../../graph/primitive.ts';
import { elementCountText } from '../../graph/shapeChecks.ts';
import type { Graph, Value } from '../../graph/value.ts';
import type { Dim } from '../../types/dim.ts';
import { at } from '../at.ts';
import { isReadAloneDownTo } from './users.ts';

/** What may stand between; the sums are those that were folded on the way. */
const passed: ReadonlySet<string> = new Set(['permute', 'reshape', 'unskew', 'slice', 'reduceSum']);

export function foldContractViews(graph: Graph): Graph {
  const isAlone = isReadAloneDownTo(graph, 'contract', passed);
  return mapGraph(graph, (value, original) => {
    if (isPrimitive(value, 'reduceSum')) return isAlone(original) ? (foldSum(value) ?? value) : value;
    if (isPrimitive(value, 'slice')) return isAlone(original) ? (foldSlice(value) ?? value) : value;
    return value;
  });
}

/** An axis of a contract's result by where it comes from; a batch axis by the left operand's. */
interface Label {
  readonly side: 'left' | 'right';
  readonly axis: number;
}

/** A value as the contract that it is a view of: `labels[i]` is axis i. */
interface Pulled {
  readonly contract: Value<'contract'>;
  readonly labels: readonly Label[];
  /** Axes along which zeros were multiplied: worth it only if they are summed. */
  readonly windows: readonly Label[];
}

const same = (one: Label, other: Label): boolean => one.side === other.side && one.axis === other.axis;

function freeAxes(value: Value<'contract'>, side: Label['side']): readonly Label[] {
  const { params, operands } = value;
  const bound = side === 'left' ? [...params.left, ...params.leftBatch] : [...params.right, ...params.rightBatch];
  const { shape } = at(operands, side === 'left' ? 0 : 1);
  return [...shape.keys()].filter((axis) => !bound.includes(axis)).map((axis) => ({ side, axis }));
}

function labelsOf(value: Value<'contract'>): readonly Label[] {
  const batch = value.params.leftBatch.map((axis): Label => ({ side: 'left', axis }));
  return [...batch, ...freeAxes(value, 'left'), ...freeAxes(value, 'right')];
}

function pull(value: Value): Pulled | undefined {
  if (isPrimitive(value, 'contract')) return { contract: value, labels: labelsOf(value), windows: [] };
  const operand = value.operands[0];
  if (operand === undefined || value.primitive === 'reduceSum') return undefined;
  if (isPrimitive(value, 'reshape') && !sameSizes(value.shape, operand.shape)) return undefined;
  const below = pull(operand);
  if (below === undefined || value.primitive === 'reshape') return below;
  if (isPrimitive(value, 'permute')) return { ...below, labels: value.params.order.map((axis) => at(below.labels, axis)) };
  if (isPrimitive(value, 'unskew')) return pullUnskew(below, value.params);
  return isPrimitive(value, 'slice') ? pullSlice(below, value.params) : undefined;
}

function sameSizes(left: readonly Dim[], right: readonly Dim[]): boolean {
  return left.length === right.length && left.every((dim, axis) => elementCountText([dim]) === elementCountText([at(right, axis)]));
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

function pullUnskew(
  { contract: product, labels, windows }: Pulled,
  { axis, window, stride, dilation, shape }: SkewParams,
): Pulled | undefined {
  const [place, within] = [at(labels, axis), at(labels, window)];
  const free = [...freeAxes(product, 'left'), ...freeAxes(product, 'right')];
  const areFree = [place, within].every((label) => free.some((other) => same(label, other)));
  if (!areFree || place.side === within.side) return undefined;
  const [left, right] = [at(product.operands, 0), at(product.operands, 1)];
  const [moved, other] = place.side === 'left' ? [left, right] : [right, left];
  const rank = moved.shape.length;
  const wide = broadcast(moved, [...moved.shape, at(other.shape, within.axis)], range(rank));
  const places = unskew(wide, { axis: place.axis, window: rank, stride, dilation, shape: wide.shape.with(place.axis, at(shape, axis)) });
  const { params } = product;
  const batch = place.side === 'left' ? { left: rank, right: within.axis } : { left: within.axis, right: rank };
  const axes = { ...params, leftBatch: [...params.leftBatch, batch.left], rightBatch: [...params.rightBatch, batch.right] };
  const operands: readonly [Value, Value] = place.side === 'left' ? [places, right] : [left, places];
  const next: Label = { side: 'left', axis: batch.left };
  return {
    contract: asContract(operands, axes, product),
    labels: labels.map((label) => (same(label, within) ? next : label)),
    windows: [...windows, next],
  };
}

function pullSlice({ contract: product, labels, windows }: Pulled, params: SliceParams): Pulled {
  const cut = (side: Label['side']): Value => {
    const operand = at(product.operands, side === 'left' ? 0 : 1);
    const { leftBatch, rightBatch } = product.params;
    const axisOf = (axis: number): number =>
      labels.findIndex((label) =>
        same(
          label,
          side === 'right' && rightBatch.includes(axis) ? { side: 'left', axis: at(leftBatch, rightBatch.indexOf(axis)) } : { side, axis },
        ),
      );
    const from = operand.shape.map((_, axis) => axisOf(axis));
    const pick = <T>(list: readonly T[], otherwise: (axis: number) => T): T[] => from.map((i, axis) => list[i] ?? otherwise(axis));
    return slice(operand, {
      starts: pick(params.starts, () => 0),
      limits: from.map((i) => params.limits[i]),
      strides: pick(params.strides, () => 1),
      shape: pick(params.shape, (axis) => at(operand.shape, axis)),
    });
  };
  return { contract: asContract([cut('left'), cut('right')], product.params, product), labels, windows };
}

function asContract([left, right]: readonly [Value, Value], axes: PrimitiveParams['contract'], { origin }: Value): Value<'contract'> {
  const value = contract(left, right, axes, origin);
  if (!isPrimitive(value, 'contract')) throw new Error('internal: contract made something else');
  return value;
}

function foldSum(value: Value<'reduceSum'>): Value | undefined {
  const pulled = pull(at(value.operands, 0));
  if (pulled === undefined) return undefined;
  const { contract: product, labels, windows } = pulled;
  const { params } = product;
  const summed = value.params.axes.map((axis) => at(labels, axis));
  const isBatch = (label: Label): boolean => label.side === 'left' && params.leftBatch.includes(label.axis);
  const contracted = summed.filter(isBatch).map(({ axis }) => params.leftBatch.indexOf(axis));
  if (contracted.length === 0 || !windows.every((window) => summed.some((label) => same(label, window)))) return undefined;
  const kept = (axes: readonly number[]): readonly number[] => axes.filter((_, i) => !contracted.includes(i));
  const axes = {
    left: [...params.left, ...contracted.map((i) => at(params.leftBatch, i))],
    right: [...params.right, ...contracted.map((i) => at(params.rightBatch, i))],
    leftBatch: kept(params.leftBatch),
    rightBatch: kept(params.rightBatch),
  };
  const next = asContract([at(product.operands, 0), at(product.operands, 1)], axes, product);
  const rest = summed.filter((label) => !isBatch(label));
  const isRest = (label: Label): boolean => rest.some((other) => same(label, other));
  const own = labelsOf(next);
  const restAxes = [...own.keys()].filter((axis) => isRest(at(own, axis)));
  const result = restAxes.length === 0 ? next : reduceSum(next, restAxes, value.origin);
  const wanted = labels.filter((label) => !summed.some((other) => same(label, other)));
  return inOrder(
    result,
    own.filter((label) => !isRest(label)),
    wanted,
    value,
  );
}

function foldSlice(value: Value<'slice'>): Value | undefined {
  const pulled = pull(value);
  if (pulled === undefined || pulled.windows.length > 0) return undefined;
  return inOrder(pulled.contract, labelsOf(pulled.contract), pulled.labels, value);
}

/** The axes of `value`, labelled `own`, in the order and with the dims of the value it stands for. */
function inOrder(value: Value, own: readonly Label[], wanted: readonly Label[], { shape, origin }: Value): Value {
  const order = wanted.map((label) => own.findIndex((other) => same(label, other)));
  const ordered = order.every((axis, i) => axis === i) ? value : permute(value, order, origin);
  return ordered.shape.every((dim, axis) => dim === shape[axis]) ? ordered : reshape(ordered, shape, origin);
}
