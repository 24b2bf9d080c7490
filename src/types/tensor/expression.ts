/**
 * The signature of expr.
 *
 * How it refuses: the text's type is the text itself where everything fits, else the sentence. In a generic body only what
 * differs between type parameters stays undecided, behind an alias whose name is what the error prints.
 *
 * Invariant: the result's shape is found without comparing dims, so that it is there in generic bodies.
 */
import type { DType } from '../dtype.ts';
import type { whereApart } from '../rules/decided.ts';
import type { expressionProblem, namesProblem, productNames } from '../rules/expr.ts';
import type { expression } from '../rules/expression/expression.ts';
import type { isAny, Shape } from '../shape.ts';
import type { Refused } from '../shapeError.ts';
import type { AnyTensor } from './operand.ts';
import type { canonical, dtypeOf, isKnownText, operandProblem, shapeOf } from './operandProblem.ts';
import type { Tensor } from './tensor.ts';

/** What the names in an expression stand for. */
export type ExpressionOperands = Readonly<Record<string, AnyTensor | number>>;

// termsOf :: { name: tensor } -> { name: Term | sentence }
type termsOf<E> = canonical<{ [name in keyof E]: termOf<E[name], name & string> }>;
type termOf<operand, name extends string> =
  isAny<operand> extends true
    ? operandProblem<'expr', `'${name}'`, operand>
    : operand extends number
      ? ['number', [], name, 'atom', []]
      : [operandProblem<'expr', `'${name}'`, operand>] extends [never]
        ? [dtypeOf<operand>, shapeOf<operand>, name, 'atom', []]
        : operandProblem<'expr', `'${name}'`, operand>;

/** The text itself where it fits the operands, else why not. */
export type ExpressionText<P extends string, E> = [P] extends [never]
  ? P
  : isKnownText<P> extends false
    ? "expr: the text is not known (write it as a literal, such as 'X.T @ dY')"
    : isAny<E> extends true
      ? unknownOperands
      : string extends keyof E
        ? unknownOperands
        : ShapesMustFit<P, E>;

type unknownOperands = 'expr: the operands are not known (write them as a literal, such as { X, dY })';

// The names are what a generic body's errors print.
type ShapesMustFit<P extends string, E> =
  expression<P, termsOf<E>> extends infer outcome
    ? outcome extends string | readonly ['number', ...unknown[]]
      ? expressionProblem<P, outcome>
      : EachNameOfAProductMustStandOnce<P, outcome>
    : never;

type EachNameOfAProductMustStandOnce<P extends string, outcome> = [namesProblem<outcome>] extends [never]
  ? P
  : whereApart<productNames<outcome>, P, namesProblem<outcome>>;

type ExpressionResult<P extends string, E> =
  expressionShape<expression<P, termsOf<E>>> extends infer S extends Shape
    ? Tensor<S, expressionDType<expression<P, termsOf<E>>>>
    : Refused<ExpressionText<P, E>>;

type expressionShape<outcome> = outcome extends readonly [unknown, infer S, ...unknown[]] ? S : false;
type expressionDType<outcome> = outcome extends readonly [infer D, ...unknown[]] ? D & DType : never;

export interface Expression {
  /**
   * An expression over named tensors and numbers: `@` (matmul), `+ - * /`, `**` with a whole exponent, unary minus, `.T` and `.mT`,
   * numbers, parentheses, `relu sigmoid tanh exp log sqrt` of a part, and `sum mean max` of a part, over all axes or one: `sum(X, 'n')`,
   * `sum(X, 0)`, `sum(X, 'n', keepdims)`. Signs bind as in Python.
   *
   * Shapes, dtypes, gradients: those of the methods. Errors: a sentence at the text, with the part that does not fit.
   *
   * @example expr('X.T @ dY', { X, dY })   expr('relu(x @ W + b)', { x, W, b })   expr('w - rate * dW', { w, dW, rate: 0.1 })
   */
  <const P extends string, const E extends ExpressionOperands>(text: ExpressionText<P, E>, operands: E): ExpressionResult<P, E>;
}
