/**
 * What an operator between two parts of an expression makes of them, by the rules of the methods.
 *
 * Invariant: every function gives a term, or the rule's sentence behind the text of the sub-expression. Fixes are rewritten
 * from calls (`a.T.matmul(b)`) into the expression's own words (`X.T @ dY`). What a rule would leave undecided for type
 * parameters is asked by identity first; names that would stand twice in a product are asked last (`repeatsOf`).
 */
import type { DType } from '../../dtype.ts';
import { repeatedName, type Shape } from '../../shape.ts';
import { broadcastProblem, broadcastShapes } from '../broadcast.ts';
import type { sameDim } from '../decided.ts';
import { dtypeProblem } from '../dtype.ts';
import { matmulProblem, matmulShape } from '../matmul.ts';
import { type inSigns, inSigns as rewrite } from './remedy.ts';
import type { Term, TermType } from './term.ts';
import { type asShape, within } from './within.ts';

interface Method {
  readonly '+': 'add';
  readonly '-': 'sub';
  readonly '*': 'mul';
  readonly '/': 'div';
}
const method = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' } as const;
export type BinarySign = '+' | '-' | '*' | '/' | '@';

// applyBinary :: (sign, Term, Term) -> Term | sentence
export type applyBinary<sign, left extends TermType, right extends TermType> = sign extends '@'
  ? product<left, right, `${left[2]} @ ${right[2]}`>
  : sign extends keyof Method
    ? left[0] extends 'number'
      ? [right[0], right[1], `${left[2]} ${sign} ${right[2]}`, 'compound', right[4]]
      : right[0] extends 'number'
        ? [left[0], left[1], `${left[2]} ${sign} ${right[2]}`, 'compound', left[4]]
        : elementwise<sign, left, right, `${left[2]} ${sign} ${right[2]}`>
    : never;

export function applyBinary(sign: BinarySign, left: Term, right: Term): Term | string {
  const text = `${left.text} ${sign} ${right.text}`;
  if (sign === '@') return product(left, right, text);
  const products = [...left.products, ...right.products];
  if (left.dtype === 'number' || right.dtype === 'number') {
    const { dtype, shape } = left.dtype === 'number' ? right : left;
    return { dtype, shape, text, form: 'compound', products };
  }
  return elementwise(sign, left, right, text);
}

type elementwise<sign extends keyof Method, left extends TermType, right extends TermType, text extends string> = left[0] extends right[0]
  ? isSuffix<left[1], right[1]> extends true
    ? [left[0], left[1], text, 'compound', [...left[4], ...right[4]]]
    : left[1] extends readonly []
      ? [left[0], right[1], text, 'compound', [...left[4], ...right[4]]]
      : broadcastProblem<Method[sign], asShape<left[1]>, asShape<right[1]>> extends infer problem
        ? [problem] extends [never]
          ? [left[0], broadcastShapes<asShape<left[1]>, asShape<right[1]>>, text, 'compound', [...left[4], ...right[4]]]
          : within<text, inSigns<problem, Method[sign], sign, left, right>>
        : never
  : within<text, dtypeProblem<Method[sign], left[0], asShape<left[1]>, right[0], asShape<right[1]>>>;

// isSuffix :: (Shape, Shape) -> true if the second is the end of the first      undecided for two type parameters
type isSuffix<left extends readonly unknown[], right extends readonly unknown[]> = right extends readonly [...infer before, infer dim]
  ? left extends readonly [...infer leftBefore, infer leftDim]
    ? sameDim<leftDim, dim> extends true
      ? isSuffix<leftBefore, before>
      : false
    : false
  : true;

