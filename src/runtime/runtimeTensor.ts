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

const recording: { readonly [member in Recording]: 'getter' | 'method' } = {
  T: 'getter',
  mT: 'getter',
  reshape: 'method',
  rename: 'method',
  withNames: 'method',
  renameAxis: 'method',
  permute: 'method',
  transpose: 'method',
  flatten: 'method',
  merge: 'method',
  split: 'method',
  slice: 'method',
  pad: 'method',
  take: 'method',
  oneHot: 'method',
  eq: 'method',
  ne: 'method',
  lt: 'method',
  le: 'method',
  gt: 'method',
  ge: 'method',
  and: 'method',
  or: 'method',
  not: 'method',
  astype: 'method',
  maximum: 'method',
  minimum: 'method',
  min: 'method',
  argmax: 'method',
  cumsum: 'method',
  matmul: 'method',
  add: 'method',
  sub: 'method',
  mul: 'method',
  div: 'method',
  scatterAdd: 'method',
  pow: 'method',
  rem: 'method',
  bitAnd: 'method',
  bitOr: 'method',
  bitXor: 'method',
  shiftLeft: 'method',
  shiftRight: 'method',
  abs: 'method',
  sign: 'method',
  square: 'method',
  clip: 'method',
  sin: 'method',
  cos: 'method',
  erf: 'method',
  log1p: 'method',
  expm1: 'method',
  rsqrt: 'method',
  floor: 'method',
  ceil: 'method',
  round: 'method',
  isNaN: 'method',
  isFinite: 'method',
  softmax: 'method',
  logSoftmax: 'method',
  logSumExp: 'method',
  variance: 'method',
  std: 'method',
  norm: 'method',
  any: 'method',
  all: 'method',
  neg: 'method',
  relu: 'method',
  sigmoid: 'method',
  tanh: 'method',
  exp: 'method',
  log: 'method',
  sqrt: 'method',
  stopGradient: 'method',
  sum: 'method',
  max: 'method',
  mean: 'method',
  conv1d: 'method',
  conv2d: 'method',
  maxPool1d: 'method',
  meanPool1d: 'method',
  maxPool2d: 'method',
  meanPool2d: 'method',
};

for (const [member, kind] of Object.entries(recording)) {
  const refuse = (): never => {
    throw new AdjointError(`${member}: adjoint/runtime only runs compiled layers (import from 'adjoint' to record operations)`);
  };
  Object.defineProperty(RuntimeTensor.prototype, member, kind === 'getter' ? { get: refuse } : { value: refuse });
}

// seam: the signatures in types/creation.ts give each result its shape; here shapes are values.

export const tensor: CreateTensor = ((...args: Parameters<typeof hostTensor>) => new RuntimeTensor(hostTensor(...args))) as never;
export const zeros: CreateFilled<'zeros'> = ((shape: Shape, dtype: DType = 'f32') =>
  new RuntimeTensor(filledTensor('zeros', shape, 0, dtype))) as never;
export const ones: CreateFilled<'ones'> = ((shape: Shape, dtype: DType = 'f32') =>
  new RuntimeTensor(filledTensor('ones', shape, 1, dtype))) as never;
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
