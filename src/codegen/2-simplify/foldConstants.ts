/** A pointwise value of constants is a constant: what the reference evaluator computes for one element, rounded to the dtype. */
import { constant, isPrimitive, makeValue } from '../../graph/build.ts';
import { evaluate } from '../../graph/evaluate.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { Primitive, PrimitiveParams } from '../../graph/primitive.ts';
import type { Graph, Value } from '../../graph/value.ts';
import type { DType } from '../../types/dtype.ts';
import { roundToHalf } from '../../types/half.ts';
import { isPointwise } from '../pointwise.ts';

export function foldConstants(graph: Graph): Graph {
  return mapGraph(graph, (value) => {
    if (!isPointwise(value)) return value;
    const operands = value.operands.map((operand) =>
      isPrimitive(operand, 'constant') ? constant(operand.params.value, [], operand.dtype) : undefined,
    );
    return operands.every((operand) => operand !== undefined) ? computed(value, operands) : value;
  });
}

const asIs = (x: number): number => x;
const round: { readonly [D in DType]: (x: number) => number } = { f32: Math.fround, f16: roundToHalf, i32: asIs, u32: asIs, bool: asIs };

function computed<P extends Primitive>(value: Value<P>, operands: readonly Value[]): Value {
  const params: PrimitiveParams[P] = value.params;
  const single = makeValue(value.primitive, operands, params);
  const result = evaluate({ name: 'constant', inputs: [], outputs: [single] }, [])[0]?.[0] ?? Number.NaN;
  return constant(round[value.dtype](result), value.shape, value.dtype, value.origin);
}
