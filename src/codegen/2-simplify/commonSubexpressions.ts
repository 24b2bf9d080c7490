/** Values with the same primitive, params, operands and type are one value. Inputs stay apart. */
import { isPrimitive } from '../../graph/build.ts';
import { mapGraph, needsData } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';

export function commonSubexpressions(graph: Graph): Graph {
  const numbers = new Map<Value, number>();
  const first = new Map<string, Value>();
  const numberOf = (value: Value): number => {
    const known = numbers.get(value) ?? numbers.size;
    numbers.set(value, known);
    return known;
  };
  const paramsOf = (value: Value): string => (isPrimitive(value, 'loop') ? loopOutput(value, numberOf) : showParams(value));
  return mapGraph(graph, (value) => {
    if (needsData(value) || value.primitive === 'customGradient') return value;
    const key = JSON.stringify([value.primitive, value.operands.map(numberOf), paramsOf(value), value.dtype, value.shape]);
    const same = first.get(key) ?? value;
    first.set(key, same);
    return same;
  });
}

/** Results of loops are one if the same is asked of the same recording: its index stands for it. */
function loopOutput({ params: { body, output } }: Value<'loop'>, numberOf: (value: Value) => number): string {
  return `${numberOf(body.index)} ${'last' in output ? `last ${output.last}` : `each ${numberOf(output.each)}`}`;
}

/** As text that keeps -0, NaN and infinities apart, which JSON does not. */
function showParams(value: Value): string {
  return JSON.stringify(value.params, (_, field: unknown) =>
    typeof field === 'number' ? (Object.is(field, -0) ? '-0' : `${field}`) : field,
  );
}
