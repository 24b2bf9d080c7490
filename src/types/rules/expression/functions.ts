/**
 * What the functions of an expression make of their argument: maps, and reductions over all axes or one.
 *
 * Invariant: every function gives a term, or the rule's sentence behind the text of the sub-expression. What a rule would
 * leave undecided for type parameters is asked by index first.
 */
import { showShape } from '../../shape.ts';
import { axesProblem, reduceShape, resolveAxes } from '../axis.ts';
import { type Kept, keptShape } from '../kept.ts';
import type { Term, TermType } from './term.ts';
import { type asShape, within } from './within.ts';

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