function elementwise(sign: keyof Method, left: Term, right: Term, text: string): Term | string {
  const operation = method[sign];
  const mixed = dtypeProblem(operation, left.dtype as DType, left.shape, right.dtype as DType, right.shape);
  if (mixed !== undefined) return within(text, mixed);
  const problem = broadcastProblem(operation, left.shape, right.shape);
  if (problem !== undefined) return within(text, rewrite(problem, operation, sign, left, right));
  const shape = broadcastShapes(left.shape, right.shape) || left.shape;
  return { dtype: left.dtype, shape, text, form: 'compound', products: [...left.products, ...right.products] };
}

type product<left extends TermType, right extends TermType, text extends string> = left[0] extends 'number'
  ? within<text, numberInProduct>
  : right[0] extends 'number'
    ? within<text, numberInProduct>
    : left[0] extends right[0]
      ? productShape<left[1], right[1]> extends infer shape
        ? shape extends readonly unknown[]
          ? [left[0], shape, text, 'compound', [...left[4], ...right[4], [left, right]]]
          : within<text, inSigns<shape, 'matmul', '@', left, right>>
        : never
      : within<text, dtypeProblem<'matmul', left[0], asShape<left[1]>, right[0], asShape<right[1]>>>;

type numberInProduct = 'matmul: an operand is a number (multiply by numbers with *)';
const numberInProduct: numberInProduct = 'matmul: an operand is a number (multiply by numbers with *)';

// productShape :: (Shape, Shape) -> Shape | sentence      names are left for later
type productShape<a, b> = a extends readonly [...infer batch, infer m, infer k]
  ? b extends readonly [infer k2, infer n]
    ? sameDim<k2, k> extends true
      ? [...batch, m, n]
      : ruledProduct<asShape<a>, asShape<b>>
    : b extends readonly [...infer batch2, infer k2, infer n]
      ? { dims: [...batch2, k2] } extends { dims: [...batch, k] }
        ? [...batch, m, n]
        : ruledProduct<asShape<a>, asShape<b>>
      : matmulProblem<asShape<a>, asShape<b>>
  : matmulProblem<asShape<a>, asShape<b>>;

type ruledProduct<a extends Shape, b extends Shape> = [matmulProblem<a, b>] extends [never] ? matmulShape<a, b> : matmulProblem<a, b>;

function product(left: Term, right: Term, text: string): Term | string {
  if (left.dtype === 'number' || right.dtype === 'number') return within(text, numberInProduct);
  const mixed = dtypeProblem('matmul', left.dtype, left.shape, right.dtype, right.shape);
  if (mixed !== undefined) return within(text, mixed);
  const problem = matmulProblem(left.shape, right.shape);
  if (problem !== undefined && !problem.startsWith('matmul: the result would name'))
    return within(text, rewrite(problem, 'matmul', '@', left, right));
  const shape = matmulShape(left.shape, right.shape);
  return { dtype: left.dtype, shape, text, form: 'compound', products: [...left.products, ...right.products, [left, right]] };
}

// repeatsOf :: [Term, Term] -> the sentence about a product that would name an axis twice
export type repeatsOf<operands> = operands extends readonly [infer left extends TermType, infer right extends TermType]
  ? matmulProblem<asShape<left[1]>, asShape<right[1]>> extends infer problem extends string
    ? within<`${left[2]} @ ${right[2]}`, inSigns<problem, 'matmul', '@', left, right>>
    : never
  : never;

// productOf :: [Term, Term] -> the dims of their product
export type productOf<operands> = operands extends readonly [infer left extends TermType, infer right extends TermType]
  ? left[1] extends readonly [...infer kept, unknown]
    ? right[1] extends readonly [...unknown[], infer n]
      ? [...kept, n]
      : []
    : []
  : [];

/** The first product in a term that would name an axis twice, in words. */
export function repeatsIn({ products }: Term): string | undefined {
  for (const [left, right] of products) {
    if (repeatedName(matmulShape(left.shape, right.shape)) === undefined) continue;
    const problem = matmulProblem(left.shape, right.shape) ?? '';
    return within(`${left.text} @ ${right.text}`, rewrite(problem, 'matmul', '@', left, right));
  }
  return undefined;
}
