/**
 * The kernel language: what 3-fuse makes of a graph and 5-emit writes as WGSL. Plain data. Instructions compute one element;
 * the kernel says over which indices they run.
 *
 * Invariant: an instruction names only results that stand before it and are in scope: a loop's body sees the row around it,
 * not the other way round; what leaves a loop leaves through its accumulators.
 */
import type { CompareDirection, Primitive, RandomWord } from '../../graph/primitive.ts';
import type { TensorType } from '../../graph/showShape.ts';
import type { Value } from '../../graph/value.ts';
import type { DescribedProgram } from '../../program/program.ts';
import type { Dim } from '../../types/dim.ts';
import type { DType } from '../../types/dtype.ts';
import type { Index } from './indexing.ts';
import type { Condition } from './masks.ts';
import type { Product } from './product.ts';

/** The result of an instruction, numbered within its kernel. */
export type Result = number;
/** An index into `FusedGraph.tensors`. */
export type TensorNumber = number;

export type Instruction =
  | { readonly kind: 'load'; readonly result: Result; readonly dtype: DType; readonly tensor: TensorNumber; readonly index: Index }
  | { readonly kind: 'constant'; readonly result: Result; readonly dtype: DType; readonly value: number }
  /** An index as a number: what is left of an `iota`. */
  | { readonly kind: 'position'; readonly result: Result; readonly dtype: DType; readonly index: Index }
  /** The operand where all conditions hold, else `outside`. */
  | {
      readonly kind: 'mask';
      readonly result: Result;
      readonly dtype: DType;
      readonly operand: Result;
      readonly conditions: readonly Condition[];
      readonly outside: number;
    }
  /** An i32 or u32 (`from`) as an index: the nearest of 0 … `size` - 1. */
  | {
      readonly kind: 'nearest';
      readonly result: Result;
      readonly dtype: 'u32';
      readonly operand: Result;
      readonly from: DType;
      readonly size: Product;
    }
  | {
      readonly kind: 'compute';
      readonly result: Result;
      readonly dtype: DType;
      readonly primitive: Primitive;
      readonly operands: readonly Result[];
      /** The operands' dtype (of the last one, for select). */
      readonly from: DType;
      readonly direction: CompareDirection | undefined;
      readonly word: RandomWord | undefined;
    }
  | { readonly kind: 'store'; readonly tensor: TensorNumber; readonly index: Index; readonly operand: Result; readonly dtype: DType };

export interface Accumulator {
  readonly result: Result;
  readonly operation: 'sum' | 'max';
  readonly operand: Result;
  readonly dtype: DType;
}

/** Once a row, or a loop over the reduced axes (variable `r`). */
export type Step =
  | { readonly kind: 'row'; readonly body: readonly Instruction[] }
  | { readonly kind: 'loop'; readonly body: readonly Instruction[]; readonly accumulators: readonly Accumulator[] };

/** For each row (variable `i`), its steps in order. Without reduced axes there are no loops: a map. */
export interface LoopKernel {
  readonly kind: 'loop';
  readonly rows: Product;
  readonly reduced: Product | undefined;
  readonly steps: readonly Step[];
}

/** How an element of a factor comes about: a load most often. Variables `b`, `k` and `m` (left) or `n` (right). */
export interface ContractOperand {
  readonly body: readonly Instruction[];
  readonly result: Result;
}

/** A sum of an operand over `k` that rides along: variables `b` and `m` (left) or `n` (right). */
export interface Ride {
  readonly side: 'left' | 'right';
  readonly result: Result;
  readonly body: readonly Instruction[];
}

/** For each `b`, `m`, `n`: `accumulator` is the sum over `k` of left times right; then the epilogue. */
export interface ContractKernel {
  readonly kind: 'contract';
  readonly dtype: DType;
  readonly batch: Product;
  readonly m: Product;
  readonly n: Product;
  readonly k: Product;
  readonly left: ContractOperand;
  readonly right: ContractOperand;
  readonly accumulator: Result;
  readonly epilogue: readonly Instruction[];
  readonly rides: readonly Ride[];
  /** Then for each row (`i`, as `m`), over its columns (`r`, as `n`), which it reads from `tileTensor`. Batch is one. */
  readonly rowEpilogue?: LoopKernel;
  /** Done by one more workgroup, with nothing of the product: its one row. */
  readonly aside?: LoopKernel;
}

