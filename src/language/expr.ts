/**
 * Expressions as text, recorded through the operations of the methods.
 *
 * Invariant: the rule has passed before anything is recorded, so every refusal is its sentence, or that of an operand.
 */
import type { Origin } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { exprProblem } from '../types/rules/expr.ts';
import { isMap } from '../types/rules/expression/functions.ts';
import type { Term } from '../types/rules/expression/term.ts';
import { type Algebra, walk } from '../types/rules/expression/walk.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Expression } from '../types/tensor/expression.ts';
import { LazyTensor, origin } from './lazyTensor.ts';
import { mergedSymbols, requireTensors } from './operands.ts';
import { elementwise, floatingMap, matmul, negate, reduce, scalarLike, transpose } from './operations.ts';

/** A value, or a number that takes the dtype of what it meets. */
type Part = { readonly value: Value } | { readonly number: number };

const names = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' } as const;
const fold = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
};

const recording = (operands: Readonly<Record<string, Part>>, origin?: Origin): Algebra<Part> => ({
  names: Object.keys(operands),
  name: (name) => operands[name] as Part,
  number: (text) => ({ number: Number(text) }),
  negate: (x) => ('number' in x ? { number: -x.number } : { value: negate(x.value, origin) }),
  parenthesised: (x) => x,
  suffix: (suffix, x) => ({ value: transpose(suffix, tensorOf(x), origin) }),
  binary: (sign, left, right) => {
    if (sign === '@') return { value: matmul(tensorOf(left), tensorOf(right), origin) };
    if ('number' in left && 'number' in right) return { number: fold[sign](left.number, right.number) };
    const name = names[sign];
    const a = 'number' in left ? scalarLike(name, left.number, tensorOf(right)) : left.value;
    const b = 'number' in right ? scalarLike(name, right.number, a) : right.value;
    return { value: elementwise(name, a, b, origin) };
  },
  call: (name, x) => ({
    value: isMap(name) ? floatingMap(name, tensorOf(x), origin) : reduce(name, tensorOf(x), undefined, false, origin),
  }),
  reduce: (name, x, axis, _, keeps) => ({ value: reduce(name, tensorOf(x), axis, keeps, origin) }),
  power: (x, exponent) => ('number' in x ? { number: x.number ** Number(exponent) } : { value: power(x.value, Number(exponent), origin) }),
});

/** By squaring: as many products as the exponent has binary digits, and ones in them. */
function power(x: Value, exponent: number, origin?: Origin): Value {
  if (exponent === 1) return x;
  const half = power(x, Math.floor(exponent / 2), origin);
  const square = elementwise('mul', half, half, origin);
  return exponent % 2 === 0 ? square : elementwise('mul', square, x, origin);
}

function tensorOf(part: Part): Value {
  if ('value' in part) return part.value;
  throw new ShapeError('expr: a number stands where a tensor is due (the rule refuses this first)');
}

/** The term of a number or a tensor, or why it cannot stand in an expression. */
function termOf(name: string, operand: LazyTensor | number): Term | string {
  if (typeof operand === 'number') return { dtype: 'number', shape: [], text: name, form: 'atom', products: [] };
  const { dtype, shape } = operand;
  if (dtype === 'bool') return `expr: takes numbers, not bool${showShape(shape)} (make the tensor numbers)`;
  return { dtype, shape, text: name, form: 'atom', products: [] };
}

// seam: the signature in types/tensor/expression.ts gives the result its shape; here shapes are values.
export const expr: Expression = ((text: unknown, operands: unknown) => {
  if (typeof text !== 'string') throw new ShapeError("expr: the text is not known (write it as a literal, such as 'X.T @ dY')");
  if (typeof operands !== 'object' || operands === null)
    throw new ShapeError('expr: the operands are not known (write them as a literal, such as { X, dY })');
  const given = Object.entries(operands).map(([name, operand]): readonly [string, LazyTensor | number] => [
    name,
    typeof operand === 'number' ? operand : (requireTensors('expr', [operand], [`'${name}'`])[0] as LazyTensor),
  ]);
  const problem = exprProblem(text, Object.fromEntries(given.map(([name, operand]) => [name, termOf(name, operand)])));
  if (problem !== undefined) throw new ShapeError(problem);
  const parts = Object.fromEntries(
    given.map(([name, operand]): [string, Part] => [name, typeof operand === 'number' ? { number: operand } : { value: operand.value }]),
  );
  const outcome = walk(text, recording(parts, origin()));
  if (typeof outcome === 'string') throw new ShapeError(outcome);
  return new LazyTensor(
    tensorOf(outcome.result),
    mergedSymbols(
      'expr',
      given.flatMap(([, operand]) => (typeof operand === 'number' ? [] : [operand])),
    ),
  );
}) as never;
