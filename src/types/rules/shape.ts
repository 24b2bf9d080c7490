/**
 * Which shapes exist at all. Wide numbers and strings, unions, `any`, unknown rank, sizes that are not whole numbers from
 * 1, and names that stand twice are refused here, before any other rule looks at a shape.
 *
 * Invariant: a shape that passes consists of literals, each name at most once.
 */
import { type Dim, nameOf, sizeOf, symbolOf } from '../dim.ts';
import { type isAny, type isUnion, repeatedName, type Shape, showShape } from '../shape.ts';
import { ShapeError } from '../shapeError.ts';

// dimProblem :: Dim -> what is wrong with it, or never
type dimProblem<dim> = isAny<dim> extends true
  ? 'has type any'
  : [dim] extends [never]
    ? 'has type never'
    : number extends dim
      ? 'has the wide type number'
      : string extends dim
        ? 'has the wide type string'
        : isUnion<dim> extends true
          ? 'is a union'
          : sizeProblem<dim>;

type sizeProblem<dim> = dim extends '' | `=${string}`
  ? 'has no name'
  : (dim extends `${string}=${infer size}` ? size : `${dim & Dim}`) extends infer size extends string
    ? dim extends number | `${string}=${string}`
      ? size extends '0' | '' | `-${string}` | `${string}.${string}` | `${number}e${string}`
        ? `has size ${size}`
        : never
      : never
    : never;

function dimProblem(dim: unknown): string | undefined {
  if (typeof dim !== 'number' && typeof dim !== 'string') return `has type ${dim === null ? 'null' : typeof dim}`;
  if (dim === '' || `${dim}`.startsWith('=')) return 'has no name';
  const size = sizeOf(dim);
  if (typeof size === 'number' && !(Number.isSafeInteger(size) && size >= 1)) {
    return `has size ${typeof dim === 'number' ? dim : dim.slice(dim.indexOf('=') + 1)}`;
  }
  const wrong = [nameOf(dim), symbolOf(dim)].find((name) => name !== undefined && !/^[A-Za-z][A-Za-z0-9_]*$/.test(name));
  return wrong === undefined ? undefined : `has the name '${wrong}'`;
}

const remedies = (problem: string): string =>
  problem.startsWith('has size')
    ? 'sizes are whole numbers from 1'
    : problem.startsWith('has the name') || problem === 'has no name'
      ? 'names are letters, digits and _, and begin with a letter'
      : "write each size as a literal, such as 3 or 'in=3', or name the axis, such as 'batch'";

type remedy<problem> = problem extends `has size ${string}`
  ? 'sizes are whole numbers from 1'
  : problem extends 'has no name'
    ? 'names are letters, digits and _, and begin with a letter'
    : "write each size as a literal, such as 3 or 'in=3', or name the axis, such as 'batch'";

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
export type shapeProblem<operation extends string, shape extends Shape> = isAny<shape> extends true
  ? `${operation}: the shape has type any (write it as a literal, such as ['n=3', 'in=2'])`
  : number extends shape['length']
    ? `${operation}: the rank is unknown (write the shape as a literal, such as ['n=3', 'in=2'])`
    : [firstProblem<shape>] extends [never]
      ? [repeatedName<shape>] extends [never]
        ? never
        : `${operation}: the name '${repeatedName<shape> & string}' stands twice: ${showShape<shape>} (name the two axes apart, such as '${repeatedName<shape> & string}' and '${repeatedName<shape> & string}2')`
      : `${operation}: ${firstProblem<shape>}`;

export function shapeProblem(operation: string, shape: Shape): string | undefined {
  if (!Array.isArray(shape)) return `${operation}: the rank is unknown (write the shape as a literal, such as ['n=3', 'in=2'])`;
  for (const [axis, dim] of shape.entries()) {
    const problem = dimProblem(dim);
    if (problem !== undefined) return `${operation}: axis ${axis} ${problem} (${remedies(problem)})`;
  }
  const repeated = repeatedName(shape);
  if (repeated === undefined) return undefined;
  return `${operation}: the name '${repeated}' stands twice: ${showShape(shape)} (name the two axes apart, such as '${repeated}' and '${repeated}2')`;
}

// legalShape :: a parameter's type: the shape itself, or the sentence that refuses it
export type legalShape<operation extends string, shape extends Shape> = [shapeProblem<operation, shape>] extends [never]
  ? shape
  : shapeProblem<operation, shape>;

/** Throws a `ShapeError` unless the shape is legal. */
export function assertLegalShape(operation: string, shape: Shape): void {
  const problem = shapeProblem(operation, shape);
  if (problem !== undefined) throw new ShapeError(problem);
}
