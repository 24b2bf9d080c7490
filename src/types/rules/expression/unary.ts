/**
 * What stands before or behind one part of an expression, or around it: a minus, a suffix, an exponent, parentheses.
 *
 * Invariant: every function gives a term, or the rule's sentence behind the text of the sub-expression.
 */
import { showShape } from '../../shape.ts';
import type { Digit } from '../character.ts';
import { matrixTranspose, transposeProblem } from '../transpose.ts';
import type { Term, TermType } from './term.ts';
import { type asShape, within } from './within.ts';

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
