/**
 * Members that slide windows: convolutions and pools.
 *
 * Invariant: the overloads refuse as those of binary operations do (`operand.ts`); the accepting one asks nothing of n, c and o,
 * so it works where they are type parameters.
 */
import type { FloatingDType } from '../dtype.ts';
import type {
  ConvolutionName,
  convolutionFits,
  convolutionOptionsProblem,
  convolutionShape,
  operandsProblem,
  repeatedProblem,
  spatialProblem,
} from '../rules/convolution.ts';
import type { nameClash } from '../rules/decided.ts';
import type { dtypeProblem } from '../rules/dtype.ts';
import type { PoolName, poolOptionsProblem, poolProblem, poolShape } from '../rules/pool.ts';
import type { isUnion, Shape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { OnlyAny, OperandPair, Operands, untypedOperand } from './operand.ts';
import type { Tensor } from './tensor.ts';

type PerAxis1 = number | readonly [number];
type PerAxis2 = number | readonly [number, number];

interface PoolOptions<PerAxis> {
  /** How far a window moves; by default its own size. */
  readonly stride?: PerAxis;
  /** Elements put before and after each axis, at most half the window: nothing to a maximum, zeros to a mean. `'same'` keeps the size. */
  readonly padding?: PerAxis | 'same';
}

interface ConvolutionOptions<PerAxis> {
  /** How far the kernel moves, 1 by default. */
  readonly stride?: PerAxis;
  /** Zeros put before and after each axis, 0 by default. `'same'` keeps the size. */
  readonly padding?: PerAxis | 'same';
  /** How far apart the kernel's elements stand, 1 by default. */
  readonly dilation?: PerAxis;
  /** Blocks of channels that do not see each other, 1 by default. */
  readonly groups?: number;
}

interface Options {
  readonly conv1d: ConvolutionOptions<PerAxis1>;
  readonly conv2d: ConvolutionOptions<PerAxis2>;
  readonly maxPool1d: PoolOptions<PerAxis1>;
  readonly meanPool1d: PoolOptions<PerAxis1>;
  readonly maxPool2d: PoolOptions<PerAxis2>;
  readonly meanPool2d: PoolOptions<PerAxis2>;
}
interface Sizes {
  readonly maxPool1d: PerAxis1;
  readonly meanPool1d: PerAxis1;
  readonly maxPool2d: PerAxis2;
  readonly meanPool2d: PerAxis2;
}

/** No options. */
type None = Readonly<Record<never, never>>;

// accepted :: a parameter's type: the argument itself, or the sentence that refuses it
type accepted<argument, problem> = [problem] extends [never] ? argument : problem;

// fits :: a rest parameter: nothing where windows fit and no literal dims share a name, else an argument that does not exist
type fits<operation extends ConvolutionName, S extends Shape, R extends Shape, P> =
  convolutionFits<operation, S, R, P> extends true
    ? { apart: []; twice: [impossible: OnlyAny] }[nameClash<convolutionShape<S, R, P>>]
    : [impossible: OnlyAny];

// Expected :: what a refused convolution would probably be
type Expected<S extends Shape, D extends FloatingDType, B> = S extends readonly [
  infer N extends Shape[number],
  unknown,
  ...infer rest extends Shape,
]
  ? B extends { readonly shape: readonly [infer O extends Shape[number], ...unknown[]] }
    ? Tensor<[N, O, ...rest], D>
    : Tensor<S, D>
  : Tensor<S, D>;

// weights :: the weights, or why they do not fit; B itself where only the options are wrong
type weights<operation extends ConvolutionName, A, B, P> =
  Operands<operation, A, B> extends infer operands
    ? operands extends OperandPair<infer S, infer D, infer R, infer E>
      ? D extends E
        ? [convolutionOptionsProblem<operation, P>] extends [never]
          ? ChannelsMustMatch<operation, S, R, P, B>
          : B
        : dtypeProblem<operation, D, S, E, R>
      : operands
    : never;

// The names are what a generic body's error prints.
type ChannelsMustMatch<operation extends ConvolutionName, S extends Shape, R extends Shape, P, B> = [
  operandsProblem<operation, S, R, P>,
] extends [never]
  ? SpatialSizesMustBeLiteral<operation, S, R, P, B>
  : operandsProblem<operation, S, R, P>;

type SpatialSizesMustBeLiteral<operation extends ConvolutionName, S extends Shape, R extends Shape, P, B> = [
  spatialProblem<operation, S, R, P>,
] extends [never]
  ? NamesMustDiffer<operation, S, R, P, B>
  : spatialProblem<operation, S, R, P>;

type NamesMustDiffer<operation extends ConvolutionName, S extends Shape, R extends Shape, P, B> = [
  repeatedProblem<operation, S, R, P>,
] extends [never]
  ? B
  : repeatedProblem<operation, S, R, P>;

// sentence :: what a refused convolution says
type sentence<operation extends ConvolutionName, A, B, P> = [convolutionOptionsProblem<operation, P>] extends [never]
  ? weights<operation, A, B, P>
  : convolutionOptionsProblem<operation, P>;

export interface Convolve<operation extends ConvolutionName, D extends FloatingDType> {
  <S extends Shape, B>(this: Tensor<S, D>, w: B, options: unknown, impossible: OnlyAny): Expected<S, D, B>;
  <B>(w: B & OnlyAny, options?: unknown): Refused<untypedOperand<operation>>;
  <S extends Shape, R extends Shape, const P extends Options[operation] = None>(
    this: Tensor<S, D>,
    w: Tensor<R, D>,
    options?: P,
    ...fits: fits<operation, S, R, P>
  ): Tensor<convolutionShape<S, R, P>, D>;
  <A, B, const P = None>(
    this: A,
    w: weights<operation, A, B, P>,
    options?: accepted<P, convolutionOptionsProblem<operation, P>>,
  ): Refused<sentence<operation, A, B, P>>;
}

// poolProblemOf :: why a pool is refused
type poolProblemOf<operation extends PoolName, A, K, P> =
  isUnion<A> extends true
    ? `${operation}: the tensor is a union of tensors (narrow it to one shape first)`
    : A extends { readonly shape: infer S extends Shape }
      ? poolProblem<operation, S, K, P>
      : `${operation}: the left operand is no tensor (call it as a method of a tensor)`;

// The name is what a generic body's error prints.
type WindowsNeedLiteralSizes<operation extends PoolName, A, K, P> = [poolProblemOf<operation, A, K, P>] extends [never]
  ? K
  : poolProblemOf<operation, A, K, P>;

// unless :: a rest parameter: nothing where there is no problem, else an argument that does not exist
type unless<problem> = [problem] extends [never] ? [] : [impossible: OnlyAny];

export interface Pool<operation extends PoolName, D extends FloatingDType> {
  <S extends Shape>(this: Tensor<S, D>, size: unknown, options: unknown, impossible: OnlyAny): Tensor<S, D>;
  <S extends Shape, const K extends Sizes[operation], const P extends Options[operation] = None>(
    this: Tensor<S, D>,
    size: K,
    options?: P,
    ...fits: unless<poolProblem<operation, S, K, P>>
  ): Tensor<poolShape<operation, S, K, P>, D>;
  <A, const K, const P = None>(
    this: A,
    size: WindowsNeedLiteralSizes<operation, A, K, P>,
    options?: accepted<P, poolOptionsProblem<operation, K, P>>,
  ): Refused<poolProblemOf<operation, A, K, P>>;
}

export interface Convolution<D extends FloatingDType> {
  /**
   * Slides a kernel along the last axis: `x.conv1d(w, { stride, padding, dilation, groups })`. The kernel is not flipped.
   *
   * Shapes: [n, c, t] with [o, c / groups, width] → [n, o, t'], t' = ⌊(t + 2 padding - dilation (width - 1) - 1) / stride⌋ + 1 under
   * t's name. Gradient: of x, dY spread by the stride and convolved with the flipped w; of w, windows of x times dY.
   * Errors: channels that differ, a kernel larger than the padded axis, an axis or option that is no literal.
   * Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning.
   */
  readonly conv1d: Convolve<'conv1d', D>;
  /**
   * Slides a kernel over the last two axes: `x.conv2d(w, { stride: 2, padding: [1, 0] })`. The kernel is not flipped.
   *
   * Shapes: [n, c, h, w] with [o, c / groups, height, width] → [n, o, h', w'], each as in `conv1d`: 224 with kernel 7, stride 2 and
   * padding 3 is 112. Gradient and errors: as of `conv1d`. Windows are read where they stand, never stored.
   */
  readonly conv2d: Convolve<'conv2d', D>;
  /** The largest element of each window along the last axis. As `maxPool2d`, of [n, c, t]. */
  readonly maxPool1d: Pool<'maxPool1d', D>;
  /** The mean of each window along the last axis. As `meanPool2d`, of [n, c, t]. */
  readonly meanPool1d: Pool<'meanPool1d', D>;
  /**
   * The largest element of each window: `x.maxPool2d(2)`, `x.maxPool2d([3, 2], { stride: 2, padding: [1, 0] })`.
   *
   * Shapes: [n, c, h, w] → [n, c, h', w'], h' = ⌊(h + 2 padding - size) / stride⌋ + 1. Gradient: dY to the largest elements, in equal
   * parts where several are. Errors: a window larger than the padded axis, padding of more than half a window, no literals.
   */
  readonly maxPool2d: Pool<'maxPool2d', D>;
  /** The mean of each window; padding counts as zeros. Shapes and errors: as of `maxPool2d`. Gradient: dY / size to each element. */
  readonly meanPool2d: Pool<'meanPool2d', D>;
}
