/**
 * The tensor of the language: a method call records a value, and only `data`, `array` and `item` run anything.
 *
 * Invariant: `symbols` holds the size of every symbolic axis that the data under the value decides; two operands never
 * disagree. Once the value has been computed, `value` is a `data` leaf and the recording before it can be collected.
 */
import { constant, data, type Origin } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import type { TensorType } from '../program/structure.ts';
import type { DeferredTensor } from '../runtime/deferredTensor.ts';
import { AdjointError, TensorDisposedError } from '../runtime/errors.ts';
import { nestElements, onlyElement } from '../runtime/nestElements.ts';
import { type TensorHandle, tensorHandle } from '../runtime/tensorHandle.ts';
import { type Dim, sizeOf, symbolOf } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import { resolveSizes, type SymbolSizes } from '../types/rules/sizes.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { symbolsOf } from '../types/size.ts';
import type { Arithmetic } from '../types/tensor/arithmetic.ts';
import type { Comparison, Conversion, Logic } from '../types/tensor/comparison.ts';
import type { Convolution } from '../types/tensor/convolution.ts';
import type { Floating } from '../types/tensor/floating.ts';
import type { AnyTensor } from '../types/tensor/operand.ts';
import type { Rearrangement } from '../types/tensor/rearrangement.ts';
import type { Indexing, Selection } from '../types/tensor/selection.ts';
import type { Host, Structure, Views } from '../types/tensor/structure.ts';
import type { Tie } from '../types/tie.ts';
import { elementwiseMethods } from './methods/elementwise.ts';
import type { Call, Method } from './methods/method.ts';
import { productMethods } from './methods/products.ts';
import { reductionMethods } from './methods/reductions.ts';
import { shapeMethods } from './methods/shapes.ts';
import { scalarLike, transpose } from './operations.ts';
import { compute, read } from './realize.ts';

/** Members that types promise. */
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

const methods = {
  ...shapeMethods,
  ...elementwiseMethods,
  ...productMethods,
  ...reductionMethods,
} satisfies Record<string, Method>;

type Recorded = {
  readonly [Name in keyof typeof methods]: (typeof methods)[Name] extends (
    call: Call,
    ...args: infer Args extends readonly unknown[]
  ) => Value
    ? (...args: Args) => LazyTensor
    : never;
};

export interface LazyTensor extends Recorded {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the loop under the class defines every member of the interface
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
    const { shape, sizes, dtype } = leaf;
    const symbols = shape.some((dim) => symbolOf(dim) !== undefined)
      ? Object.fromEntries(
          shape.flatMap((dim, axis) => {
            const symbol = symbolOf(dim);
            return symbol === undefined ? [] : [[symbol, sizes[axis] ?? 0]];
          }),
        )
      : {};
    return new LazyTensor(data(leaf, shape, dtype), symbols, leaf, tie);
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

  get T(): LazyTensor {
    return this.#transposed('T');
  }

  get mT(): LazyTensor {
    return this.#transposed('mT');
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

  /** Throws `TensorDisposedError` or `TensorDonatedError`. */
  requireUsable(operation: string): void {
    if (this.#disposed) throw new TensorDisposedError(operation, `${this.dtype}${showShape(this.shape)}`);
    this.#leaf?.requireUsable(operation);
  }

  #transposed(operation: 'T' | 'mT'): LazyTensor {
    const value = transpose(operation, this.value, origin());
    this.requireUsable(operation);
    return new LazyTensor(value, this.symbols);
  }
}

/** A call as methods see it; it keeps the operands, whose symbolic sizes the result has. */
class RecordedCall implements Call {
  readonly #receiver: LazyTensor;
  readonly #operands: LazyTensor[] = [];
  readonly operation: string;
  readonly value: Value;
  readonly at: Origin;

  constructor(operation: string, receiver: LazyTensor, at: Origin) {
    this.operation = operation;
    this.at = at;
    this.#receiver = receiver;
    this.value = receiver.value;
  }

  tensor(operand: unknown, sentence?: string): Value {
    if (!isLazyTensor(operand)) {
      const got = operand === null ? 'null' : typeof operand;
      const noTensor = `${this.operation}: the operand is no tensor: ${showShape(this.#receiver.shape)} with a value of type ${got} (make a tensor of it, with tensor(…))`;
      throw new ShapeError(sentence ?? noTensor);
    }
    operand.requireUsable(this.operation);
    this.#operands.push(operand);
    return operand.value;
  }

  tensorOrNumber(operand: unknown): Value {
    return typeof operand === 'number' ? scalarLike(this.operation, operand, this.value) : this.tensor(operand);
  }

  /** The sizes of all the operands' symbolic axes. */
  symbols(): SymbolSizes {
    for (const [at, operand] of this.#operands.entries()) {
      for (const earlier of [this.#receiver, ...this.#operands.slice(0, at)]) merge(this.operation, earlier, operand);
    }
    return Object.assign({}, this.#receiver.symbols, ...this.#operands.map(({ symbols }) => symbols));
  }
}

// The members of the tables become methods of the class.
for (const [name, method] of Object.entries<Method>(methods)) {
  const record = {
    [name](this: LazyTensor, ...args: unknown[]): LazyTensor {
      const call = new RecordedCall(name, this, origin());
      // seam: types check the arguments where the method is called
      const value = method(call, ...(args as never[]));
      const symbols = call.symbols();
      this.requireUsable(name);
      return new LazyTensor(value, symbols);
    },
  };
  Object.defineProperty(LazyTensor.prototype, name, { value: record[name], writable: true, configurable: true });
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
