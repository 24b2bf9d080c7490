/**
 * The signature of einsum.
 *
 * How it refuses: the text's type is the text itself where everything fits, else the sentence. In a generic body only what
 * differs between type parameters stays undecided, behind an alias whose name is what the error prints.
 *
 * Invariant: the result's shape is found without comparing dims, so that it is there in generic bodies.
 */
import type { DType } from '../dtype.ts';
import type { whereApart } from '../rules/decided.ts';
import type { clashProblem, einsumShape, lettersFit, rankProblem, ranksFit, repeatsProblem, structureProblem } from '../rules/einsum.ts';
import type { parseEinsum } from '../rules/einsumPattern.ts';
import type { Shape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { AnyTensor } from './operand.ts';
import type { dtypeOf, isKnownText, operandsProblem, shapesOf } from './operandProblem.ts';
import type { Tensor } from './tensor.ts';

/** The spec itself where it fits the operands, else why not. */
export type EinsumSpec<P extends string, T extends readonly unknown[]> = [P] extends [never]
  ? P
  : isKnownText<P> extends false
    ? "einsum: the letters are not known (write them as a literal, such as 'ij,jk->ik')"
    : [operandsProblem<'einsum', T>] extends [never]
      ? [structureProblem<P, parseEinsum<P>, T['length']>] extends [never]
        ? ranksFit<parseEinsum<P>[0], shapesOf<T>> extends true
          ? LettersMustBindOneDim<P, shapesOf<T>>
          : rankProblem<P, parseEinsum<P>[0], shapesOf<T>>
        : structureProblem<P, parseEinsum<P>, T['length']>
      : operandsProblem<'einsum', T>;

// The names are what a generic body's errors print.
type LettersMustBindOneDim<P extends string, shapes> = [lettersFit<parseEinsum<P>[0], shapes>] extends ['fit']
  ? EachNameMustStandOnce<P, einsumShape<parseEinsum<P>, shapes>>
  : clashProblem<P, parseEinsum<P>, shapes>;

type EachNameMustStandOnce<P extends string, S> = [repeatsProblem<P, S>] extends [never] ? P : whereApart<S, P, repeatsProblem<P, S>>;

type EinsumResult<P extends string, T extends readonly unknown[]> =
  einsumShape<parseEinsum<P>, shapesOf<T>> extends infer S extends Shape ? Tensor<S, dtypeOf<T[0]> & DType> : Refused<EinsumSpec<P, T>>;

export interface Einsum {
  /**
   * The sum of products that letters describe: one group of letters an operand, one letter an axis. A letter stands for the
   * same dim everywhere; letters that the result lacks are summed over. Without `->` the result has the letters that stand
   * once, in the order of the alphabet.
   *
   * Shapes: the result has the dims of its letters. Gradient: of each operand, the einsum of dY with the other operands.
   * Errors: a sentence at the letters. Source: numpy.einsum, without `...` and diagonals.
   *
   * @example einsum('bij,bjk->bik', a, b)   einsum('i,i->', x, y)   einsum('ij->ji', x)
   */
  <const P extends string, const T extends readonly AnyTensor[]>(letters: EinsumSpec<P, T>, ...operands: T): EinsumResult<P, T>;
}
