/**
 * The closed set of operations that a graph is made of, each with its typed parameters. Everything else (softmax,
 * losses, optimizers) is written in the language on top of these.
 *
 * Invariant: rule tables (`inferShape`, `evaluate`, `vjpRules`, the emitters) are total over `Primitive`: adding one here
 * makes the type checker list every table that has to grow. Shapes hold dims, not sizes, so the rules here and the
 * rules of the types speak of the same literals.
 */
import type { Dim } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';
import type { Value } from './value.ts';

export type CompareDirection = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/** Which word of a random block: one of the two, or both xored. */
export type RandomWord = 'first' | 'second' | 'both';

type NoParams = Readonly<Record<never, never>>;

export interface PrimitiveParams {
  // Leaves
  /** A parameter of the function being traced; has no data. */
  readonly input: { readonly name: string };
  /** Data that exists: `source` is the runtime's tensor, opaque here. */
  readonly data: { readonly source: object };
  /** One literal in every element. bool: 0 or 1. */
  readonly constant: { readonly value: number };
  /** 0, 1, 2, … along one axis. */
  readonly iota: { readonly axis: number };

  // Pointwise: operands and result have one shape
  readonly neg: NoParams;
  readonly exp: NoParams;
  readonly log: NoParams;
  readonly sqrt: NoParams;
  readonly tanh: NoParams;
  readonly sigmoid: NoParams;
  readonly sin: NoParams;
  readonly cos: NoParams;
  readonly erf: NoParams;
  /** log(1 + x), right also where x is small. */
  readonly log1p: NoParams;
  /** e to the x, less 1, right also where x is small. */
  readonly expm1: NoParams;
  readonly floor: NoParams;
  /** To the nearest whole number, halves to the even one. */
  readonly round: NoParams;
  readonly relu: NoParams;
  readonly add: NoParams;
  readonly sub: NoParams;
  readonly mul: NoParams;
  readonly div: NoParams;
  readonly maximum: NoParams;
  /** Of a negative base, NaN unless the exponent is whole. */
  readonly pow: NoParams;
  // of integers: the remainder of `div` (0 where the divisor is), and what is done bit by bit; shifts are modulo 32
  readonly rem: NoParams;
  readonly bitAnd: NoParams;
  readonly bitOr: NoParams;
  readonly bitXor: NoParams;
  readonly shiftLeft: NoParams;
  readonly shiftRight: NoParams;
  readonly compare: { readonly direction: CompareDirection };
  /** (condition: bool, whenTrue, whenFalse) */
  readonly select: NoParams;
  /** f32 to i32 and u32 truncates toward zero and saturates; to bool is `!= 0`. */
  readonly cast: { readonly dtype: DType };
  /** (key, key, counter, counter: u32): a word of the random block that Threefry2x32 makes of them. */
  readonly randomBits: { readonly word: RandomWord };

  // Views: the same elements under other indices; never materialised unless a result is one
  /** Axis i of the result is axis `order[i]` of the operand. */
  readonly permute: { readonly order: readonly number[] };
  /** The same elements in row-major order under other dims. Also renames axes. */
  readonly reshape: { readonly shape: readonly Dim[] };
  /** Axis j of the operand becomes axis `axes[j]` (ascending) of `shape`, stretched where its size is 1; other axes repeat. */
  readonly broadcast: { readonly shape: readonly Dim[]; readonly axes: readonly number[] };
  /** Index i of an axis of the result is index `start + i * stride` of the operand's; below `limit`, or to the end where that is undefined. */
  readonly slice: SliceParams;
  /** The elements spread out by `interior` between neighbours, `low` before and `high` after them; `value` elsewhere. */
  readonly pad: PadParams;
  /**
   * y[i, k] = x[i * stride + k * dilation, k], at other axes' same indices: `axis` has i for p, `window` keeps k. Of an operand
   * that repeats along `window`, these are sliding windows.
   */
  readonly skew: SkewParams;
  /** The adjoint of `skew`: z[p, k] = y[(p - k * dilation) / stride, k] where that is an index of y, else 0. */
  readonly unskew: SkewParams;
  /** (x, indices: i32 or u32): the indices' axes stand in the place of `axis`. An index out of range counts as the nearest in range. */
  readonly gather: { readonly axis: number };
  /**
   * (updates, indices: i32 or u32), the adjoint of `gather`: the updates' axes of the indices, which begin at `axis`, become one axis
   * `dim`; each of its elements is the sum, in order, of the updates whose index it is. An index out of range counts as the nearest.
   * `sorted` says that no index is less than the one before it.
   */
  readonly scatterAdd: { readonly axis: number; readonly dim: Dim; readonly sorted: boolean };

