/**
 * Chains of like views become one view, views that change nothing vanish, and a view of a constant is a constant.
 * Leaves alone: chains of unlike views, which cost nothing (kernels compose their index maps).
 */
import { broadcast, constant, isPrimitive, permute, reshape } from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { foldCut } from './foldCuts.ts';

export function foldViews(graph: Graph): Graph {
  return mapGraph(graph, foldView);
}

const sameShape = (left: Value, right: Value): boolean =>
  left.shape.length === right.shape.length && left.shape.every((dim, axis) => dim === right.shape[axis]);

function foldView(value: Value): Value {
  const [operand] = value.operands;
  if (operand === undefined) return value;
  if (isPrimitive(value, 'permute')) return foldPermute(value, operand);
  if (isPrimitive(value, 'reshape')) return foldReshape(value, operand);
  if (isPrimitive(value, 'broadcast')) return foldBroadcast(value, operand);
  return foldCut(value, operand);
}

function foldPermute(value: Value<'permute'>, operand: Value): Value {
  const { order } = value.params;
  if (order.every((axis, i) => axis === i)) return operand;
  if (isPrimitive(operand, 'constant')) return constant(operand.params.value, value.shape, value.dtype, value.origin);
  if (!isPrimitive(operand, 'permute')) return value;
  const inner = operand.params.order;
  return foldView(
    permute(
      at(operand.operands, 0),
      order.map((axis) => at(inner, axis)),
      value.origin,
    ),
  );
}

function foldReshape(value: Value<'reshape'>, operand: Value): Value {
  if (sameShape(value, operand)) return operand;
  if (isPrimitive(operand, 'constant')) return constant(operand.params.value, value.shape, value.dtype, value.origin);
  return operand.primitive === 'reshape' ? foldView(reshape(at(operand.operands, 0), value.shape, value.origin)) : value;
}

function foldBroadcast(value: Value<'broadcast'>, operand: Value): Value {
  if (sameShape(value, operand)) return operand;
  if (isPrimitive(operand, 'constant')) return constant(operand.params.value, value.shape, value.dtype, value.origin);
  if (!isPrimitive(operand, 'broadcast')) return value;
  const axes = operand.params.axes.map((axis) => at(value.params.axes, axis));
  return broadcast(at(operand.operands, 0), value.shape, axes, value.origin);
}
