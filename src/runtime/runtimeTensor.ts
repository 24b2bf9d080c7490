/**
 * The tensor of programs that ship no compiler: it can be made, passed to compiled layers and read.
 *
 * Invariant: it has every member of the tensor type; those that record operations throw a sentence.
 */
import type { TensorType } from '../program/structure.ts';
import type { CreateFilled, CreateFull, CreateTensor } from '../types/creation.ts';
import type { Dim } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import type { Shape } from '../types/shape.ts';
import type { Arithmetic } from '../types/tensor/arithmetic.ts';
import type { Comparison, Conversion, Logic } from '../types/tensor/comparison.ts';
import type { Convolution } from '../types/tensor/convolution.ts';
import type { Floating } from '../types/tensor/floating.ts';
import type { Rearrangement } from '../types/tensor/rearrangement.ts';
import type { Indexing, Selection } from '../types/tensor/selection.ts';
import type { Host, Structure, Views } from '../types/tensor/structure.ts';
import type { Arguments, Pullback } from '../types/transform.ts';
import { compiledPullback, isCompiledLayer } from './compiledLayer.ts';
import type { DeferredTensor } from './deferredTensor.ts';
import { AdjointError } from './errors.ts';
import { filledTensor, hostTensor } from './hostTensor.ts';
import { nestElements, onlyElement } from './nestElements.ts';
import { type TensorHandle, tensorHandle } from './tensorHandle.ts';

export class RuntimeTensor implements TensorHandle {
  readonly #data: DeferredTensor;

  constructor(data: DeferredTensor) {
    this.#data = data;
  }

  get shape(): readonly Dim[] {
    return this.#data.shape;
  }

  get sizes(): readonly number[] {
    return this.#data.sizes;
  }

  get dtype(): DType {
    return this.#data.dtype;
  }

  data(): ReturnType<DeferredTensor['data']> {
    return this.#data.data();
  }

  async array(): Promise<unknown> {
    return nestElements(await this.data(), this.sizes, this.dtype);
  }

  async item(): Promise<number | boolean> {
    return onlyElement(await this.data(), this.shape, this.dtype);
  }

  dispose(): void {
    this.#data.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get [tensorHandle](): TensorHandle[typeof tensorHandle] {
    return { deferred: () => this.#data, wrap: (tensor) => new RuntimeTensor(tensor) };
  }
}

type Recording = Exclude<
  keyof (Structure<Shape, DType> &
    Views<DType> &
    Host<DType> &
    Rearrangement<DType> &
    Selection<DType> &
    Comparison<'f32'> &
    Logic &
    Conversion<'f32'> &
    Indexing<'i32'> &
    Arithmetic<'f32'> &
    Floating<'f32'> &
    Convolution<'f32'>),
  keyof RuntimeTensor | keyof TensorType | symbol
>;

/** All of them are there to refuse. One text, since it travels to pages; the compiler lists those that are missing or too many. */
const recording =
  `T mT reshape rename withNames renameAxis permute transpose flatten merge split slice pad take oneHot eq ne lt le gt ge and or not astype maximum minimum min argmax cumsum matmul add sub mul div scatterAdd pow rem bitAnd bitOr bitXor shiftLeft shiftRight abs sign square clip sin cos erf log1p expm1 rsqrt floor ceil round isNaN isFinite softmax logSoftmax logSumExp variance std norm any all neg relu sigmoid tanh exp log sqrt stopGradient sum max mean conv1d conv2d maxPool1d meanPool1d maxPool2d meanPool2d` as const;

type WordsOf<Text extends string, Words = never> = Text extends `${infer word} ${infer rest}` ? WordsOf<rest, Words | word> : Words | Text;
type Unlisted = Exclude<Recording, WordsOf<typeof recording>> | Exclude<WordsOf<typeof recording>, Recording>;

for (const member of recording.split(' ') satisfies [Unlisted] extends [never] ? string[] : Unlisted) {
  Object.defineProperty(RuntimeTensor.prototype, member, {
    get: () => {
      throw new AdjointError(`${member}: adjoint/runtime only runs compiled layers (import from 'adjoint' to record operations)`);
    },
  });
}

// seam: the signatures in types/creation.ts give each result its shape; here shapes are values.

export const tensor: CreateTensor = ((...args: Parameters<typeof hostTensor>) => new RuntimeTensor(hostTensor(...args))) as never;
const filled = (operation: string, value: number) =>
  ((shape: Shape, dtype: DType = 'f32') => new RuntimeTensor(filledTensor(operation, shape, value, dtype))) as never;
/** Zeros of a shape whose axes have sizes. */
export const zeros: CreateFilled<'zeros'> = filled('zeros', 0);
/** Ones of a shape whose axes have sizes. */
export const ones: CreateFilled<'ones'> = filled('ones', 1);
export const full: CreateFull = ((shape: Shape, value: number, dtype: DType = 'f32') =>
  new RuntimeTensor(filledTensor('full', shape, value, dtype))) as never;

/** The compiled layer's result together with its compiled pullback. Errors: `AdjointError` for a function that is not compiled. */
export function vjp<A extends Arguments, Y>(f: (...args: A) => Y): (...args: A) => Pullback<A, Y> {
  return (...args) => {
    if (!isCompiledLayer(f))
      throw new AdjointError("vjp: adjoint/runtime differentiates compiled layers only (import vjp from 'adjoint', or build the layer)");
    // seam: F's own types, see compiledLayer
    return compiledPullback(f, args) as Pullback<A, Y>;
  };
}
