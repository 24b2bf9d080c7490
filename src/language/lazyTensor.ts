/**
 * The tensor of the language: a method call records a value, and only `data`, `array` and `item` run anything.
 *
 * Invariant: `symbols` holds the size of every symbolic axis that the data under the value decides; two operands never
 * disagree. Once the value has been computed, `value` is a `data` leaf and the recording before it can be collected.
 */
import { constant, data, type Origin, stopGradient } from '../graph/build.ts';
import type { CompareDirection } from '../graph/primitive.ts';
import type { Value } from '../graph/value.ts';
import type { TensorType } from '../program/structure.ts';
import type { DeferredTensor } from '../runtime/deferredTensor.ts';
import { AdjointError, TensorDisposedError } from '../runtime/errors.ts';
import { nestElements, onlyElement } from '../runtime/nestElements.ts';
import { type TensorHandle, tensorHandle } from '../runtime/tensorHandle.ts';
import { type Dim, sizeOf, symbolOf } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import type { ConvolutionName } from '../types/rules/convolution.ts';
import type { Division } from '../types/rules/divides.ts';
import type { PoolName } from '../types/rules/pool.ts';
import type { NameMap } from '../types/rules/rename.ts';
import { resolveSizes, type SymbolSizes } from '../types/rules/sizes.ts';
import type { Options } from '../types/rules/windowOptions.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { symbolsOf } from '../types/size.ts';
import type { Arithmetic, KeepDims } from '../types/tensor/arithmetic.ts';
import type { Comparison, Conversion, Logic } from '../types/tensor/comparison.ts';
import type { Convolution } from '../types/tensor/convolution.ts';
import type { Floating } from '../types/tensor/floating.ts';
import type { AnyTensor } from '../types/tensor/operand.ts';
import type { Rearrangement } from '../types/tensor/rearrangement.ts';
import type { Indexing, Selection } from '../types/tensor/selection.ts';
import type { Host, Structure, Views } from '../types/tensor/structure.ts';
import type { Tie } from '../types/tie.ts';
import { comparison, convert, cumulativeSum, extremum, indexOfLargest, logical, negation, smallest } from './comparison.ts';
import { convolve, pool } from './convolution.ts';
import {
  type AxisArgument,
  clip,
  type ElementwiseName,
  elementwise,
  type FloatingMapName,
  floatingMap,
  keepsDims,
  matmul,
  negate,
  numericMap,
  reduce,
  rename,
  reshapeTo,
  scalarLike,
  transpose,
  withNames,
} from './operations.ts';
import { compute, read } from './realize.ts';
import { flattenAxes, mergeAxes, permuteAxes, renameAxis, splitAxis, swapAxes } from './rearrange.ts';
import { floatingReduction, softmaxAlong, truthReduction } from './reductions.ts';
import { oneHotOf, padAxis, scatterAddAlong, sliceAxis, takeAlong } from './selection.ts';

type WindowSize = number | readonly number[];

/** Operations whose second operand is never a number. */
const tensorsOnly: readonly string[] = ['matmul', 'conv1d', 'conv2d', 'scatterAdd'];

type Members = Exclude<
  | keyof Structure<readonly Dim[], DType>
  | keyof Views<DType>
  | keyof Host<DType>
  | keyof Rearrangement<DType>
  | keyof Selection<DType>
  | keyof Comparison<'f32'>
  | keyof Logic
  | keyof Conversion<'f32'>
  | keyof Indexing<'i32'>
  | keyof Arithmetic<'f32'>
  | keyof Floating<'f32'>
  | keyof Convolution<'f32'>,
  keyof AnyTensor | 'sizes'
>;

export class LazyTensor implements TensorType, TensorHandle, Record<Members, unknown> {
  #value: Value;
  #leaf: DeferredTensor | undefined;
  #disposed = false;
  readonly symbols: SymbolSizes;
  readonly tie: Tie | undefined;

  constructor(value: Value, symbols: SymbolSizes = {}, leaf?: DeferredTensor, tie?: Tie) {
    this.tie = tie;
    this.#value = value;
    this.symbols = symbols;
    this.#leaf = leaf;
  }

