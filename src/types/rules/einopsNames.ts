/**
 * Which names a pattern may use: not one that another axis of the tensor has, and none that the result would have twice.
 *
 * Invariant: dims that are type parameters count as having names of their own (`decided.ts`).
 */
import type { nameOf } from '../dim.ts';
import type { repeatedName, Shape, showShape } from '../shape.ts';
import type { whereApart, whereApartFrom } from './decided.ts';

// whereMeant :: (left items, Shape, type, type) -> the first type, or the second where a name is that of another axis
export type whereMeant<items, shape, accepted, refused, before extends readonly unknown[] = []> = items extends readonly [
  infer item,
  ...infer rest,
]
  ? item extends '...'
    ? lastDims<rest, shape> extends infer last extends readonly unknown[]
      ? shape extends readonly [...infer many, ...last]
        ? whereMeant<rest, last, accepted, refused, [...before, ...many]>
        : never
      : never
    : shape extends readonly [infer dim, ...infer dims]
      ? item extends string
        ? whereApartFrom<item, [...before, ...dims], whereMeant<rest, dims, accepted, refused, [...before, dim]>, refused>
        : whereMeant<rest, dims, accepted, refused, [...before, dim]>
      : never
  : accepted;

// lastDims :: (items, Shape) -> the last dims, one an item
export type lastDims<items, shape, result extends readonly unknown[] = []> = items extends readonly [unknown, ...infer others]
  ? shape extends readonly [...infer before, infer dim]
    ? lastDims<others, before, [dim, ...result]>
    : result
  : result;

// mistakenName :: (left items, Shape, names) -> the first name that another axis has
type mistakenName<items, dims, names> = items extends readonly [infer item, ...infer rest]
  ? item extends '...'
    ? mistakenName<rest, lastDims<rest, dims>, names>
    : dims extends readonly [infer dim, ...infer others]
      ? item extends names
        ? nameOf<dim> extends item
          ? [nameOf<dim>] extends [never]
            ? item
            : mistakenName<rest, others, names>
          : item
        : mistakenName<rest, others, names>
      : never
  : never;

// namesProblem :: (operation, pattern, left items, Shape, result) -> sentence | never
export type namesProblem<operation extends string, pattern extends string, items, shape, result> = shape extends Shape
  ? mistakenName<items, shape, nameOf<shape[number]>> extends infer name extends string
    ? [name] extends [never]
      ? twiceProblem<operation, pattern, result>
      : `${operation}: '${name}' stands for another axis than ${name}: ${showShape<shape>} in '${pattern}' (name the axes in the tensor's order)`
    : never
  : never;

type twiceProblem<operation extends string, pattern extends string, shape> = shape extends Shape
  ? repeatedName<shape> extends infer name extends string
    ? [name] extends [never]
      ? never
      : `${operation}: the result would name '${name}' twice: ${showShape<shape>} of '${pattern}' (rename one of the axes first)`
    : never
  : never;

// whereNamed :: the accepted type where namesProblem is never, in generic bodies where no two literals clash
export type whereNamed<items, shape, result, accepted, refused> = whereMeant<items, shape, whereApart<result, accepted, refused>, refused>;
