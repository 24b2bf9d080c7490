/**
 * Checks a whole graph: what `build.ts` promises of each value, once more, and what only a graph can promise. Runs after
 * every pass in tests, so that a pass that breaks a graph is named.
 *
 * Invariant: a graph that passes here is one the evaluator and the emitters can run.
 */
import { needsData, reachable } from './graph.ts';
import { GraphError } from './graphError.ts';
import { inferShape } from './inferShape.ts';
import type { Primitive } from './primitive.ts';
import { printValue } from './print.ts';
import { equalTypes } from './shapeChecks.ts';
import { showType, type TensorType } from './showShape.ts';
import type { Graph, Value } from './value.ts';

function infer<P extends Primitive>(value: Value<P>): TensorType {
  return inferShape[value.primitive](value.params, value.operands, value);
}

function inferredType(value: Value): TensorType | string {
  try {
    return infer(value);
  } catch (error) {
    if (error instanceof GraphError) return error.message;
    throw error;
  }
}

/** What is wrong with one value, or `undefined`. */
function mistakeIn(value: Value, inputs: ReadonlySet<Value>): string | undefined {
  const inferred = inferredType(value);
  if (typeof inferred === 'string') return inferred;
  if (!equalTypes(value, inferred)) return `${showType(inferred)} follows from its operands`;
  if (value.operands.length === 0 && value.level !== 0) return `a leaf of level ${value.level}`;
  if (value.operands.some((operand) => operand.level >= value.level)) return `its level ${value.level} is not above its operands'`;
  if (!value.traced && value.operands.some((operand) => operand.traced)) return 'an operand is traced and it is not';
  if (needsData(value) && !inputs.has(value)) return 'it has no data and is not an input';
  return undefined;
}

/** Throws a `GraphError` that prints the first wrong value and names the phase (`after`) that left it. */
export function verifyGraph(graph: Graph, after: string): void {
  const inputs = new Set(graph.inputs);
  if (inputs.size !== graph.inputs.length) throw new GraphError('verifyGraph', `an input of ${graph.name} stands twice (after ${after})`);
  for (const value of [...graph.inputs, ...reachable(graph.outputs)]) {
    const mistake = inputs.has(value) && !needsData(value) ? 'an input must be a leaf without data' : mistakeIn(value, inputs);
    if (mistake !== undefined)
      throw new GraphError('verifyGraph', `${printValue(graph, value)}: ${mistake} (after ${after} of ${graph.name})`);
  }
}
