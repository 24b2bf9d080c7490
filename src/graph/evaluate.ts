/**
 * The reference evaluator: runs a graph on the CPU in f64. It is what kernels and gradients are tested against, and is
 * itself tested against literals written by hand.
 *
 * Invariant: one result a value, in row-major order; floating dtypes are not rounded, integers and bool are exact.
 */
import { sizeOf } from '../types/dim.ts';
import { knownSize } from '../types/size.ts';
import { isPrimitive } from './build.ts';
import type { Elements } from './elements.ts';
import { evaluateLoop } from './evaluateLoop.ts';
import { evaluateRules } from './evaluateRules.ts';
import { reachable } from './graph.ts';
import { GraphError } from './graphError.ts';
import { groupLoops } from './loop.ts';
import type { Primitive } from './primitive.ts';
import { showType } from './showShape.ts';
import { countElements } from './strides.ts';
import type { Graph, Value } from './value.ts';

function evaluateValue<P extends Primitive>(value: Value<P>, operands: readonly Elements[], sizes: readonly number[]): Float64Array {
  return evaluateRules[value.primitive](value, operands, sizes);
}

/**
 * `inputs`: the elements of each of the graph's inputs, row-major; `symbols`: the sizes of the symbolic axes. Gives the
 * elements of each output. Throws a `GraphError` on a wrong number of inputs or elements or an axis without a size.
 */
export function evaluate(
  graph: Graph,
  inputs: readonly ArrayLike<number>[],
  symbols: Readonly<Record<string, number>> = {},
): Float64Array[] {
  if (inputs.length !== graph.inputs.length)
    throw new GraphError('evaluate', `${graph.name} has ${graph.inputs.length} inputs, not ${inputs.length}`);
  const sizesOf = ({ shape }: Pick<Value, 'shape'>): readonly number[] =>
    shape.map((dim) => {
      const known = knownSize(sizeOf(dim), symbols);
      if (known === undefined) throw new GraphError('evaluate', `the axis '${dim}' has no size`);
      if (!Number.isInteger(known) || known < 1) throw new GraphError('evaluate', `the axis '${dim}' has size ${known}`);
      return known;
    });
  const results = new Map<Value, Elements>();
  graph.inputs.forEach((value, i) => {
    const [sizes, elements] = [sizesOf(value), Float64Array.from(inputs[i] ?? [])];
    if (elements.length !== countElements(sizes)) {
      throw new GraphError('evaluate', `input ${i} of ${graph.name} is ${showType(value)}, and ${elements.length} elements came`);
    }
    results.set(value, { sizes, elements });
  });
  const resultOf = (value: Value): Elements => {
    const result = results.get(value);
    if (result === undefined) throw new GraphError('evaluate', `a ${value.primitive} is used before it is computed`);
    return result;
  };
  const order = reachable(graph.outputs);
  const loops = groupLoops(order);
  const run = (body: Graph, elements: readonly ArrayLike<number>[]) => evaluate(body, elements, symbols);
  for (const value of order) {
    if (results.has(value)) continue;
    const members = isPrimitive(value, 'loop') ? (loops.find((group) => group.includes(value)) ?? []) : [];
    if (members.length > 0) {
      const elements = evaluateLoop(members, value.operands.map(resultOf), sizesOf, run);
      for (const [i, member] of members.entries())
        results.set(member, { sizes: sizesOf(member), elements: elements[i] ?? new Float64Array() });
      continue;
    }
    const sizes = sizesOf(value);
    results.set(value, { sizes, elements: evaluateValue(value, value.operands.map(resultOf), sizes) });
  }
  return graph.outputs.map((value) => resultOf(value).elements.slice());
}
