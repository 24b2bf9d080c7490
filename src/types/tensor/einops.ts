/**
 * The signatures of rearrange, reduce and repeat.
 *
 * How they refuse: the pattern's type is the pattern itself where everything fits, else the sentence. In a generic body only what
 * differs between type parameters stays undecided, behind an alias whose name is what the error prints.
 *
 * Invariant: the result's shape is found without comparing dims, so that it is there in generic bodies.
 */
import type { DType } from '../dtype.ts';
import type { boundBy, einopsShape, patternProblem, rankFits, rankProblem, sizesProblem } from '../rules/einops.ts';
import type { namesProblem, whereNamed } from '../rules/einopsNames.ts';
import type { EinopsOperation, PatternReduction, parseEinops } from '../rules/einopsPattern.ts';
import type { GivenSizes } from '../rules/einopsSizes.ts';
import type { Shape, showShape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { AnyTensor } from './operand.ts';
import type { canonical, dtypeOf, isKnownText, knownShapeOf, operandProblem, shapeOf } from './operandProblem.ts';
import type { Tensor } from './tensor.ts';

// The type parameters: operation, pattern, tensor, given sizes.

type NoSizes = Readonly<Record<never, never>>;

/** The pattern itself where it fits the tensor, else why not. */
export type EinopsText<operation extends EinopsOperation, P extends string, T, Z> = [P] extends [never]
  ? P
  : isKnownText<P> extends false
    ? `${operation}: the pattern is not known (write it as a literal, such as 'b (h w) -> b h w')`
    : [rearrangedProblem<operation, T>] extends [never]
      ? string extends keyof Z
        ? `${operation}: the sizes are not known (write them as a literal, such as { h: 4 })`
        : [patternProblem<operation, P, parseEinops<operation, P>, canonical<Z>>] extends [never]
          ? rankFits<parseEinops<operation, P>[0], shapeOf<T>> extends true
            ? PartsMustFillTheirAxis<operation, P, shapeOf<T>, canonical<Z>>
            : rankProblem<operation, P, parseEinops<operation, P>[0], shapeOf<T>>
          : patternProblem<operation, P, parseEinops<operation, P>, canonical<Z>>
      : rearrangedProblem<operation, T>;

// Only `reduce` computes; the others take any dtype.
type rearrangedProblem<operation extends EinopsOperation, T> =
  operandProblem<operation, 1, T> extends infer problem
    ? operation extends 'reduce'
      ? problem
      : problem extends `${string}: takes numbers, not bool${string}`
        ? never
        : problem
    : never;

// The names are what a generic body's errors print.
type PartsMustFillTheirAxis<operation extends string, P extends string, S, Z> =
  boundBy<parseEinops<operation, P>, Z, S> extends infer bound
    ? bound extends string
      ? sizesProblem<operation, P, bound>
      : EachNameMustMeanOneAxis<operation, P, parseEinops<operation, P>[0], S, einopsShape<parseEinops<operation, P>, bound>>
    : never;

type EachNameMustMeanOneAxis<operation extends string, P extends string, items, S, result> = [
  namesProblem<operation, P, items, S, result>,
] extends [never]
  ? P
  : whereNamed<items, S, result, P, namesProblem<operation, P, items, S, result>>;

type EinopsResult<operation extends EinopsOperation, P extends string, T, Z> = [
  patternProblem<operation, P, parseEinops<operation, P>, canonical<Z>>,
] extends [never]
  ? einopsShape<parseEinops<operation, P>, boundBy<parseEinops<operation, P>, canonical<Z>, shapeOf<T>>> extends infer S extends Shape
    ? Tensor<S, dtypeOf<T> & DType>
    : Refused<EinopsText<operation, P, T, Z>>
  : Refused<EinopsText<operation, P, T, Z>>;

export interface Rearrange {
  /**
   * Reorders, splits and merges axes by pattern. A name stands for an axis, in the tensor's order; a group in parentheses for
   * the product of its names; `1` for an axis of size 1; `...` for any number of axes. A whole axis keeps its dim, the parts of
   * a split axis are named by the pattern, a merged axis has the name before its group, as in `hw=(h w)`, or none. Of each
   * split axis the size of one part may be left out.
   *
   * Gradient: dY rearranged back. Errors: a sentence at the pattern. Source: einops.
   *
   * @example rearrange(x, 'b (h w) c -> b h w c', { h: 4 })   rearrange(x, 'b t (h d) -> b h t d', { h: 12 })
   */
  <const T extends AnyTensor, const P extends string, const Z extends GivenSizes = NoSizes>(
    x: T,
    pattern: EinopsText<'rearrange', P, T, Z>,
    sizes?: Z,
  ): EinopsResult<'rearrange', P, T, Z>;
}

// FittingReduction :: (reduction, tensor) -> the reduction itself, or why not
type FittingReduction<R extends PatternReduction, T> = R extends 'mean'
  ? dtypeOf<T> extends 'i32' | 'u32'
    ? `reduce: mean takes f32, not ${dtypeOf<T>}${showShape<knownShapeOf<T>>} (make the tensor f32)`
    : R
  : R;

export interface Reduce {
  /**
   * Rearranges, and reduces the axes that stand on the left only: their sum, mean or maximum. Patterns are those of `rearrange`.
   *
   * Gradient: that of the reduction, rearranged back. Errors: a sentence at the pattern. Source: einops.
   *
   * @example reduce(x, 'b (h h2) (w w2) c -> b h w c', 'max', { h2: 2, w2: 2 })
   */
  <const T extends AnyTensor, const P extends string, const R extends PatternReduction, const Z extends GivenSizes = NoSizes>(
    x: T,
    pattern: EinopsText<'reduce', P, T, Z>,
    operation: FittingReduction<R, T>,
    sizes?: Z,
  ): EinopsResult<'reduce', P, T, Z>;
}

export interface Repeat {
  /**
   * Rearranges, and repeats the elements along the axes that stand on the right only; these need sizes. Patterns are those of
   * `rearrange`.
   *
   * Gradient: dY summed over the new axes, rearranged back. Errors: a sentence at the pattern. Source: einops.
   *
   * @example repeat(x, 'h w -> h w c', { c: 3 })   repeat(x, 'h w -> (h h2) w', { h2: 2 })
   */
  <const T extends AnyTensor, const P extends string, const Z extends GivenSizes = NoSizes>(
    x: T,
    pattern: EinopsText<'repeat', P, T, Z>,
    sizes?: Z,
  ): EinopsResult<'repeat', P, T, Z>;
}