  // Reductions: `axes` ascending, removed from the shape
  readonly reduceSum: { readonly axes: readonly number[] };
  readonly reduceMax: { readonly axes: readonly number[] };

  /**
   * Sum of products over pairs of axes: `left[i]` of the first operand with `right[i]` of the second. Pairs
   * (`leftBatch[i]`, `rightBatch[i]`) are kept and come first in the result; then the left's free axes, then the right's.
   */
  readonly contract: {
    readonly left: readonly number[];
    readonly right: readonly number[];
    readonly leftBatch: readonly number[];
    readonly rightBatch: readonly number[];
  };

  /**
   * (initial carries, tensors that are read row by row, captured values): one of the results of steps that are taken along an axis.
   * Results of one loop share `body` and operands.
   */
  readonly loop: { readonly body: LoopBody; readonly output: LoopOutput };

  // Marks for differentiation; the identity when they run
  /** A new node for the same value, so that `vjp` differentiates with respect to this use and no other. */
  readonly identity: NoParams;
  readonly stopGradient: NoParams;
  /**
   * (x, ...others) -> x, which counts as another value than x and is not computed, nor what is made of it, before the others are:
   * how a backward pass computes activations again when it needs them. The gradient goes to x.
   */
  readonly after: NoParams;
  /** (y, ...arguments) -> y, with a hand-written vjp. Members of one call share `call`; `output` says which result this is. */
  readonly customGradient: { readonly call: CustomGradientCall; readonly output: number };
}

/** One entry for each axis. Only literal axes can be cut; a symbolic one is taken whole. */
export interface SliceParams {
  readonly starts: readonly number[];
  readonly limits: readonly (number | undefined)[];
  /** At least 1. */
  readonly strides: readonly number[];
  readonly shape: readonly Dim[];
}

/** One entry for each axis, none negative; a symbolic axis has zeros. */
export interface PadParams {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
  readonly value: number;
  readonly shape: readonly Dim[];
}

export interface SkewParams {
  readonly axis: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  /** The result's; `axis` and `window` are literal. */
  readonly shape: readonly Dim[];
}

/** One step of a loop, as values over its formals: `index`, the carries' `before`, `rows` and `captured`. It is never rewritten. */
export interface LoopBody {
  /** As many steps are taken as it has elements. */
  readonly axis: Dim;
  /** The last element comes first. */
  readonly reverse: boolean;
  /** The place along the axis: a u32 scalar. */
  readonly index: Value;
  readonly carries: readonly { readonly before: Value; readonly after: Value }[];
  /** The row at the index, of operands whose axis 0 is the loop's. */
  readonly rows: readonly Value[];
  /** What is the same in all steps. The names of operands, also where they are values that were computed outside. */
  readonly captured: readonly Value[];
}

/** What a carry is after the last step, or a value of all steps as the rows of one tensor, each at its index. */
export type LoopOutput = { readonly last: number } | { readonly each: Value };

export type Primitive = keyof PrimitiveParams;

/** One call of a function with a hand-written gradient. */
export interface CustomGradientCall {
  /** Their types: a result that nothing reads has no value to ask, and its cotangent is zeros. */
  readonly outputs: readonly { readonly shape: readonly Dim[]; readonly dtype: DType }[];
  /** From one cotangent per output to one per argument; `undefined` where an argument has none. */
  readonly backward: (cotangents: readonly Value[]) => readonly (Value | undefined)[];
}