  /** A tensor of data that exists, or is on its way. */
  static of(leaf: DeferredTensor, tie?: Tie): LazyTensor {
    const symbols = Object.fromEntries(
      leaf.shape.flatMap((dim, axis) => {
        const symbol = symbolOf(dim);
        return symbol === undefined ? [] : [[symbol, leaf.sizes[axis] ?? 0]];
      }),
    );
    return new LazyTensor(data(leaf, leaf.shape, leaf.dtype), symbols, leaf, tie);
  }

  get value(): Value {
    return this.#value;
  }

  get shape(): readonly Dim[] {
    return this.#value.shape;
  }

  get dtype(): DType {
    return this.#value.dtype;
  }

  get sizes(): readonly number[] {
    const given = Object.fromEntries(
      Object.entries(this.symbols).filter(([name]) => this.shape.some((dim) => symbolsOf(sizeOf(dim)).includes(name))),
    );
    return resolveSizes('sizes', this.shape, undefined, given);
  }

  // Views

  get T(): LazyTensor {
    return this.#record('T', transpose('T', this.value, origin()));
  }

  get mT(): LazyTensor {
    return this.#record('mT', transpose('mT', this.value, origin()));
  }

  reshape(shape: readonly Dim[]): LazyTensor {
    return this.#record('reshape', reshapeTo(this.value, shape, origin()));
  }

  rename(names: NameMap): LazyTensor {
    return this.#record('rename', rename(this.value, names, origin()));
  }

  withNames(...names: readonly string[]): LazyTensor {
    return this.#record('withNames', withNames(this.value, names, origin()));
  }

  renameAxis(axis: string | number, name: string): LazyTensor {
    return this.#record('renameAxis', renameAxis(this.value, axis, name, origin()));
  }

  permute(...axes: readonly (string | number)[]): LazyTensor {
    return this.#record('permute', permuteAxes(this.value, axes, origin()));
  }

  transpose(a: string | number, b: string | number): LazyTensor {
    return this.#record('transpose', swapAxes(this.value, a, b, origin()));
  }

  flatten(name?: string): LazyTensor {
    return this.#record('flatten', flattenAxes(this.value, name, origin()));
  }

  merge(axes: readonly (string | number)[] | Division, name?: string): LazyTensor {
    return this.#record('merge', mergeAxes(this.value, axes, name, origin()));
  }

  split(axis: string | number | Division, parts?: readonly Dim[] | string): LazyTensor {
    return this.#record('split', splitAxis(this.value, axis, parts, origin()));
  }

  // Selections

  slice(axis: string | number, start: number, end?: number, step = 1): LazyTensor {
    return this.#record('slice', sliceAxis(this.value, axis, start, end, step, origin()));
  }

  pad(axis: string | number, before: number, after: number, value: number | boolean = 0): LazyTensor {
    return this.#record('pad', padAxis(this.value, axis, before, after, value, origin()));
  }

  take(axis: string | number, indices: unknown): LazyTensor {
    if (!isLazyTensor(indices)) throw new ShapeError('take: the indices are no tensor (make a tensor of them, with tensor(…))');
    const by = this.#operand('take', indices);
    return this.#record('take', takeAlong(this.value, axis, by.value, origin()), merge('take', this, by));
  }

