/**
 * A group with a scatterAdd becomes a scatter kernel: one flat index for the axes before the scattered one, its rows, the axes
 * after it, and the indices. What is made of the sums is the epilogue.
 */
import type { Value } from '../../graph/value.ts';
import { at, get } from '../at.ts';
import { type Group, indicesAlong } from './group.ts';
import { flatAxes } from './indexArithmetic.ts';
import type { ScatterKernel } from './kernel.ts';
import { type Lowering, makeScope } from './lowering.ts';
import { sizesOf } from './views.ts';

export function lowerScatter(group: Group, scatter: Value<'scatterAdd'>, stores: readonly Value[], lowering: Lowering): ScatterKernel {
  const { axis, sorted } = scatter.params;
  const [updates, indices] = [at(scatter.operands, 0), at(scatter.operands, 1)];
  const sizes = sizesOf(scatter);
  const batch = flatAxes('b', sizes.slice(0, axis));
  const m = flatAxes('m', sizes.slice(axis, axis + 1));
  const n = flatAxes('n', sizes.slice(axis + 1));
  const k = flatAxes('k', sizesOf(indices));

  const everywhere = () => makeScope(undefined, () => true);
  const [index, update, epilogue] = [everywhere(), everywhere(), everywhere()];
  const operand = lowering.evaluate(indices, k.indices, index);
  const row = lowering.fresh();
  index.body.push({ kind: 'nearest', result: row, dtype: 'u32', operand, from: indices.dtype, size: m.size });
  const updated = lowering.evaluate(updates, [...batch.indices, ...k.indices, ...n.indices], update);

  const sum = lowering.define(scatter, epilogue);
  const positions = [...batch.indices, ...m.indices, ...n.indices];
  for (const value of stores) {
    const indices = indicesAlong(group, get(group.members, value), (from) => at(positions, from));
    lowering.store(value, indices, epilogue);
  }
  return {
    kind: 'scatter',
    dtype: scatter.dtype,
    batch: batch.size,
    m: m.size,
    n: n.size,
    k: k.size,
    index: { body: index.body, result: row },
    update: { body: update.body, result: updated },
    sorted,
    sum,
    epilogue: epilogue.body,
  };
}
