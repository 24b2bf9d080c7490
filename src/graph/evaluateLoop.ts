/** A loop in the reference evaluator: the step's graph is evaluated once for each place along the axis. */
import type { Elements } from './elements.ts';
import { bodyGraph } from './loop.ts';
import { countElements } from './strides.ts';
import type { Graph, Value } from './value.ts';

/** The elements of each of a loop's results. */
export function evaluateLoop(
  members: readonly Value<'loop'>[],
  operands: readonly Elements[],
  sizesOf: (value: Pick<Value, 'shape'>) => readonly number[],
  run: (graph: Graph, inputs: readonly ArrayLike<number>[]) => readonly Float64Array[],
): readonly Float64Array[] {
  const [first] = members;
  if (first === undefined) return [];
  const { body } = first.params;
  const { graph, carries, rows, captured } = bodyGraph(
    body,
    members.map(({ params }) => params.output),
  );
  const elementsOf = (operand: number): Float64Array => operands[operand]?.elements ?? new Float64Array();
  const [count = 1] = sizesOf({ shape: [body.axis] });
  const stacked = members.filter(({ params }) => 'each' in params.output);
  const stacks = stacked.map((value) => new Float64Array(countElements(sizesOf(value))));
  let now: readonly Float64Array[] = carries.map(elementsOf);
  for (let step = 0; step < count; step++) {
    const index = body.reverse ? count - 1 - step : step;
    const rowsNow = rows.map((operand) => {
      const all = elementsOf(operand);
      return all.subarray((index * all.length) / count, ((index + 1) * all.length) / count);
    });
    const results = run(graph, [[index], ...now, ...rowsNow, ...captured.map(elementsOf)]);
    now = results.slice(0, carries.length);
    for (const [i, stack] of stacks.entries()) stack.set(results[carries.length + i] ?? [], (index * stack.length) / count);
  }
  return members.map((member) => {
    const { output } = member.params;
    const found = 'last' in output ? now[carries.indexOf(output.last)] : stacks[stacked.indexOf(member)];
    return found ?? new Float64Array();
  });
}
