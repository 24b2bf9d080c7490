/**
 * Identities of arithmetic that hold for every element, NaN and infinities included. So x * 0 folds for integers only.
 * Not done: reassociation, which would change rounding.
 */
import { add, constant, div, isPrimitive, mul, neg, sub } from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { Primitive } from '../../graph/primitive.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { isFloating } from '../../types/dtype.ts';

export function foldAlgebra(graph: Graph): Graph {
  return mapGraph(graph, (value) => {
    const [x, y, z] = value.operands;
    return x === undefined ? value : (rules[value.primitive]?.(value, x, y ?? x, z ?? x) ?? value);
  });
}

const isConstant = (value: Value, of: number): boolean => isPrimitive(value, 'constant') && value.params.value === of;
const inner = (value: Value): Value => value.operands[0] ?? value;

function isPowerOfTwo(x: number): boolean {
  const exponent = Math.log2(Math.abs(x));
  return Number.isInteger(exponent) && Math.abs(exponent) < 100;
}

/** The value to stand in place of this one; undefined: keep it. */
type Rule = (value: Value, x: Value, y: Value, z: Value) => Value | undefined;

const rules: { readonly [P in Primitive]?: Rule } = {
  neg: (_, x) => (x.primitive === 'neg' ? inner(x) : undefined),
  relu: (_, x) => (x.primitive === 'relu' ? x : undefined),
  cast: (value, x) => (x.dtype === value.dtype ? x : undefined),
  add: ({ origin }, x, y) => {
    if (isConstant(y, 0)) return x;
    if (isConstant(x, 0)) return y;
    if (y.primitive === 'neg') return sub(x, inner(y), origin);
    return x.primitive === 'neg' ? sub(y, inner(x), origin) : undefined;
  },
  sub: ({ origin, dtype }, x, y) => {
    if (isConstant(y, 0)) return x;
    if (y.primitive === 'neg') return add(x, inner(y), origin);
    return isConstant(x, 0) && dtype !== 'u32' ? neg(y, origin) : undefined;
  },
  mul: (value, x, y) => multiplied(value, x, y) ?? multiplied(value, y, x),
  div: ({ origin, shape, dtype }, x, y) => {
    if (isConstant(y, 1)) return x;
    if (dtype !== 'f32' || !isPrimitive(y, 'constant') || !isPowerOfTwo(y.params.value)) return undefined;
    return mul(x, constant(1 / y.params.value, shape, dtype, y.origin), origin);
  },
  pow: powerOf,
  maximum: (_, x, y) => (x === y ? x : undefined),
  select: (_, condition, whenTrue, whenFalse) => {
    if (whenTrue === whenFalse || isConstant(condition, 1)) return whenTrue;
    return isConstant(condition, 0) ? whenFalse : undefined;
  },
};

/** Whole exponents that are products, and the inverse. Not the square root: of -0 and of -infinity it is another. */
function powerOf({ origin }: Value, x: Value, y: Value): Value | undefined {
  if (isConstant(y, 1)) return x;
  if (isConstant(y, 2)) return mul(x, x, origin);
  if (isConstant(y, 3)) return mul(mul(x, x, origin), x, origin);
  if (isConstant(y, 0)) return constant(1, x.shape, x.dtype, origin);
  return isConstant(y, -1) ? div(constant(1, x.shape, x.dtype, origin), x, origin) : undefined;
}

function multiplied({ origin, dtype }: Value, x: Value, y: Value): Value | undefined {
  if (isConstant(y, 1)) return x;
  if (isConstant(y, 0) && !isFloating(dtype)) return y;
  return isConstant(y, -1) && dtype !== 'u32' ? neg(x, origin) : undefined;
}
