/**
 * A group with a contract becomes a contract kernel. Whatever the axes, the product has one flat index for each of batch, rows,
 * columns and the contracted axes; the operands' views say what they lead to.
 */
import type { Value } from '../../graph/value.ts';
import { at, get } from '../at.ts';
import { isReduction } from './alignReductions.ts';
import { type Group, indicesAlong, type Level } from './group.ts';
import { type FlatAxes, flatAxes } from './indexArithmetic.ts';
import type { ContractKernel, ContractOperand, Instruction, Ride } from './kernel.ts';
import { type Lowering, makeScope } from './lowering.ts';
import { sizesOf } from './views.ts';

export function lowerContract(group: Group, contract: Value<'contract'>, stores: readonly Value[], lowering: Lowering): ContractKernel {
  const { params } = contract;
  const [left, right] = [at(contract.operands, 0), at(contract.operands, 1)];
  const [leftSizes, rightSizes] = [sizesOf(left), sizesOf(right)];
  const leftFree = freeAxes(left, params.left, params.leftBatch);
  const rightFree = freeAxes(right, params.right, params.rightBatch);
  const batch = flatAxes(
    'b',
    params.leftBatch.map((axis) => at(leftSizes, axis)),
  );
  const m = flatAxes(
    'm',
    leftFree.map((axis) => at(leftSizes, axis)),
  );
  const n = flatAxes(
    'n',
    rightFree.map((axis) => at(rightSizes, axis)),
  );
  const k = flatAxes(
    'k',
    params.left.map((axis) => at(leftSizes, axis)),
  );

  const operand = (
    value: Value,
    batchAxes: readonly number[],
    bound: readonly number[],
    free: readonly number[],
    own: FlatAxes,
  ): ContractOperand => {
    const indices = value.shape.map((_, axis) => {
      if (batchAxes.includes(axis)) return at(batch.indices, batchAxes.indexOf(axis));
      return bound.includes(axis) ? at(k.indices, bound.indexOf(axis)) : at(own.indices, free.indexOf(axis));
    });
    const scope = makeScope(undefined, () => true);
    const result = lowering.evaluate(value, indices, scope);
    return { body: scope.body, result };
  };

  const positions = [...batch.indices, ...m.indices, ...n.indices];
  const storesAt = (level: Level, define: Value): { readonly body: readonly Instruction[]; readonly result: number } => {
    const scope = makeScope(undefined, () => true);
    const result = lowering.define(define, scope);
    for (const value of stores) {
      const place = get(group.members, value);
      if (place.level === level)
        lowering.store(
          value,
          indicesAlong(group, place, (axis) => at(positions, axis)),
          scope,
        );
    }
    return { body: scope.body, result };
  };

  const rides = [...group.members].flatMap(([value, { level }]): Ride[] => {
    if (!isReduction(value) || (level !== 'left' && level !== 'right')) return [];
    const { body, result } = storesAt(level, value);
    return body.length === 0 ? [] : [{ side: level, result, body }];
  });
  const epilogue = storesAt('full', contract);
  return {
    kind: 'contract',
    dtype: contract.dtype,
    batch: batch.size,
    m: m.size,
    n: n.size,
    k: k.size,
    left: operand(left, params.leftBatch, params.left, leftFree, m),
    right: operand(right, params.rightBatch, params.right, rightFree, n),
    accumulator: epilogue.result,
    epilogue: epilogue.body,
    rides,
  };
}

function freeAxes(value: Value, bound: readonly number[], batch: readonly number[]): readonly number[] {
  return value.shape.map((_, axis) => axis).filter((axis) => !bound.includes(axis) && !batch.includes(axis));
}
