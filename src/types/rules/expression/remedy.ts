/**
 * Fixes of the rules, which are calls of a and b (`a.T.matmul(b)`), in the words of an expression (`X.T @ dY`).
 *
 * Invariant: what is rewritten still means the same: a part that is no single word gets parentheses.
 */
import type { Term, TermType } from './term.ts';

// inSigns :: a sentence whose fix is a call of a and b -> the same with the expression's signs and texts
export type inSigns<
  problem,
  call extends string,
  sign extends string,
  left extends TermType,
  right extends TermType,
> = problem extends `${infer before}(try a.${call}(b.rename(${string}`
  ? `${before}(rename one of the axes first)`
  : problem extends `${infer before}(try ${infer x}.${call}(${infer y}): ${infer after}`
    ? `${before}(try ${inText<x, left, right>} ${sign} ${inText<y, left, right>}: ${after}`
    : problem;

type inText<operand, left extends TermType, right extends TermType> = operand extends `a${infer suffix}`
  ? suffixed<left, suffix>
  : operand extends `b${infer suffix}`
    ? suffixed<right, suffix>
    : operand;

// suffixed :: (Term, '' | '.T' | '.mT') -> text      a second transpose takes the first one back
type suffixed<term extends TermType, suffix extends string> = term[3] extends 'atom'
  ? suffix extends ''
    ? term[2]
    : term[2] extends `${infer name}${suffix}`
      ? name
      : `${term[2]}${suffix}`
  : `(${term[2]})${suffix}`;

export function inSigns(problem: string, call: string, sign: string, left: Term, right: Term): string {
  const renamed = problem.indexOf(`(try a.${call}(b.rename(`);
  if (renamed >= 0) return `${problem.slice(0, renamed)}(rename one of the axes first)`;
  const found = new RegExp(`^(.*?)\\(try (.*?)\\.${call}\\((.*?)\\): (.*)$`, 's').exec(problem);
  if (found === null) return problem;
  const [, before, x = '', y = '', after] = found;
  return `${before}(try ${inText(x, left, right)} ${sign} ${inText(y, left, right)}: ${after}`;
}

const inText = (operand: string, left: Term, right: Term): string => suffixed(operand.startsWith('a') ? left : right, operand.slice(1));

function suffixed({ form, text }: Term, suffix: string): string {
  if (form === 'compound') return `(${text})${suffix}`;
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : `${text}${suffix}`;
}
