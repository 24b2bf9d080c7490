/**
 * A function's gradient against differences of the function, in f64 on the host: for gradients written by hand.
 *
 * Method: along random directions, as JAX does: for a random cotangent c and direction v, the slope of c·f at x along v is the gradient's
 * product with v. A wrong element shows in every direction but by an unlikely chance; what it costs does not grow with the elements.
 * Invariant: no kernel runs but those that compute the arguments; each argument has directions of its own, so the message names it.
 * Source: jax.test_util.check_grads.
 */
import { vjp as differentiate } from '../graph/autodiff/vjp.ts';
import { constantLike, input } from '../graph/build.ts';
import { evaluate } from '../graph/evaluate.ts';
import { makeGraph } from '../graph/graph.ts';
import { threefry } from '../graph/threefry.ts';
import type { Value } from '../graph/value.ts';
import { AdjointError } from '../runtime/errors.ts';
import { isFloating } from '../types/dtype.ts';
import type { settled } from '../types/rules/result.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Arguments } from '../types/transform.ts';
import { symbolsOf, unnest } from './nested.ts';
import { sourcesOf } from './realize.ts';
import { requireFunction } from './requireFunction.ts';
import { requireOptionNames } from './requireOptionNames.ts';
import { traceFunction } from './traceFunction.ts';

/** How a gradient is checked. */
export interface CheckGradientOptions {
  /** Random directions an argument. Default: 3. */
  readonly directions?: number;
  /** How far the two may be apart, relative to the larger, and to 1 where both are less. Default: 1e-5. */
  readonly tolerance?: number;
  /** Of the random directions and cotangents. Default: 0. */
  readonly seed?: number;
}

/** How far a difference goes to either side: the third root of what f64 resolves, where both errors of a central difference are least. */
const step = 6e-6;

/**
 * A check of the gradient that `f` has at the arguments: that of every floating-point tensor among them, against central differences.
 *
 * The arguments should be where the function is smooth: not at the kink of `relu`, nor where two elements are the maximum.
 * Shapes: any. Errors: an `AdjointError` that names the argument whose gradient is wrong; `ShapeError` if there is nothing to differentiate.
 *
 * @example await checkGradient(swish)(x, beta);
 */
export function checkGradient<A extends Arguments, Y>(
  f: (...args: A) => settled<'checkGradient', Y>,
  options: CheckGradientOptions = {},
): (...args: A) => Promise<void> {
  requireFunction('checkGradient', f);
  requireOptionNames<CheckGradientOptions>('checkGradient', options, { directions: '3', tolerance: '1e-5', seed: '0' });
  const { directions = 3, tolerance = 1e-5, seed = 0 } = options;
  return async (...args) => {
    const given = unnest(args);
    const { inputs, outputs } = traceFunction('checkGradient', f as never, given.structure);
    const results = outputs.filter(({ dtype }) => isFloating(dtype));
    const wrt = inputs.filter(({ dtype }) => isFloating(dtype));
    if (results.length === 0 || wrt.length === 0)
      throw new ShapeError('checkGradient: there is no gradient to check (take and return tensors of f32)');
    const cotangents = results.map((value, index) => input(`dy${index}`, value.shape, value.dtype));
    const gradients = differentiate(results, wrt, cotangents).map((gradient, at) => gradient ?? constantLike(wrt[at] as Value, 0));
    const { leaves, sources } = sourcesOf([...results, ...gradients], 'checkGradient', new Set([...inputs, ...cotangents]));

    const symbols = symbolsOf(given.leaves);
    const read = await Promise.all([...given.leaves.map(({ leaf }) => leaf.data()), ...sources.map((source) => source.data())]);
    const data = read.map((elements) => Float64Array.from(elements));
    const forward = makeGraph('forward', [...inputs, ...leaves], results);
    const backward = makeGraph('backward', [...inputs, ...leaves, ...cotangents], gradients);
    let draws = 0;
    const random = (like: Float64Array): Float64Array => like.map(() => uniform(seed, draws++));
    const weights = evaluate(forward, data, symbols).map(random);
    const found = evaluate(backward, [...data, ...weights], symbols);
    const weighted = (moved: readonly Float64Array[]): number =>
      evaluate(forward, moved, symbols).reduce((sum, values, at) => sum + dot(values, weights[at] ?? values), 0);

    for (const [at, value] of wrt.entries()) {
      const place = inputs.indexOf(value);
      const elements = data[place] ?? new Float64Array();
      for (let direction = 0; direction < directions; direction++) {
        const along = random(elements);
        const moved = (by: number) =>
          data.with(
            place,
            elements.map((x, i) => x + by * (along[i] ?? 0)),
          );
        const expected = (weighted(moved(step)) - weighted(moved(-step))) / (2 * step);
        const got = dot(found[at] ?? along, along);
        if (Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(got), Math.abs(expected))) continue;
        throw new AdjointError(
          `checkGradient: the gradient of '${given.leaves[place]?.path}' is wrong: along a direction it is ${got}, by differences ${expected} (compare with the gradient of the same function, written plainly, to find the term)`,
        );
      }
    }
  };
}

/** From -1 to 1. */
const uniform = (seed: number, count: number): number => ((threefry([seed, 0], [count, 0])[0] >>> 0) / 2 ** 32) * 2 - 1;

const dot = (left: Float64Array, right: Float64Array): number => left.reduce((sum, x, i) => sum + x * (right[i] ?? 0), 0);
