/**
 * Expressions as text: `expr('X.T @ dY', { X, dY })`, with `@`, `.T`, `.mT`, `+ - * /`, powers such as `X ** 2`, numbers,
 * parentheses, calls of element-wise functions, and reductions such as `sum(X, 'n')` and `max(X, 'n', keepdims)`. Signs bind as
 * in Python: `.T` first, then `**`, then the unary minus, then `@ * /`, then `+ -`, each from the left.
 *
 * Invariant: a sentence about a part begins with the part's text, and its fix is written in the expression's own signs.
 */
import type { repeatedName, Shape } from '../shape.ts';
import { type expression, expression as expressionOf } from './expression/expression.ts';
import { type productOf, repeatsIn, type repeatsOf } from './expression/operators.ts';
import type { Term, TermType } from './expression/term.ts';

type numberResult<whole extends string> = `expr: the result is a number, not a tensor: '${whole}' (name at least one tensor)`;

// repeats :: products -> the sentence about the first that would name an axis twice, or never
type repeats<products> = products extends readonly [infer head, ...infer rest]
  ? productOf<head> extends infer dims extends Shape
    ? [repeatedName<dims>] extends [never]
      ? repeats<rest>
      : repeatsOf<head>
    : never
  : never;

// expressionProblem :: (text, Term | sentence) -> sentence | never      all but names, which type parameters leave open
export type expressionProblem<whole extends string, outcome> = outcome extends string
  ? outcome
  : outcome extends readonly ['number', ...unknown[]]
    ? numberResult<whole>
    : never;

// namesProblem :: Term -> the sentence about names that would stand twice, or never
export type namesProblem<outcome> = outcome extends TermType ? repeats<outcome[4]> : never;

// productNames :: Term -> the dims of each product in it, with null between
export type productNames<outcome> = outcome extends readonly [unknown, unknown, unknown, unknown, infer products]
  ? separated<products>
  : [];
type separated<products> = products extends readonly [infer head, ...infer rest] ? [...productOf<head>, null, ...separated<rest>] : [];

// exprProblem :: (text, { name: Term | sentence }) -> sentence | never
export type exprProblem<whole extends string, terms> =
  expression<whole, terms> extends infer outcome
    ? [expressionProblem<whole, outcome>] extends [never]
      ? namesProblem<outcome>
      : expressionProblem<whole, outcome>
    : never;

/** What is wrong with an expression, or undefined. */
export function exprProblem(whole: string, terms: Readonly<Record<string, Term | string>>): string | undefined {
  const outcome = expressionOf(whole, terms);
  if (typeof outcome === 'string') return outcome;
  if (outcome.dtype === 'number') return `expr: the result is a number, not a tensor: '${whole}' (name at least one tensor)`;
  return repeatsIn(outcome);
}