  scatterAdd(axis: string | number, indices: unknown, updates: unknown): LazyTensor {
    const [by, added] = [this.#operand('scatterAdd', indices), this.#operand('scatterAdd', updates)];
    const symbols = { ...merge('scatterAdd', this, by), ...merge('scatterAdd', this, added), ...merge('scatterAdd', by, added) };
    return this.#record('scatterAdd', scatterAddAlong(this.value, axis, by.value, added.value, origin()), symbols);
  }

  oneHot(dim: Dim): LazyTensor {
    return this.#record('oneHot', oneHotOf(this.value, dim, origin()));
  }

  // Comparisons and logic

  eq(other: unknown): LazyTensor {
    return this.#compare('eq', other);
  }

  ne(other: unknown): LazyTensor {
    return this.#compare('ne', other);
  }

  lt(other: unknown): LazyTensor {
    return this.#compare('lt', other);
  }

  le(other: unknown): LazyTensor {
    return this.#compare('le', other);
  }

  gt(other: unknown): LazyTensor {
    return this.#compare('gt', other);
  }

  ge(other: unknown): LazyTensor {
    return this.#compare('ge', other);
  }

  and(other: unknown): LazyTensor {
    return this.#logical('and', other);
  }

  or(other: unknown): LazyTensor {
    return this.#logical('or', other);
  }

  not(): LazyTensor {
    return this.#record('not', negation(this.value, origin()));
  }

  astype(dtype: DType): LazyTensor {
    return this.#record('astype', convert(this.value, dtype, origin()));
  }

  maximum(other: unknown): LazyTensor {
    const right = this.#operand('maximum', other);
    return this.#record('maximum', extremum('maximum', this.value, right.value, origin()), merge('maximum', this, right));
  }

  minimum(other: unknown): LazyTensor {
    const right = this.#operand('minimum', other);
    return this.#record('minimum', extremum('minimum', this.value, right.value, origin()), merge('minimum', this, right));
  }

  min(axis?: AxisArgument, options?: KeepDims): LazyTensor {
    return this.#record('min', smallest(this.value, axis, keepsDims('min', options), origin()));
  }

  argmax(axis: string | number, options?: KeepDims): LazyTensor {
    return this.#record('argmax', indexOfLargest(this.value, axis, keepsDims('argmax', options), origin()));
  }

  cumsum(axis: string | number): LazyTensor {
    return this.#record('cumsum', cumulativeSum(this.value, axis, origin()));
  }

  // Arithmetic

  matmul(other: unknown): LazyTensor {
    const right = this.#operand('matmul', other);
    return this.#record('matmul', matmul(this.value, right.value, origin()), merge('matmul', this, right));
  }

  add(other: unknown): LazyTensor {
    return this.#elementwise('add', other);
  }

  sub(other: unknown): LazyTensor {
    return this.#elementwise('sub', other);
  }

  mul(other: unknown): LazyTensor {
    return this.#elementwise('mul', other);
  }

  div(other: unknown): LazyTensor {
    return this.#elementwise('div', other);
  }

  neg(): LazyTensor {
    return this.#record('neg', negate(this.value, origin()));
  }

  pow(other: unknown): LazyTensor {
    return this.#elementwise('pow', other);
  }

  rem(other: unknown): LazyTensor {
    return this.#elementwise('rem', other);
  }

  bitAnd(other: unknown): LazyTensor {
    return this.#elementwise('bitAnd', other);
  }

  bitOr(other: unknown): LazyTensor {
    return this.#elementwise('bitOr', other);
  }

  bitXor(other: unknown): LazyTensor {
    return this.#elementwise('bitXor', other);
  }

  shiftLeft(other: unknown): LazyTensor {
    return this.#elementwise('shiftLeft', other);
  }

  shiftRight(other: unknown): LazyTensor {
    return this.#elementwise('shiftRight', other);
  }

  abs(): LazyTensor {
    return this.#record('abs', numericMap('abs', this.value, origin()));
  }

  sign(): LazyTensor {
    return this.#record('sign', numericMap('sign', this.value, origin()));
  }

  square(): LazyTensor {
    return this.#record('square', numericMap('square', this.value, origin()));
  }

  clip(low: number, high: number): LazyTensor {
    return this.#record('clip', clip(this.value, low, high, origin()));
  }

  // Floating point

  relu(): LazyTensor {
    return this.#map('relu');
  }

  sigmoid(): LazyTensor {
    return this.#map('sigmoid');
  }

  tanh(): LazyTensor {
    return this.#map('tanh');
  }

  exp(): LazyTensor {
    return this.#map('exp');
  }

  log(): LazyTensor {
    return this.#map('log');
  }

  sqrt(): LazyTensor {
    return this.#map('sqrt');
  }

  sin(): LazyTensor {
    return this.#map('sin');
  }

  cos(): LazyTensor {
    return this.#map('cos');
  }

  erf(): LazyTensor {
    return this.#map('erf');
  }

  log1p(): LazyTensor {
    return this.#map('log1p');
  }

  expm1(): LazyTensor {
    return this.#map('expm1');
  }

  rsqrt(): LazyTensor {
    return this.#map('rsqrt');
  }

  floor(): LazyTensor {
    return this.#map('floor');
  }

  ceil(): LazyTensor {
    return this.#map('ceil');
  }

  round(): LazyTensor {
    return this.#map('round');
  }

  isNaN(): LazyTensor {
    return this.#map('isNaN');
  }

  isFinite(): LazyTensor {
    return this.#map('isFinite');
  }

  stopGradient(): LazyTensor {
    return this.#record('stopGradient', stopGradient(this.value, origin()));
  }

  // Windows

  conv1d(w: unknown, options?: Options): LazyTensor {
    return this.#convolve('conv1d', w, options);
  }

  conv2d(w: unknown, options?: Options): LazyTensor {
    return this.#convolve('conv2d', w, options);
  }

  maxPool1d(size: WindowSize, options?: Options): LazyTensor {
    return this.#pool('maxPool1d', size, options);
  }

  meanPool1d(size: WindowSize, options?: Options): LazyTensor {
    return this.#pool('meanPool1d', size, options);
  }

  maxPool2d(size: WindowSize, options?: Options): LazyTensor {
    return this.#pool('maxPool2d', size, options);
  }

  meanPool2d(size: WindowSize, options?: Options): LazyTensor {
    return this.#pool('meanPool2d', size, options);
  }

  // Reductions

  sum(axis?: AxisArgument, options?: KeepDims): LazyTensor {
    return this.#record('sum', reduce('sum', this.value, axis, keepsDims('sum', options), origin()));
  }

  max(axis?: AxisArgument, options?: KeepDims): LazyTensor {
    return this.#record('max', reduce('max', this.value, axis, keepsDims('max', options), origin()));
  }

  mean(axis?: AxisArgument, options?: KeepDims): LazyTensor {
    return this.#record('mean', reduce('mean', this.value, axis, keepsDims('mean', options), origin()));
  }

  softmax(axis: string | number): LazyTensor {
    return this.#record('softmax', softmaxAlong('softmax', this.value, axis, origin()));
  }

  logSoftmax(axis: string | number): LazyTensor {
    return this.#record('logSoftmax', softmaxAlong('logSoftmax', this.value, axis, origin()));
  }

  logSumExp(axis?: AxisArgument, options?: KeepDims): LazyTensor {
    return this.#record('logSumExp', floatingReduction('logSumExp', this.value, axis, keepsDims('logSumExp', options), origin()));
  }

  variance(axis?: AxisArgument, options?: KeepDims): LazyTensor {
    return this.#record('variance', floatingReduction('variance', this.value, axis, keepsDims('variance', options), origin()));
  }

  std(axis?: AxisArgument, options?: KeepDims): LazyTensor {
    return this.#record('std', floatingReduction('std', this.value, axis, keepsDims('std', options), origin()));
  }

  norm(axis?: AxisArgument, options?: KeepDims): LazyTensor {
    return this.#record('norm', floatingReduction('norm', this.value, axis, keepsDims('norm', options), origin()));
  }

  any(axis?: AxisArgument, options?: KeepDims): LazyTensor {
    return this.#record('any', truthReduction('any', this.value, axis, keepsDims('any', options), origin()));
  }

  all(axis?: AxisArgument, options?: KeepDims): LazyTensor {
    return this.#record('all', truthReduction('all', this.value, axis, keepsDims('all', options), origin()));
  }

  // Back to plain data

  async data(): ReturnType<DeferredTensor['data']> {
    this.requireUsable('data');
    return read(this);
  }

  async array(): Promise<unknown> {
    return nestElements(await this.data(), this.sizes, this.dtype);
  }

  async item(): Promise<number | boolean> {
    return onlyElement(await this.data(), this.shape, this.dtype);
  }

  dispose(): void {
    this.#disposed = true;
    this.#leaf?.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  // For the rest of the language and for compiled layers

  /** The data if it exists already, or is on its way. */
  get leaf(): DeferredTensor | undefined {
    return this.#leaf;
  }

  /** From now on the tensor is this data. */
  settle(leaf: DeferredTensor): void {
    this.#leaf = leaf;
    this.#value = data(leaf, leaf.shape, leaf.dtype);
  }

  get [tensorHandle](): { deferred(operation: string): DeferredTensor; wrap(tensor: DeferredTensor, tie?: Tie): unknown } {
    return {
      deferred: (operation) => {
        this.requireUsable(operation);
        // Run now, its result would be a constant to whoever is differentiating, and the gradient silently zero.
        if (this.value.traced) {
          throw new AdjointError(
            `${operation}: a compiled layer cannot be traced by jit, vjp or grad (import the source layer there, or take vjp of the compiled layer itself)`,
          );
        }
        return this.#leaf ?? (compute([this], operation)[0] as DeferredTensor);
      },
      wrap: (tensor, tie) => LazyTensor.of(tensor, tie),
    };
  }

  #record(operation: string, value: Value, symbols: SymbolSizes = this.symbols): LazyTensor {
    this.requireUsable(operation);
    return new LazyTensor(value, symbols);
  }

  /** Throws `TensorDisposedError` or `TensorDonatedError`. */
  requireUsable(operation: string): void {
    if (this.#disposed) throw new TensorDisposedError(operation, `${this.dtype}${showShape(this.shape)}`);
    this.#leaf?.requireUsable(operation);
  }

  #compare(direction: CompareDirection, other: unknown): LazyTensor {
    const right = this.#operand(direction, other);
    return this.#record(direction, comparison(direction, this.value, right.value, origin()), merge(direction, this, right));
  }

  #logical(operation: 'and' | 'or', other: unknown): LazyTensor {
    const right = typeof other === 'boolean' ? constantTensor(Number(other), [], 'bool') : this.#operand(operation, other);
    return this.#record(operation, logical(operation, this.value, right.value, origin()), merge(operation, this, right));
  }

