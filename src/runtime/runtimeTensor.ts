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

/** All of them are there to refuse: a table, so that the compiler lists those that are missing. */
const recording: { readonly [member in Recording]: 0 } = {
  T: 0,
  mT: 0,
  reshape: 0,
  rename: 0,
  withNames: 0,
  renameAxis: 0,
  permute: 0,
  transpose: 0,
  flatten: 0,
  merge: 0,
  split: 0,
  slice: 0,
  pad: 0,
  take: 0,
  oneHot: 0,
  eq: 0,
  ne: 0,
  lt: 0,
  le: 0,
  gt: 0,
  ge: 0,
  and: 0,
  or: 0,
  not: 0,
  astype: 0,
  maximum: 0,
  minimum: 0,
  min: 0,
  argmax: 0,
  cumsum: 0,
  matmul: 0,
  add: 0,
  sub: 0,
  mul: 0,
  div: 0,
  scatterAdd: 0,
  pow: 0,
  rem: 0,
  bitAnd: 0,
  bitOr: 0,
  bitXor: 0,
  shiftLeft: 0,
  shiftRight: 0,
  abs: 0,
  sign: 0,
  square: 0,
  clip: 0,
  sin: 0,
  cos: 0,
  erf: 0,
  log1p: 0,
  expm1: 0,
  rsqrt: 0,
  floor: 0,
  ceil: 0,
  round: 0,
  isNaN: 0,
  isFinite: 0,
  softmax: 0,
  logSoftmax: 0,
  logSumExp: 0,
  variance: 0,
  std: 0,
  norm: 0,
  any: 0,
  all: 0,
  neg: 0,
  relu: 0,
  sigmoid: 0,
  tanh: 0,
  exp: 0,
  log: 0,
  sqrt: 0,
  stopGradient: 0,
  sum: 0,
  max: 0,
  mean: 0,
  conv1d: 0,
  conv2d: 0,
  maxPool1d: 0,
  meanPool1d: 0,
  maxPool2d: 0,
  meanPool2d: 0,
};

for (const member of Object.keys(recording)) {
  Object.defineProperty(RuntimeTensor.prototype, member, {
    get: () => {
      throw new AdjointError(`${member}: adjoint/runtime only runs compiled layers (import from 'adjoint' to record operations)`);
    },
  });
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
