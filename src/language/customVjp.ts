/**
 * A function with a hand-written gradient.
 *
 * Invariant: backward sees exactly what forward saved, and must give exactly the arguments' shapes, for all sizes: the types
 * say so, and the same is checked when it runs.
 */
import { customGradient } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { gradientStructure, unflatten } from '../program/structure.ts';
import { differenceOf } from '../program/structureDifference.ts';
import { isFloating } from '../types/dtype.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Arguments, Cotangent, Cotangents, Saving } from '../types/transform.ts';
import { LazyTensor } from './lazyTensor.ts';
import { inOrderOf, nest, requireSettled, symbolsOf, unnest } from './nested.ts';
import { requireFunction } from './requireFunction.ts';

/**
 * The function that computes `forward(...).y` and whose gradient is `backward(saved, dy)`, one entry an argument: plain tensors of
 * the arguments' shapes, also where an argument is a parameter.
 * Errors: `ShapeError` if forward does not return `{ y, saved }`, or backward's result does not have the arguments' structure and shapes.
 *
 * @example
 * const matmul = customVjp(
 *   (x: Tensor<['n', 'in']>, w: Tensor<['in', 'out']>) => ({ y: x.matmul(w), saved: { x, w } }),
 *   (saved, dy) => [dy.matmul(saved.w.T), saved.x.T.matmul(dy)],
 * );
 */
export function customVjp<A extends Arguments, Y, Saved>(
  forward: (...args: A) => Saving<Y, Saved>,
  backward: (saved: NoInfer<Saved>, dy: NoInfer<Cotangent<Y>>) => Cotangents<A>,
): (...args: A) => Y {
  requireFunction('customVjp', forward, 'forward');
  requireFunction('customVjp', backward, 'backward');
  return (...args) => {
    const given = unnest(args);
    const { y, saved } = requireSaving(forward(...args));
    const result = unnest(y);
    const symbols = { ...symbolsOf(given.leaves), ...symbolsOf(result.leaves) };
    const expected = gradientStructure({ kind: 'tuple', items: given.structure.kind === 'tuple' ? given.structure.items : [] });

    const call = (cotangents: readonly Value[]): readonly (Value | undefined)[] => {
      const floating = cotangents.filter(({ dtype }) => isFloating(dtype)).map((value) => new LazyTensor(value, symbols));
      const dy: unknown = unflatten(gradientStructure(result.structure), floating);
      const gradients = unnest(backward(saved, dy as Cotangent<Y>));
      const problem = differenceOf(expected, gradients.structure);
      if (problem !== undefined) {
        throw new ShapeError(
          `customVjp: backward's result does not fit the arguments: ${problem} (give one gradient for each argument, of its shape)`,
        );
      }
      const inOrder = inOrderOf(expected, gradients)[Symbol.iterator]();
      return given.leaves.map(({ leaf }) => (isFloating(leaf.dtype) ? inOrder.next().value?.value : undefined));
    };
    const marked = customGradient(
      result.leaves.map(({ leaf }) => leaf.value),
      given.leaves.map(({ leaf }) => leaf.value),
      call,
    );
    return nest(result.structure, marked, symbols) as Y;
  };
}

/** What forward returned. Throws a `ShapeError` if it is something else, such as the result alone. */
function requireSaving<Y, Saved>(given: Saving<Y, Saved>): Saving<Y, Saved> {
  const returned: unknown = requireSettled('customVjp', given);
  if (typeof returned === 'object' && returned !== null && 'y' in returned && 'saved' in returned) return given;
  throw new ShapeError('customVjp: forward does not return { y, saved } (return the result as y, and what backward reads as saved)');
}
