/**
 * A function whose activations the backward pass computes again, instead of keeping them.
 *
 * Invariant: what is computed again is a copy of the recording, made of the arguments after the cotangent is there: the function
 * itself runs once, and the compiler neither shares the copy with the first computation nor starts it early.
 * Source: Chen et al., Training Deep Nets with Sublinear Memory Cost, 2016; JAX's checkpoint.
 */
import { vjp as differentiate } from '../graph/autodiff/vjp.ts';
import { after, customGradient, identity } from '../graph/build.ts';
import { reachable } from '../graph/graph.ts';
import { substitute } from '../graph/substitute.ts';
import type { Value } from '../graph/value.ts';
import { unflatten } from '../program/structure.ts';
import { isFloating } from '../types/dtype.ts';
import type { settled } from '../types/rules/result.ts';
import type { Arguments } from '../types/transform.ts';
import { LazyTensor } from './lazyTensor.ts';
import { nest, requireSettled, symbolsOf, unnest } from './nested.ts';
import { requireFunction } from './requireFunction.ts';

/**
 * The same function. Where it is differentiated, what it computes on the way is not kept for the backward pass but computed
 * again from the arguments, once the gradient of its result is there: less memory for one more forward pass of it. The arguments,
 * and tensors that it reads from outside, are kept.
 *
 * Shapes and gradient: the function's. Compiled, the kernels around what is computed again may be others, which add in another order: the
 * gradients are equal but for rounding. Errors: the function's; `ShapeError` if it is async.
 *
 * @example const block = checkpoint((x: Tensor<['n', 'd=64']>, p: Block) => x.matmul(p.up).tanh().matmul(p.down));
 */
export function checkpoint<A extends Arguments, Y>(f: (...args: A) => settled<'checkpoint', Y>): (...args: A) => Y {
  requireFunction('checkpoint', f);
  return (...args) => {
    const given = unnest(args);
    const originals = given.leaves.map(({ leaf }) => leaf.value);
    const own = originals.map((value) => identity(value));
    const copies = given.leaves.map(({ leaf }, index) => new LazyTensor(own[index] as Value, leaf.symbols, undefined, leaf.tie));
    // seam: the copies have the structure and the types of the arguments
    const result = unnest(requireSettled('checkpoint', f(...(unflatten(given.structure, copies) as A))));
    const results = result.leaves.map(({ leaf }) => leaf.value);

    const outer = readFromOutside(results, own);
    const marks = new Map(outer.map((value) => [value, identity(value)]));
    const marked = outer.map((value) => marks.get(value) as Value);
    const recorded = substitute(results, (value) => marks.get(value));

    const backward = (cotangents: readonly Value[]): readonly (Value | undefined)[] => {
      const awaited = cotangents.filter(({ primitive }) => primitive !== 'constant');
      const again = new Map<Value, Value>([
        ...cotangents.map((value) => [value, value] as const), // made elsewhere
        ...own.map((value, index) => [value, after(originals[index] as Value, awaited)] as const),
        ...outer.map((value, index) => [marked[index] as Value, value] as const),
      ]);
      const gradients = differentiate(recorded, [...own, ...marked], cotangents);
      const known = gradients.flatMap((gradient) => gradient ?? []);
      const rebuilt = substitute(known, (value) => again.get(value)).values();
      return gradients.map((gradient) => (gradient === undefined ? undefined : rebuilt.next().value));
    };
    const values = customGradient(results, [...originals, ...outer], backward);
    return nest(result.structure, values, { ...symbolsOf(given.leaves), ...symbolsOf(result.leaves) }) as Y;
  };
}

/** The values that do not come from the arguments and that a gradient may have to reach. */
function readFromOutside(results: readonly Value[], own: readonly Value[]): readonly Value[] {
  const inside = new Set(own);
  const outer = new Set<Value>();
  for (const value of reachable(results)) {
    if (inside.has(value) || !value.operands.some((operand) => inside.has(operand))) continue;
    inside.add(value);
    for (const operand of value.operands) if (!inside.has(operand)) outer.add(operand);
  }
  for (const result of results) if (!inside.has(result)) outer.add(result);
  return [...outer].filter(({ traced, dtype }) => traced && isFloating(dtype));
}