  #map(operation: FloatingMapName): LazyTensor {
    return this.#record(operation, floatingMap(operation, this.value, origin()));
  }

  #elementwise(operation: ElementwiseName, other: unknown): LazyTensor {
    const right = this.#operand(operation, other);
    return this.#record(operation, elementwise(operation, this.value, right.value, origin()), merge(operation, this, right));
  }

  #convolve(operation: ConvolutionName, w: unknown, options: Options | undefined): LazyTensor {
    const right = this.#operand(operation, w);
    return this.#record(operation, convolve(operation, this.value, right.value, options, origin()), merge(operation, this, right));
  }

  #pool(operation: PoolName, size: WindowSize, options: Options | undefined): LazyTensor {
    return this.#record(operation, pool(operation, this.value, size, options, origin()));
  }

  #operand(operation: string, other: unknown): LazyTensor {
    if (other instanceof LazyTensor) {
      other.requireUsable(operation);
      return other;
    }
    if (typeof other === 'number' && !tensorsOnly.includes(operation)) return new LazyTensor(scalarLike(operation, other, this.value));
    const got = other === null ? 'null' : typeof other;
    throw new ShapeError(
      `${operation}: the operand is no tensor: ${showShape(this.shape)} with a value of type ${got} (make a tensor of it, with tensor(…))`,
    );
  }
}

/** Both operands' symbolic sizes. Throws a `ShapeError` where one axis has two sizes. */
export function merge(operation: string, left: LazyTensor, right: LazyTensor): SymbolSizes {
  const clash = Object.entries(right.symbols).find(([name, size]) => (left.symbols[name] ?? size) !== size);
  if (clash !== undefined) {
    const [name, size] = clash;
    throw new ShapeError(
      `${operation}: axis '${name}' has two sizes: ${showShape(left.shape)} with ${name}=${left.symbols[name]}, ${showShape(right.shape)} with ${name}=${size} (give the axes two names, or tensors of one size)`,
    );
  }
  return { ...left.symbols, ...right.symbols };
}

/** The place that called: formatted only when someone asks. */
export function origin(): Origin {
  return new Error('recorded here');
}

export function isLazyTensor(value: unknown): value is LazyTensor {
  return value instanceof LazyTensor;
}

/** A constant as a tensor. */
export function constantTensor(value: number, shape: readonly Dim[], dtype: DType): LazyTensor {
  return new LazyTensor(constant(value, shape, dtype));
}
