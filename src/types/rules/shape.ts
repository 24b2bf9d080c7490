/**
 * Which shapes exist at all. Wide numbers and strings, unions, `any`, unknown rank, sizes that are not whole numbers from
 * 1, and names that stand twice are refused here, before any other rule looks at a shape.
 *
 * Invariant: a shape that passes consists of literals, each name at most once.
 */
import { type Computed, isComputed } from '../dim.ts';
import { type isAny, type isUnion, type isUntyped, type isWide, repeatedName, type Shape, showShape } from '../shape.ts';
import { ShapeError } from '../shapeError.ts';
import { computedProblem, extentProblem, nameProblem, sizeProblem } from './dimText.ts';

// dimProblem :: Dim -> what is wrong with it, or never      legal literals are the common case, so they are asked about first
type dimProblem<dim> =
  isUntyped<dim> extends true
    ? `has type ${isAny<dim> extends true ? 'any' : 'never'}`
    : [textProblem<dim>] extends [never]
      ? isUnion<dim> extends true
        ? 'is a union'
        : never
      : typeProblem<dim>;

type typeProblem<dim> = number extends dim
  ? 'has the wide type number'
  : string extends dim
    ? 'has the wide type string'
    : isUnion<dim> extends true
      ? 'is a union'
      : isWide<dim> extends true
        ? 'is a pattern, not a literal'
        : textProblem<dim>;

type textProblem<dim> = dim extends number
  ? sizeProblem<`${dim}`>
  : dim extends '' | `=${string}`
    ? 'has no name'
    : dim extends `${infer name}=${infer size}`
      ? [nameProblem<name>] extends [never]
        ? extentProblem<size>
        : nameProblem<name>
      : dim extends Computed
        ? computedProblem<dim>
        : nameProblem<dim>;

function dimProblem(dim: unknown): string | undefined {
  if (typeof dim === 'number') return sizeProblem(`${dim}`);
  if (typeof dim !== 'string') return `has type ${dim === null ? 'null' : typeof dim}`;
  if (dim === '' || dim.startsWith('=')) return 'has no name';
  const at = dim.indexOf('=');
  if (at < 0) return isComputed(dim) ? computedProblem(dim) : nameProblem(dim);
  return nameProblem(dim.slice(0, at)) ?? extentProblem(dim.slice(at + 1));
}

type remedy<problem> = problem extends `spells ${string}`
  ? 'one size has one text: numbers first, then symbols in order, such as 2*a*b, a/b, a+1'
  : problem extends `has size ${string}`
    ? 'sizes are whole numbers from 1'
    : problem extends 'has no name' | `has the name ${string}`
      ? 'names are letters, digits and _, and begin with a letter'
      : "write each size as a literal, such as 3 or 'in=3', or name the axis, such as 'batch'";

function remedy(problem: string): string {
  if (problem.startsWith('spells')) return 'one size has one text: numbers first, then symbols in order, such as 2*a*b, a/b, a+1';
  if (problem.startsWith('has size')) return 'sizes are whole numbers from 1';
  if (problem === 'has no name' || problem.startsWith('has the name')) return 'names are letters, digits and _, and begin with a letter';
  return "write each size as a literal, such as 3 or 'in=3', or name the axis, such as 'batch'";
}

// firstProblem :: Shape -> sentence without the operation, or never
type firstProblem<shape extends readonly unknown[], before extends readonly unknown[] = []> = shape extends readonly [
  infer head,
  ...infer rest,
]
  ? [dimProblem<head>] extends [never]
    ? firstProblem<rest, [...before, head]>
    : `axis ${before['length']} ${dimProblem<head> & string} (${remedy<dimProblem<head>>})`
  : never;

// shapeProblem :: (operation, Shape) -> sentence | never
export type shapeProblem<operation extends string, shape extends Shape> =
  isUntyped<shape> extends true
    ? `${operation}: the shape has type ${isAny<shape> extends true ? 'any' : 'never'} (write it as a literal, such as ['n=3', 'in=2'])`
    : number extends shape['length']
      ? `${operation}: the rank is unknown (write the shape as a literal, such as ['n=3', 'in=2'])`
      : [firstProblem<shape>] extends [never]
        ? [repeatedName<shape>] extends [never]
          ? isUnion<shape> extends true
            ? `${operation}: the shape is a union (pick one shape)`
            : never
          : `${operation}: the name '${repeatedName<shape> & string}' stands twice: ${showShape<shape>} (name the two axes apart, such as '${repeatedName<shape> & string}' and '${repeatedName<shape> & string}2')`
        : `${operation}: ${firstProblem<shape>}`;

export function shapeProblem(operation: string, shape: Shape): string | undefined {
  if (!Array.isArray(shape)) return `${operation}: the rank is unknown (write the shape as a literal, such as ['n=3', 'in=2'])`;
  for (const [axis, dim] of shape.entries()) {
    const problem = dimProblem(dim);
    if (problem !== undefined) return `${operation}: axis ${axis} ${problem} (${remedy(problem)})`;
  }
  const repeated = repeatedName(shape);
  if (repeated === undefined) return undefined;
  return `${operation}: the name '${repeated}' stands twice: ${showShape(shape)} (name the two axes apart, such as '${repeated}' and '${repeated}2')`;
}

// repeatProblem :: (operation, Shape of legal dims) -> sentence | never
export type repeatProblem<operation extends string, shape extends Shape> = [repeatedName<shape>] extends [never]
  ? never
  : shapeProblem<operation, shape>;

// legalShape :: a parameter's type: the shape itself, or the sentence that refuses it
/** A shape as a parameter: the shape itself, or the sentence that refuses it. `f<const S extends Shape>(shape: LegalShape<'f', S>)`. */
export type legalShape<operation extends string, shape extends Shape> = [shapeProblem<operation, shape>] extends [never]
  ? shape
  : shapeProblem<operation, shape>;

// matrixProblem :: (operation, Shape) -> sentence | never
export type matrixProblem<operation extends string, shape extends Shape> = [shapeProblem<operation, shape>] extends [never]
  ? shape['length'] extends 2
    ? never
    : `${operation}: takes rank 2, not rank ${shape['length']}: ${showShape<shape>} (give two axes)`
  : shapeProblem<operation, shape>;

export function matrixProblem(operation: string, shape: Shape): string | undefined {
  const problem = shapeProblem(operation, shape);
  if (problem !== undefined || shape.length === 2) return problem;
  return `${operation}: takes rank 2, not rank ${shape.length}: ${showShape(shape)} (give two axes)`;
}

// matrixShape :: a parameter's type, as `legalShape`
export type matrixShape<operation extends string, shape extends Shape> = [matrixProblem<operation, shape>] extends [never]
  ? shape
  : matrixProblem<operation, shape>;

/** Throws a `ShapeError` unless the shape is legal. */
export function assertLegalShape(operation: string, shape: Shape): void {
  const problem = shapeProblem(operation, shape);
  if (problem !== undefined) throw new ShapeError(problem);
}
