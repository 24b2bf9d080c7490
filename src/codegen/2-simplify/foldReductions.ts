/**
 * Reductions that need no loop: over axes of size 1 (a reshape), and over constants.
 * Leaves alone: the sum of a constant that is also a factor of a contract; it rides along in the contract's kernel.
 */
import { constant, isPrimitive, reshape } from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { sizeOf } from '../../types/dim.ts';
import { at } from '../at.ts';
import { usersOf } from './users.ts';

export function foldReductions(graph: Graph): Graph {
  const users = usersOf(graph);
  const isFactor = (value: Value): boolean => (users.get(value) ?? []).some((user) => user.primitive === 'contract');
  return mapGraph(graph, (value) => {
    if (!isPrimitive(value, 'reduceSum') && !isPrimitive(value, 'reduceMax')) return value;
    const operand = at(value.operands, 0);
    const sizes = value.params.axes.map((axis) => sizeOf(at(operand.shape, axis)));
    if (sizes.length === 0) return operand;
    if (sizes.every((size) => size === 1)) return reshape(operand, value.shape, value.origin);
    if (!isPrimitive(operand, 'constant')) return value;
    const fold = (result: number): Value => constant(result, value.shape, value.dtype, value.origin);
    if (value.primitive === 'reduceMax' || operand.params.value === 0) return fold(operand.params.value);
    const count = sizes.reduce<number>((product, size) => product * (typeof size === 'number' ? size : Number.NaN), 1);
    return value.dtype !== 'f32' || Number.isNaN(count) || isFactor(operand) ? value : fold(Math.fround(operand.params.value * count));
  });
}
