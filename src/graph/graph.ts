/**
 * Graphs as wholes: what is reached, in which order, and how to rewrite it. No recursion: a graph may be any depth.
 *
 * Invariant: the order depends only on the structure (operands before users, in the order of operands and outputs), so
 * that equal graphs print equally.
 */
import { withOperands } from './build.ts';
import { GraphError } from './graphError.ts';
import type { Graph, Value } from './value.ts';

/** Every value reached from `outputs`, each once, operands first; of `ends` the operands are not looked at. */
export function reachable(outputs: readonly Value[], ends: ReadonlySet<Value> = new Set()): readonly Value[] {
  const order: Value[] = [];
  const seen = new Set<Value>();
  const stack: { readonly value: Value; next: number }[] = [];
  const visit = (value: Value): void => {
    if (seen.has(value)) return;
    seen.add(value);
    stack.push({ value, next: 0 });
  };
  for (const output of outputs) {
    visit(output);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const operand = ends.has(top.value) ? undefined : top.value.operands[top.next];
      top.next += 1;
      if (operand !== undefined) {
        visit(operand);
      } else {
        order.push(top.value);
        stack.pop();
      }
    }
  }
  return order;
}

/** Throws a `GraphError` if an input is no leaf or stands twice, or a leaf without a value is no input. */
export function makeGraph(name: string, inputs: readonly Value[], outputs: readonly Value[]): Graph {
  const known = new Set(inputs);
  if (known.size !== inputs.length) throw new GraphError('makeGraph', `an input of ${name} stands twice`);
  for (const value of inputs) {
    if (!needsData(value)) throw new GraphError('makeGraph', `an input of ${name} is a ${value.primitive}, not a leaf`);
  }
  for (const value of reachable(outputs)) {
    if (needsData(value) && !known.has(value))
      throw new GraphError('makeGraph', `${name} reaches ${describeLeaf(value)}, which is not an input`);
  }
  return { name, inputs, outputs };
}

/** True of the leaves that a graph must list as inputs. */
export function needsData(value: Value): boolean {
  return value.primitive === 'input' || value.primitive === 'data';
}

function describeLeaf(value: Value): string {
  return 'name' in value.params ? `the input '${value.params.name}'` : `a leaf of ${value.primitive}`;
}

/**
 * Rebuilds a graph from the leaves up. `rule` sees each value with its operands already rewritten and answers with the
 * value to stand in its place, of the same shape and dtype (the same value: no change). `original` is what it was before. Inputs stay as they are.
 * Values below which nothing changed are shared with the old graph.
 */
export function mapGraph(graph: Graph, rule: (value: Value, original: Value) => Value): Graph {
  const rewritten = new Map<Value, Value>(graph.inputs.map((value) => [value, value]));
  const now = (value: Value): Value => rewritten.get(value) ?? value;
  for (const value of reachable(graph.outputs, new Set(graph.inputs))) {
    if (!rewritten.has(value)) rewritten.set(value, rule(withOperands(value, value.operands.map(now)), value));
  }
  return { ...graph, outputs: graph.outputs.map(now) };
}
