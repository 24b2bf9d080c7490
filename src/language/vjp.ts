/**
 * Gradients of functions: the function is run on marked copies of its arguments, and the recording is differentiated.
 *
 * Invariant: a gradient has the structure of what it is the gradient of, parameters' gradients with their names; tensors without
 * one become null.
 * Source: JAX's vjp and grad.
 */

import { vjp as differentiate } from '../graph/autodiff/vjp.ts';
import { constantLike, identity } from '../graph/build.ts';
import { substitute } from '../graph/substitute.ts';
import type { Value } from '../graph/value.ts';
import { gradientStructure, type Structure, unflatten } from '../program/structure.ts';
import { differenceOf } from '../program/structureDifference.ts';
import { compiledPullback, isCompiledLayer } from '../runtime/compiledLayer.ts';
import { isFloating } from '../types/dtype.ts';
import { type scalar, scalarProblem, type settled } from '../types/rules/result.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Arguments, Gradient, Pullback, ValueAndGradient } from '../types/transform.ts';
import { LazyTensor } from './lazyTensor.ts';
import { inOrderOf, nest, requireSettled, symbolsOf, unnest } from './nested.ts';
import { requireFunction } from './requireFunction.ts';

interface Differentiated {
  readonly structure: Structure;
  readonly outputs: readonly Value[];
  readonly symbols: LazyTensor['symbols'];
  backward(operation: string, dy: unknown): unknown;
}

function differentiated(f: (...args: never[]) => unknown, args: readonly unknown[]): Differentiated {
  const given = unnest(args);
  const originals = given.leaves.map(({ leaf }) => leaf.value);
  const marked = originals.map((value) => (isFloating(value.dtype) ? identity(value, { traced: true }) : value));
  const marks = new Map(marked.map((value, index) => [value, originals[index]]));
  // Inside another trace the marks may stay: only outside would they keep results from running.
  const isNested = originals.some(({ traced }) => traced);
  const unmark = (values: readonly Value[]): readonly Value[] => (isNested ? values : substitute(values, (value) => marks.get(value)));

  const copies = given.leaves.map(({ leaf }, index) => new LazyTensor(marked[index] as Value, leaf.symbols, undefined, leaf.tie));
  const result = unnest(requireSettled('vjp', f(...(unflatten(given.structure, copies) as never[]))));
  const symbols = { ...symbolsOf(given.leaves), ...symbolsOf(result.leaves) };
  const results = result.leaves.map(({ leaf }) => leaf.value);

  const backward = (operation: string, dy: unknown): unknown => {
    const cotangents = unnest(dy);
    const expected = gradientStructure(result.structure);
    const problem = differenceOf(expected, cotangents.structure);
    if (problem !== undefined)
      throw new ShapeError(`${operation}: the cotangent does not fit the result: ${problem} (give dy the structure and the shapes of y)`);
    const inOrder = inOrderOf(expected, cotangents)[Symbol.iterator]();
    const seeds = results.map((value) => (isFloating(value.dtype) ? inOrder.next().value?.value : undefined));
    const wrt = marked.filter(({ dtype }) => isFloating(dtype));
    const gradients = differentiate(results, wrt, seeds).map((gradient, index) => gradient ?? constantLike(wrt[index] as Value, 0));
    return nest(gradientStructure(given.structure), unmark(gradients), { ...symbols, ...symbolsOf(cotangents.leaves) });
  };
  return { structure: result.structure, outputs: unmark(results), symbols, backward };
}

/**
 * The function's result together with its pullback.
 *
 * Shapes: `backward` takes a cotangent of y's structure and shapes and gives gradients of the arguments' structure and
 * shapes; leaves that are not floating-point tensors become null. Of a compiled layer it runs the compiled backward.
 * Errors: `ShapeError` if dy does not fit y.
 *
 * @example const { y, backward } = vjp(linear)(X, { w: W, b });
 */
export function vjp<A extends Arguments, Y>(f: (...args: A) => settled<'vjp', Y>): (...args: A) => Pullback<A, Y> {
  requireFunction('vjp', f);
  return (...args) => {
    if (isCompiledLayer(f)) return compiledPullback(f, args) as Pullback<A, Y>;
    const { structure, outputs, symbols, backward } = differentiated(f as never, args);
    // seam: values carry shapes at run time; their types follow from f's
    return { y: nest(structure, outputs, symbols) as Y, backward: (dy) => backward('backward', dy) as Gradient<A> };
  };
}

/**
 * A scalar-valued function's value and its gradient with respect to the first argument, any nesting of tensors.
 * Errors: `ShapeError` if the function does not return a scalar.
 */
export function valueAndGrad<P, R extends Arguments, Y>(
  f: (parameters: P, ...rest: R) => scalar<'valueAndGrad', Y>,
): (parameters: P, ...rest: R) => ValueAndGradient<P> {
  requireFunction('valueAndGrad', f);
  return (parameters, ...rest) => differentiateScalar('valueAndGrad', f, parameters, rest);
}

/** The gradient of a scalar-valued function with respect to its first argument. As `valueAndGrad`, without the value. */
export function grad<P, R extends Arguments, Y>(
  f: (parameters: P, ...rest: R) => scalar<'grad', Y>,
): (parameters: P, ...rest: R) => Gradient<P> {
  requireFunction('grad', f);
  return (parameters, ...rest) => differentiateScalar('grad', f, parameters, rest).gradient;
}

function differentiateScalar<P, R extends Arguments>(
  operation: string,
  f: (parameters: P, ...rest: R) => unknown,
  parameters: P,
  rest: R,
): ValueAndGradient<P> {
  const { y: value, backward } = vjp((first: P): unknown => requireScalar(operation, f(first, ...rest)))(parameters);
  if (!(value instanceof LazyTensor))
    throw new ShapeError(scalarProblem(operation, value) ?? `${operation}: the function does not return a tensor (return a scalar)`);
  const one: unknown = new LazyTensor(constantLike(value.value, 1));
  // seam: the result is a scalar, as was just checked; its gradient has the structure of the parameters
  const [gradient] = backward(one as never) as readonly [Gradient<P>];
  return { value: value as never, gradient };
}

function requireScalar(operation: string, result: unknown): unknown {
  const problem = scalarProblem(operation, result);
  if (problem !== undefined) throw new ShapeError(problem);
  return result;
}
