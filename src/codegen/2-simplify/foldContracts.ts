/**
 * Permutes around a contract go into its axis lists: NN, TN and NT products are one primitive.
 *  - contract(permute(x), y) names x's own axes, if x's free axes keep their order;
 *  - permute(contract(x, y)) is contract(y, x), if it does no more than exchange the two groups of free axes.
 * Leaves alone: other permutes; kernels load through them.
 */
import { contract, isPrimitive } from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { PrimitiveParams } from '../../graph/primitive.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { usersOf } from './users.ts';

type ContractParams = PrimitiveParams['contract'];

export function foldContracts(graph: Graph): Graph {
  const users = usersOf(graph);
  return mapGraph(graph, (value) => {
    if (isPrimitive(value, 'contract')) return foldOperands(value);
    const operand = value.operands[0];
    if (!isPrimitive(value, 'permute') || operand === undefined || !isPrimitive(operand, 'contract')) return value;
    const usedOnce = (users.get(operand) ?? []).length <= 1 && !graph.outputs.includes(operand);
    return usedOnce && exchangesFreeAxes(value.params.order, operand) ? exchanged(operand, value.origin) : value;
  });
}

function foldOperands(value: Value<'contract'>): Value {
  const [left, right] = [at(value.operands, 0), at(value.operands, 1)];
  const { params, origin } = value;
  if (isPrimitive(left, 'permute') && keepsOrder(left.params.order, [...params.left, ...params.leftBatch])) {
    const named = (axes: readonly number[]) => axes.map((axis) => at(left.params.order, axis));
    return contract(at(left.operands, 0), right, { ...params, left: named(params.left), leftBatch: named(params.leftBatch) }, origin);
  }
  if (isPrimitive(right, 'permute') && keepsOrder(right.params.order, [...params.right, ...params.rightBatch])) {
    const named = (axes: readonly number[]) => axes.map((axis) => at(right.params.order, axis));
    return contract(left, at(right.operands, 0), { ...params, right: named(params.right), rightBatch: named(params.rightBatch) }, origin);
  }
  return value;
}

/** The free axes come in the same order with and without the permute. */
function keepsOrder(order: readonly number[], bound: readonly number[]): boolean {
  const free = order.filter((_, axis) => !bound.includes(axis));
  return free.every((axis, i) => i === 0 || axis > at(free, i - 1));
}

function exchangesFreeAxes(order: readonly number[], value: Value<'contract'>): boolean {
  const batch = value.params.leftBatch.length;
  const leftFree = at(value.operands, 0).shape.length - value.params.left.length - batch;
  const axes = order.map((_, axis) => axis);
  const expected = [...axes.slice(0, batch), ...axes.slice(batch + leftFree), ...axes.slice(batch, batch + leftFree)];
  return order.every((axis, i) => axis === expected[i]);
}

function exchanged(value: Value<'contract'>, origin: Value['origin']): Value {
  const { left, right, leftBatch, rightBatch }: ContractParams = value.params;
  const params: ContractParams = { left: right, right: left, leftBatch: rightBatch, rightBatch: leftBatch };
  return contract(at(value.operands, 1), at(value.operands, 0), params, origin);
}
