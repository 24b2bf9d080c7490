/**
 * What each operation of an expression makes of its operands, by the rules of the methods.
 *
 * Invariant: every function gives a term, or the rule's sentence behind the text of the sub-expression. Fixes are rewritten
 * from calls (`a.T.matmul(b)`) into the expression's own words (`X.T @ dY`). What a rule would leave undecided for type
 * parameters is asked by identity first.
 */
import type { DType } from '../../dtype.ts';
import { repeatedName, type Shape, showShape } from '../../shape.ts';
import { axesProblem, reduceShape, resolveAxes } from '../axis.ts';
import { broadcastProblem, broadcastShapes } from '../broadcast.ts';
import type { Digit } from '../character.ts';
import type { sameDim } from '../decided.ts';
import { dtypeProblem } from '../dtype.ts';
import { type Kept, keptShape } from '../kept.ts';
import { matmulProblem, matmulShape } from '../matmul.ts';
import { matrixTranspose, transposeProblem } from '../transpose.ts';
import { type inSigns, inSigns as rewrite } from './remedy.ts';
import type { Term, TermType } from './term.ts';

type asShape<dims> = dims extends infer shape extends Shape ? shape : never;

// within :: (text of the sub-expression, sentence) -> sentence
type within<text extends string, problem> = `expr: '${text}': ${problem & string}`;
const within = (text: string, problem: string): string => `expr: '${text}': ${problem}`;

// Operators

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

// Signs, suffixes and parentheses

// negate :: Term -> Term | sentence
export type negate<term extends TermType> = term[0] extends 'u32'
  ? within<`-${term[2]}`, `neg: takes f32 or i32, not u32${showShape<term[1]>} (make the tensor f32 or i32)`>
  : [term[0], term[1], `-${term[2]}`, 'compound', term[4]];

export function negate(term: Term): Term | string {
  const text = `-${term.text}`;
  if (term.dtype === 'u32') return within(text, `neg: takes f32 or i32, not u32${showShape(term.shape)} (make the tensor f32 or i32)`);
  return { ...term, text, form: 'compound' };
}

// parenthesised :: Term -> Term
export type parenthesised<term extends TermType> = [term[0], term[1], `(${term[2]})`, 'atom', term[4]];
export const parenthesised = (term: Term): Term => ({ ...term, text: `(${term.text})`, form: 'atom' });

export type Suffix = 'T' | 'mT';

// applySuffix :: ('T' | 'mT', Term) -> Term | sentence
export type applySuffix<suffix extends Suffix, term extends TermType> = term[0] extends 'number'
  ? within<`${term[2]}.${suffix}`, `${suffix}: the operand is a number (only tensors have a transpose)`>
  : swapped<suffix, term[1]> extends infer shape
    ? shape extends readonly unknown[]
      ? [term[0], shape, `${term[2]}.${suffix}`, 'atom', term[4]]
      : within<`${term[2]}.${suffix}`, transposeProblem<suffix, asShape<term[1]>>>
    : never;

// swapped :: (suffix, Shape) -> Shape | false
type swapped<suffix extends Suffix, shape> = shape extends readonly [...infer batch, infer m, infer n]
  ? suffix extends 'mT'
    ? [...batch, n, m]
    : batch extends readonly []
      ? [n, m]
      : false
  : false;

export function applySuffix(suffix: Suffix, term: Term): Term | string {
  const text = `${term.text}.${suffix}`;
  if (term.dtype === 'number') return within(text, `${suffix}: the operand is a number (only tensors have a transpose)`);
  const problem = transposeProblem(suffix, term.shape);
  if (problem !== undefined) return within(text, problem);
  return { ...term, shape: matrixTranspose(term.shape) || term.shape, text, form: 'atom' };
}

// isExponent :: text -> boolean      whole numbers from 1, of at most two digits: a power is a product
export type isExponent<text extends string> = text extends `${Nonzero}` | `${Nonzero}${Digit}` ? true : false;
type Nonzero = Exclude<Digit, '0'>;

export const isExponent = (text: string): boolean => /^[1-9][0-9]?$/.test(text);

// applyPower :: (Term, exponent) -> Term
export type applyPower<term extends TermType, exponent extends string> = [
  term[0],
  term[1],
  `${term[2]} ** ${exponent}`,
  'compound',
  term[4],
];