/** For each `b`, `m`, `n`: `sum` is that of `update` over the `k` whose `index` is `m`, in order; then the epilogue. */
export interface ScatterKernel {
  readonly kind: 'scatter';
  readonly dtype: DType;
  readonly batch: Product;
  readonly m: Product;
  readonly n: Product;
  readonly k: Product;
  /** Variable `k`. */
  readonly index: ContractOperand;
  /** Variables `b`, `k` and `n`. */
  readonly update: ContractOperand;
  /** No index is less than the one before it. */
  readonly sorted: boolean;
  readonly sum: Result;
  readonly epilogue: readonly Instruction[];
}

/** A product that a plane is made of: sum over `k` of left (`b`, `m`) times right (`b`, `n`). `n` is what a chain streams over. */
export interface PlaneProduct {
  readonly left: ContractOperand;
  readonly right: ContractOperand;
  readonly depth: Product;
}

/** Of a chain kernel, once a row (`b`, `m`); or for each element that it streams over, too (`k`). */
export type ChainStep =
  | { readonly kind: 'row'; readonly body: readonly Instruction[] }
  | {
      readonly kind: 'stream';
      /** The products whose elements the body reads, under these names. */
      readonly products: readonly { readonly number: number; readonly result: Result }[];
      readonly body: readonly Instruction[];
      readonly accumulators: readonly Accumulator[];
    };

/**
 * For each row (`b`, `m`) a stream over `columns` elements (`k`) of a plane, which is never stored: steps in order, those that
 * stream each over all of it. Then the sum over `k` of `weight` times `right`, and its epilogue.
 */
export interface ChainKernel {
  readonly kind: 'chain';
  readonly batch: Product;
  readonly rows: Product;
  readonly columns: Product;
  readonly products: readonly PlaneProduct[];
  readonly steps: readonly ChainStep[];
  readonly outer:
    | {
        /** Computes `weight`, an element of the plane. */
        readonly step: Extract<ChainStep, { kind: 'stream' }>;
        readonly weight: Result;
        /** Variables `b`, `n` and `k`. */
        readonly right: ContractOperand;
        readonly n: Product;
        readonly accumulator: Result;
        readonly epilogue: readonly Instruction[];
      }
    | undefined;
}

/**
 * Kernels of a program of their own, a step's, as many times as `count`. Its carries lie in the buffers of the loop's results, its
 * index in that of `index`; a last kernel of each step moves the index on, and the carries that the step could not write in place.
 */
export interface RepeatKernel {
  readonly kind: 'repeat';
  readonly step: StepProgram;
  readonly count: number;
  readonly reverse: boolean;
  /** What each of the step's buffers is. */
  readonly tensors: readonly TensorNumber[];
  readonly index: TensorNumber;
  /** `from` before the first step; then a step reads `at` and writes `next`, which is `at` where that is done in place. */
  readonly carries: readonly { readonly from: TensorNumber; readonly at: TensorNumber; readonly next: TensorNumber }[];
}

/** A compiled step. Its inputs are the index, the carries, the tensors that it reads rows of, and what is captured. */
export interface StepProgram {
  readonly program: DescribedProgram;
  /** Of each buffer. */
  readonly shapes: readonly (readonly Dim[])[];
  /** The loop's operands that its inputs after the index are, and how many of them are carries. */
  readonly operands: readonly number[];
  readonly carries: number;
}

/** In place of a tensor's number: the tile that the workgroup has computed, which its row epilogue reads. */
export const tileTensor: TensorNumber = -1;

export interface FusedKernel {
  readonly body: LoopKernel | ContractKernel | ScatterKernel | ChainKernel | RepeatKernel;
  readonly loads: readonly TensorNumber[];
  readonly stores: readonly TensorNumber[];
  /** Tensors that must have been stored before, although it reads nothing of them. */
  readonly awaits: readonly TensorNumber[];
  /** What it computes, in order: for summaries and source lines. */
  readonly values: readonly Value[];
}

/** A value that is in memory; or several, one after the other; or what a loop needs for itself. */
export interface StoredTensor extends TensorType {
  readonly primitive: Primitive | 'pack' | 'scratch';
}

export interface FusedGraph {
  /** The graph's inputs first, then what kernels store. */
  readonly tensors: readonly StoredTensor[];
  readonly inputs: readonly TensorNumber[];
  readonly outputs: readonly TensorNumber[];
  readonly kernels: readonly FusedKernel[];
}
