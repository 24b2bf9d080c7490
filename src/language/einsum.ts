/**
 * Products summed over shared letters, as contractions of two operands at a time, from the left.
 *
 * Invariant: a letter is summed as soon as no later operand and not the result has it, so that intermediates stay small.
 */
import { contract, type Origin, permute, reduceSum } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { dtypeProblem } from '../types/rules/dtype.ts';
import { einsumProblem } from '../types/rules/einsum.ts';
import { parseEinsum } from '../types/rules/einsumPattern.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Einsum } from '../types/tensor/einsum.ts';
import { LazyTensor, origin } from './lazyTensor.ts';
import { mergedSymbols, requireTensors } from './operands.ts';

/** A value, and the letter of each of its axes. */
interface Lettered {
  readonly value: Value;
  readonly letters: readonly string[];
}

/** The einsum of values. Throws a `ShapeError`. */
export function einsumOf(spec: string, operands: readonly Value[], origin?: Origin): Value {
  const problem =
    operandsProblem(operands) ??
    einsumProblem(
      spec,
      operands.map(({ shape }) => shape),
    );
  if (problem !== undefined) throw new ShapeError(problem);
  const pattern = parseEinsum(spec);
  if (typeof pattern === 'string') throw new ShapeError(pattern);
  const lettered = operands.map((value, at): Lettered => ({ value, letters: pattern.operands[at] ?? [] }));
  const neededAfter = (at: number): ReadonlySet<string> =>
    new Set([...pattern.result, ...lettered.slice(at + 1).flatMap(({ letters }) => letters)]);
  const product = lettered.reduce((left, right, at) => multiply(left, right, neededAfter(at), origin));
  return inOrder(sumOver(product, new Set(pattern.result), origin), pattern.result, origin);
}

function operandsProblem(operands: readonly Value[]): string | undefined {
  const [first] = operands;
  if (first === undefined) return undefined;
  for (const { dtype, shape } of operands) {
    if (dtype === 'bool') return `einsum: takes numbers, not bool${showShape(shape)} (make the tensor numbers)`;
    const problem = dtypeProblem('einsum', first.dtype, first.shape, dtype, shape);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Both operands' product: shared letters that are needed later are batch axes, the others are contracted. */
function multiply(a: Lettered, b: Lettered, needed: ReadonlySet<string>, origin?: Origin): Lettered {
  const left = sumOver(a, new Set([...needed, ...b.letters]), origin);
  const right = sumOver(b, new Set([...needed, ...a.letters]), origin);
  const shared = left.letters.filter((letter) => right.letters.includes(letter));
  const batch = shared.filter((letter) => needed.has(letter));
  const summed = shared.filter((letter) => !needed.has(letter));
  const axes = (letters: readonly string[], of: Lettered): readonly number[] => letters.map((letter) => of.letters.indexOf(letter));
  const value = contract(
    left.value,
    right.value,
    { left: axes(summed, left), right: axes(summed, right), leftBatch: axes(batch, left), rightBatch: axes(batch, right) },
    origin,
  );
  const free = [...left.letters, ...right.letters].filter((letter) => !shared.includes(letter));
  return { value, letters: [...batch, ...free] };
}

/** The sum over the letters that are not kept. */
function sumOver({ value, letters }: Lettered, kept: ReadonlySet<string>, origin?: Origin): Lettered {
  const axes = letters.flatMap((letter, axis) => (kept.has(letter) ? [] : [axis]));
  return axes.length === 0
    ? { value, letters }
    : { value: reduceSum(value, axes, origin), letters: letters.filter((letter) => kept.has(letter)) };
}

function inOrder({ value, letters }: Lettered, result: readonly string[], origin?: Origin): Value {
  const order = result.map((letter) => letters.indexOf(letter));
  return order.every((axis, at) => axis === at) ? value : permute(value, order, origin);
}

// seam: the signature in types/tensor/einsum.ts gives the result its shape; here shapes are values.
export const einsum: Einsum = ((spec: unknown, ...operands: readonly unknown[]) => {
  if (typeof spec !== 'string') throw new ShapeError("einsum: the letters are not known (write them as a literal, such as 'ij,jk->ik')");
  const tensors = requireTensors(
    'einsum',
    operands,
    operands.map((_, at) => at + 1),
  );
  const value = einsumOf(
    spec,
    tensors.map((tensor) => tensor.value),
    origin(),
  );
  return new LazyTensor(value, mergedSymbols('einsum', tensors));
}) as never;
