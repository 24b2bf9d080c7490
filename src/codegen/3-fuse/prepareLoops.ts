/**
 * A loop reads whole tensors: what it is given of views and constants gets a copy, reshapes excepted, and results that are asked for
 * twice become one.
 *
 * Invariant: afterwards each operand of a loop is an input or computed, or a reshape of such, and no two values are the same result of a loop.
 */
import { identity, isPrimitive, withOperands } from '../../graph/build.ts';
import { mapGraph, needsData } from '../../graph/graph.ts';
import { isSameLoop } from '../../graph/loop.ts';
import type { LoopOutput } from '../../graph/primitive.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { isView } from './views.ts';

export function prepareLoops(graph: Graph): Graph {
  const copies = new Map<Value, Value>();
  const results: Value<'loop'>[] = [];
  const asTensor = (operand: Value): Value => {
    const base = underReshapes(operand);
    if (needsData(base) || (base.operands.length > 0 && !isView(base))) return operand;
    const copy = copies.get(operand) ?? identity(operand, {}, operand.origin);
    copies.set(operand, copy);
    return copy;
  };
  return mapGraph(graph, (value) => {
    if (!isPrimitive(value, 'loop')) return value;
    const whole = withOperands(value, value.operands.map(asTensor));
    const known = results.find((other) => isSameLoop(other, whole) && isSameOutput(other.params.output, whole.params.output));
    if (known === undefined) results.push(whole);
    return known ?? whole;
  });
}

/** What has the same elements in the same order. */
export function underReshapes(value: Value): Value {
  let base = value;
  for (let below = base.operands[0]; below !== undefined && base.primitive === 'reshape'; below = base.operands[0]) base = below;
  return base;
}

function isSameOutput(one: LoopOutput, other: LoopOutput): boolean {
  return 'last' in one ? 'last' in other && one.last === other.last : 'each' in other && one.each === other.each;
}