export const applyPower = (term: Term, exponent: string): Term => ({ ...term, text: `${term.text} ** ${exponent}`, form: 'compound' });

// Functions

export type MapName = 'relu' | 'sigmoid' | 'tanh' | 'exp' | 'log' | 'sqrt';
export type ReductionName = 'sum' | 'mean' | 'max';
export const maps: readonly MapName[] = ['relu', 'sigmoid', 'tanh', 'exp', 'log', 'sqrt'];
export const reductions: readonly ReductionName[] = ['sum', 'mean', 'max'];

type takesFloats<
  name extends string,
  term extends TermType,
> = `${name}: takes f32, not ${term[0] & string}${showShape<term[1]>} (make the tensor f32)`;
type numberArgument<name extends string> = `${name}: the argument is a number (functions take tensors)`;

// applyFunction :: (name, Term) -> Term | sentence      maps, and reductions over all axes
export type applyFunction<name extends MapName | ReductionName, term extends TermType> = term[0] extends 'number'
  ? within<`${name}(${term[2]})`, numberArgument<name>>
  : term[0] extends 'i32' | 'u32'
    ? name extends 'sum' | 'max'
      ? [term[0], [], `${name}(${term[2]})`, 'atom', term[4]]
      : within<`${name}(${term[2]})`, takesFloats<name, term>>
    : [term[0], name extends MapName ? term[1] : [], `${name}(${term[2]})`, 'atom', term[4]];

export function applyFunction(name: MapName | ReductionName, term: Term): Term | string {
  const text = `${name}(${term.text})`;
  const problem = argumentProblem(name, term);
  if (problem !== undefined) return within(text, problem);
  return { ...term, shape: isMap(name) ? term.shape : [], text, form: 'atom' };
}

export const isMap = (name: string): name is MapName => (maps as readonly string[]).includes(name);

function argumentProblem(name: MapName | ReductionName, { dtype, shape }: Term): string | undefined {
  if (dtype === 'number') return `${name}: the argument is a number (functions take tensors)`;
  const takesAll = name === 'sum' || name === 'max';
  if (takesAll || (dtype !== 'i32' && dtype !== 'u32')) return undefined;
  return `${name}: takes f32, not ${dtype}${showShape(shape)} (make the tensor f32)`;
}

// applyReduction :: (name, Term, axis, the call as written, whether the axis is kept) -> Term | sentence
export type applyReduction<
  name extends ReductionName,
  term extends TermType,
  axis extends string | number,
  text extends string,
  keeps extends boolean,
> =
  applyFunction<name, term> extends infer whole
    ? whole extends TermType
      ? axis extends number
        ? `${axis}` extends keyof term[1]
          ? [term[0], keeps extends true ? keptIn<term[1], axis> : without<term[1], axis>, text, 'atom', term[4]]
          : within<text, axesProblem<name, asShape<term[1]>, axis>>
        : [axesProblem<name, asShape<term[1]>, axis>] extends [never]
          ? [term[0], keeps extends true ? keptShape<asShape<term[1]>, axis> : reduceShape<asShape<term[1]>, axis>, text, 'atom', term[4]]
          : within<text, axesProblem<name, asShape<term[1]>, axis>>
      : whole
    : never;

// without :: (Shape, index) -> Shape      asks nothing of the dims
type without<shape, index extends number, before extends readonly unknown[] = []> = shape extends readonly [infer head, ...infer rest]
  ? before['length'] extends index
    ? [...before, ...rest]
    : without<rest, index, [...before, head]>
  : before;

// keptIn :: (Shape, index) -> Shape      as `without`
type keptIn<shape, index extends number> = { [at in keyof shape]: at extends `${index}` ? Kept<shape[at]> : shape[at] };

export function applyReduction(name: ReductionName, term: Term, axis: string | number, text: string, keeps: boolean): Term | string {
  const whole = applyFunction(name, term);
  if (typeof whole === 'string') return whole;
  const problem = axesProblem(name, term.shape, axis);
  if (problem !== undefined) return within(text, problem);
  const axes = resolveAxes(name, term.shape, axis);
  return { ...term, shape: keeps ? keptShape(term.shape, axes) : reduceShape(term.shape, axes), text, form: 'atom' };
}
