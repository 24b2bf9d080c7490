/**
 * The choice between two values, element by element.
 *
 * Invariant: three shapes broadcast together, whichever is the largest; a number takes the other value's dtype.
 */
import { constant, select } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { dtypeProblem } from '../types/rules/dtype.ts';
import { whereProblem, whereShape } from '../types/rules/where.ts';
import { type Shape, showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Where } from '../types/tensor/comparison.ts';
import { isLazyTensor, LazyTensor, origin } from './lazyTensor.ts';
import { mergedSymbols } from './operands.ts';
import { broadcastTo, scalarLike } from './operations.ts';

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new ShapeError(problem);
}

/** The tensor of an operand of where, or undefined for a number. */
function tensorOf(operand: unknown, name: string): LazyTensor | undefined {
  if (typeof operand === 'number') return undefined;
  if (!isLazyTensor(operand)) throw new ShapeError(`where: ${name} is no tensor and no number (make a tensor of it, with tensor(…))`);
  operand.requireUsable('where');
  return operand;
}

const scalarShape: Shape = [];

// seam: the signature in types/tensor/comparison.ts gives the result its shape; here shapes are values.
export const where: Where = ((condition: unknown, whenTrue: unknown, whenFalse: unknown) => {
  const at = origin();
  const [mask, a, b] = [
    tensorOf(condition, 'the condition'),
    tensorOf(whenTrue, 'the first value'),
    tensorOf(whenFalse, 'the second value'),
  ];
  if (mask?.dtype !== 'bool') {
    throw new ShapeError(
      `where: the condition is ${mask?.dtype ?? 'number'}${showShape(mask?.shape ?? [])}, not bool (compare first, such as x.gt(0))`,
    );
  }
  if ((a === undefined || b === undefined) && (a ?? b)?.dtype === 'bool') {
    throw new ShapeError('where: one value is a number, the other bool (make both the same dtype)');
  }
  if (a !== undefined && b !== undefined) refuse(dtypeProblem('where', a.dtype, a.shape, b.dtype, b.shape));
  const shapes = [mask.shape, a?.shape ?? scalarShape, b?.shape ?? scalarShape] as const;
  refuse(whereProblem(...shapes));
  const shape = whereShape(...shapes) || mask.shape;
  const like = (a ?? b)?.value ?? constant(0, [], 'f32');
  const chosenFrom = (tensor: LazyTensor | undefined, number: unknown): Value =>
    broadcastTo(tensor?.value ?? scalarLike('where', Number(number), like), shape, at);
  const value = select(broadcastTo(mask.value, shape, at), chosenFrom(a, whenTrue), chosenFrom(b, whenFalse), at);
  return new LazyTensor(
    value,
    mergedSymbols(
      'where',
      [mask, a, b].filter((tensor) => tensor !== undefined),
    ),
  );
}) as never;
