/**
 * A step taken along the first axis of a tensor, each with what the one before it left: recurrent networks.
 *
 * Invariant: the step is recorded once, as a loop: code and the memory that a step needs for itself do not grow with the axis. A few
 * steps are recorded one after the other. The gradient is backpropagation through time, and what a step captures, it may.
 */
import { constant, reshape } from '../graph/build.ts';
import { type LoopStep, loop } from '../graph/loop.ts';
import type { Value } from '../graph/value.ts';
import { differenceOf } from '../program/structureDifference.ts';
import { type Dim, dimOf, nameOf, sizeOf } from '../types/dim.ts';
import { repeatedName, type Shape, showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { concatValues } from './join.ts';
import { isLazyTensor, LazyTensor, origin } from './lazyTensor.ts';
import { inOrderOf, type Nesting, nest, symbolsOf, unnest } from './nested.ts';
import { mergedSymbols } from './operands.ts';
import { requireFunction } from './requireFunction.ts';
import { sliceAxis } from './selection.ts';

/** So many steps cost less one after the other. */
const fewSteps = 2;

/**
 * `step` for each element of the first axis, in order: `scan(xs, h0, (h, x) => { … return { carry: next, y: next }; })`.
 *
 * The step is run once and recorded, as by `jit`; of one or two elements it is run for each. Shapes: xs [t, ...x] → ys [t, ...y], and the
 * last carry, which has the structure and the shapes of the first. Gradient: through all steps, the last first, from what each keeps;
 * `checkpoint` the step to keep no more than its carry. Errors: a first axis without a size; a result that is no tensor, or of another
 * shape than the one before; a carry of another structure or shape, or with a plain value that changes. Source: jax.lax.scan.
 */
export function scan<T extends Dim, X extends Shape, C, Y extends Shape>(
  xs: Tensor<[T, ...X]>,
  carry: C,
  step: (carry: NoInfer<C>, x: Tensor<X>) => { readonly carry: NoInfer<C>; readonly y: Tensor<Y> },
): { readonly carry: C; readonly ys: Tensor<[T, ...Y]> } {
  const given = xs as unknown; // seam: here shapes are values
  if (!isLazyTensor(given)) throw new ShapeError('scan: takes a tensor (make one, with tensor(…))');
  given.requireUsable('scan');
  requireFunction('scan', step, 'the step');
  const [dim] = given.shape;
  const count = dim === undefined ? undefined : sizeOf(dim);
  if (dim === undefined || typeof count !== 'number') {
    throw new ShapeError(`scan: the first axis of ${showShape(given.shape)} has no size (give it one, such as 't=8')`);
  }
  const first = unnest(carry);
  const names = symbolsOf(first.leaves);
  const results: LazyTensor[] = [];
  const body = (_: unknown, before: readonly Value[], [row]: readonly Value[]): LoopStep => {
    // seam: before and row have the structure and the types of what the step takes
    const result = step(nest(first.structure, before, names) as C, new LazyTensor(row as Value, given.symbols) as never);
    results.push(requireResult(result?.y, results[0], dim)); // where types are absent, a step may return nothing
    return { carries: carriesOf(result.carry, first), each: results.slice(-1).map(({ value }) => value) };
  };
  const initial = first.leaves.map(({ leaf }) => leaf.value);
  const { carries, each } = (count <= fewSteps ? unrolled : loop)(dim, initial, [given.value], body, origin());
  const ys = new LazyTensor(each[0] as Value, mergedSymbols('scan', results));
  return { carry: nest(first.structure, carries, names) as C, ys: ys as never };
}

/** The steps one after the other. */
function unrolled(axis: Dim, initial: readonly Value[], xs: readonly Value[], step: Parameters<typeof loop>[3]): LoopStep {
  const one = dimOf('1', nameOf(axis));
  let carries = initial;
  const rows = Array.from({ length: Number(sizeOf(axis)) }, (_, at) => {
    const now = step(
      constant(at, [], 'u32', origin()),
      carries,
      xs.map((x) => reshape(sliceAxis(x, 0, at, at + 1, 1, origin()), x.shape.slice(1), origin())),
    );
    carries = now.carries;
    return now.each.map((value) => reshape(value, [one, ...value.shape], origin()));
  });
  const each = (rows[0] ?? []).map((_, at) =>
    concatValues(
      rows.flatMap((row) => row[at] ?? []),
      0,
      origin(),
    ),
  );
  return { carries, each };
}

/** The values of a carry, in the order of the first. Throws a `ShapeError` where its structure or its shapes are others. */
function carriesOf(carry: unknown, first: Nesting): readonly Value[] {
  const after = unnest(carry);
  const problem = differenceOf(first.structure, after.structure);
  if (problem !== undefined) {
    throw new ShapeError(
      `scan: the carry differs from the one before: ${problem} (each step leaves the structure and the shapes that it took; what changes is a tensor)`,
    );
  }
  return inOrderOf(first.structure, after).map(({ value }) => value);
}

function requireResult(result: unknown, first: LazyTensor | undefined, dim: Dim): LazyTensor {
  if (!isLazyTensor(result)) throw new ShapeError('scan: the step gives no tensor (return { carry, y } with y a tensor)');
  const twice = repeatedName([dim, ...result.shape]);
  if (twice !== undefined) {
    throw new ShapeError(
      `scan: the result would name '${twice}' twice: ${showShape([dim, ...result.shape])} (rename one of the axes first)`,
    );
  }
  if (first !== undefined && showShape(first.shape) !== showShape(result.shape)) {
    throw new ShapeError(
      `scan: the step gives ${showShape(result.shape)} after ${showShape(first.shape)} (all its results have one shape)`,
    );
  }
  return result;
}
