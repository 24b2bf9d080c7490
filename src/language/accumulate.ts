/**
 * A function of a batch, part by part: what it gives for each part is added up, and one part's activations exist at a time.
 *
 * Invariant: called on data it is a loop over one compiled program, which adds to its sums in place; the part's number is four bytes
 * on the device, so neither code nor memory grows with the number of parts, and all of it is one submit. Called while it is
 * traced it is a loop within what is traced, whose carries are the sums.
 */
import { add, broadcast, constantLike, gather, iota, mul, reshape } from '../graph/build.ts';
import { loopSum } from '../graph/loop.ts';
import type { Value } from '../graph/value.ts';
import { unflatten } from '../program/structure.ts';
import { filledTensor } from '../runtime/hostTensor.ts';
import { type Dim, dimOf, nameOf, sizeOf } from '../types/dim.ts';
import { isFloating } from '../types/dtype.ts';
import type { settled } from '../types/rules/result.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Arguments } from '../types/transform.ts';
import { jit } from './jit.ts';
import { LazyTensor, origin } from './lazyTensor.ts';
import { type Nesting, nest, requireSettled, symbolsOf, unnest } from './nested.ts';
import { requireFunction } from './requireFunction.ts';
import { requireOptionNames } from './requireOptionNames.ts';

/** How `accumulate` combines its parts. */
export interface AccumulateOptions {
  /** What becomes of the parts' results: their mean, as of a mean over the batch, or their sum. Default: mean. */
  readonly combine?: 'mean' | 'sum';
}

type Run = (...args: readonly unknown[]) => unknown;

/**
 * The same function, computed for `parts` parts of the batch, one after another, and combined: the gradient of a large batch in the
 * memory of a small one. The first argument, the parameters, is the same for all parts; every other tensor is split
 * along its first axis, scalars excepted. `f` must treat examples alike and return sums or means over them, as a loss and its gradients are.
 *
 * Shapes: the function's; within it the batch is a `parts`th as long, so it must not speak of its size. Gradient: the function's.
 * Errors: `ShapeError` if an axis is no multiple of `parts`, or the result keeps the batch.
 *
 * @example const { value, gradient } = accumulate(valueAndGrad(loss), 8)(p, images, labels);
 */
export function accumulate<P, R extends Arguments, Y>(
  f: (parameters: P, ...batch: R) => settled<'accumulate', Y>,
  parts: number,
  options: AccumulateOptions = {},
): (parameters: P, ...batch: R) => Y {
  requireFunction('accumulate', f);
  requireOptionNames<AccumulateOptions>('accumulate', options, { combine: "'sum'" });
  const { combine = 'mean' } = options;
  if (combine !== 'mean' && combine !== 'sum') throw new ShapeError(`accumulate: combine is ${combine} (it is 'mean' or 'sum')`);
  if (!Number.isSafeInteger(parts) || parts < 1) throw new ShapeError(`accumulate: ${parts} parts (parts are whole numbers from 1)`);
  // seam: from here on arguments and results are values, whose types are those of f
  const share: Run = (...args) => {
    const result = unnest(requireSettled('accumulate', f(...(args as [P, ...R]))));
    requireCombined(result, unnest(args.slice(1)));
    const factor = combine === 'mean' ? 1 / parts : 1;
    return mapTensors(result, (value) => (factor === 1 ? value : mul(value, constantLike(value, factor))));
  };
  const cut = jit(
    ((part: LazyTensor, lengths: readonly number[], ...batch: readonly LazyTensor[]) =>
      batch.map((whole, index) => partAt(whole, part, lengths[index] ?? 1))) as Run,
    { name: 'part', donate: [0] },
  );
  const first = jit(share, { name: 'accumulate first' });
  const next = jit((sums: unknown, ...args: readonly unknown[]) => plus(sums, share(...args)), { name: 'accumulate next', donate: [0] });

  return (parameters, ...batch) => {
    const given = unnest(batch);
    const split = given.leaves.map(({ leaf }) => leaf).filter(({ shape }) => shape.length > 0);
    const lengths = split.map((whole) => requireParts(whole, parts));
    const isTraced = [...unnest(parameters).leaves, ...given.leaves].some(({ leaf }) => leaf.value.traced);
    if (isTraced) return summed(share, parameters, given, parts) as Y;
    let sums: unknown;
    for (let part = 0; part < parts; part++) {
      const number = LazyTensor.of(filledTensor('accumulate', [], part, 'u32'));
      const pieces = cut(number, lengths, ...split) as readonly LazyTensor[];
      const args = [parameters, ...withPieces(given, pieces)];
      sums = part === 0 ? first(...args) : next(sums, ...args);
      // Where the function reads what is traced around it, it was not run: then its pieces are still to be read.
      if (!unnest(sums).leaves.some(({ leaf }) => leaf.value.traced)) for (const piece of pieces) piece.dispose();
    }
    return sums as Y;
  };
}

/** The length of each part. Throws a `ShapeError`. */
function requireParts(whole: LazyTensor, parts: number): number {
  const { shape } = whole;
  const [dim = 1] = shape;
  const known = sizeOf(dim);
  if (whole.value.traced && typeof known !== 'number') {
    throw new ShapeError(
      `accumulate: axis 0 has no size while it is traced: ${showShape(shape)} (give it one, such as '${nameOf(dim) ?? 'batch'}=64', or call accumulate on data)`,
    );
  }
  const size = typeof known === 'number' ? known : (whole.sizes[0] ?? 1);
  if (size % parts === 0) return size / parts;
  throw new ShapeError(
    `accumulate: axis 0 is no multiple of ${parts}: ${showShape(shape)} with ${size} (give a batch that splits, or another number of parts)`,
  );
}

const partDim = ({ shape }: LazyTensor, length: number): Dim => dimOf(`${length}`, nameOf(shape[0] ?? 1));

/** Part number `part`, a scalar on the device. */
function partAt(whole: LazyTensor, part: LazyTensor, length: number): LazyTensor {
  const dim = partDim(whole, length);
  const start = mul(part.value, constantLike(part.value, length));
  const rows = add(iota(0, [dim], 'u32'), broadcast(start, [dim], []));
  return new LazyTensor(gather(whole.value, rows, 0), whole.symbols, undefined, whole.tie);
}

/** The sums of what `share` gives for each part, as a loop over the parts. */
function summed(share: Run, parameters: unknown, batch: Nesting, parts: number): unknown {
  const wholes = batch.leaves.map(({ leaf }) => leaf).filter(({ shape }) => shape.length > 0);
  const dims = wholes.map((whole) => partDim(whole, requireParts(whole, parts)));
  const rows = wholes.map(({ value, shape }, index) => reshape(value, [parts, dims[index] ?? 1, ...shape.slice(1)]));
  const shareOf = (pieces: readonly Value[]): Nesting => {
    const tensors = wholes.map(({ symbols, tie }, index) => new LazyTensor(pieces[index] as Value, symbols, undefined, tie));
    return unnest(share(parameters, ...withPieces(batch, tensors)));
  };
  let result: Nesting | undefined;
  const term = (_: Value, pieces: readonly Value[]): readonly Value[] => {
    result = shareOf(pieces);
    return result.leaves.map(({ leaf }) => leaf.value);
  };
  const sums = loopSum(parts, rows, term, origin());
  return nest(result?.structure ?? batch.structure, sums, symbolsOf(result?.leaves ?? []));
}

function withPieces({ structure, leaves }: Nesting, pieces: readonly LazyTensor[]): readonly unknown[] {
  const left = pieces.values();
  const tensors = leaves.map(({ leaf }) => (leaf.shape.length > 0 ? (left.next().value ?? leaf) : leaf));
  return unflatten(structure, tensors) as readonly unknown[];
}

function mapTensors({ structure, leaves }: Nesting, map: (value: Value, index: number) => Value): unknown {
  return nest(
    structure,
    leaves.map(({ leaf }, index) => map(leaf.value, index)),
    symbolsOf(leaves),
  );
}

/** Throws a `ShapeError` if a result has an axis of the batch, or another dtype than sums and means. */
function requireCombined(result: Nesting, pieces: Nesting): void {
  const batch = new Set(pieces.leaves.flatMap(({ leaf }) => leaf.shape.slice(0, 1)).filter((dim) => typeof dim === 'string'));
  for (const { path, leaf } of result.leaves) {
    const isSound = isFloating(leaf.dtype) && !leaf.shape.some((dim) => batch.has(`${dim}`));
    if (isSound) continue;
    throw new ShapeError(
      `accumulate: ${path === '' ? 'the result' : `'${path}'`} is no sum over the batch: ${leaf.dtype}${showShape(leaf.shape)} (return sums or means in f32)`,
    );
  }
}

function plus(sums: unknown, share: unknown): unknown {
  const shares = unnest(share).leaves;
  return mapTensors(unnest(sums), (value, index) => add(value, (shares[index]?.leaf ?? refuse()).value));
}

function refuse(): never {
  throw new ShapeError('accumulate: the function returns other tensors for other parts (return the same structure each time)');
}
