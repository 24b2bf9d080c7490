/**
 * Shapes, how they are written in messages, and the small tuple algebra that the rules share.
 *
 * Invariant: a message shows a shape as `[n=3, in=2]`, at compile time and at run time.
 */
import { type Dim, nameOf } from './dim.ts';

/** The dims of a tensor, in order: `['batch', 'in=2']`. */
export type Shape = readonly Dim[];

// showDim :: Dim -> text      wide and generic dims read as words
type showDim<dim> = dim extends Dim ? `${dim}` : '?';

// joinDims :: Shape -> 'n=3, in=2'
type joinDims<shape extends readonly unknown[]> = shape extends readonly [infer head]
  ? showDim<head>
  : shape extends readonly [infer head, ...infer rest]
    ? `${showDim<head>}, ${joinDims<rest>}`
    : '';

// showShape :: Shape -> '[n=3, in=2]'
export type showShape<shape extends readonly unknown[]> = `[${joinDims<shape>}]`;

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

// initial :: Shape -> Shape without its last dim
export type initial<shape extends Shape> = shape extends readonly [...infer rest extends Shape, Dim] ? rest : [];

// last :: Shape -> its last dim
export type last<shape extends Shape> = shape extends readonly [...Shape, infer dim extends Dim] ? dim : never;

// isAny :: any -> true, other -> false
export type isAny<type> = 0 extends 1 & type ? true : false;

// isUntyped :: any, never -> true, other -> false
export type isUntyped<type> = [type] extends [never] ? true : isAny<type>;

// isUnion :: A | B -> true
export type isUnion<type, member = type> = [type] extends [never]
  ? false
  : type extends type
    ? [member] extends [type]
      ? false
      : true
    : never;

// isWide :: a number, a string or a pattern such as `n=${number}` -> true, a literal -> false
export type isWide<type> = Record<never, never> extends { [key in type & (string | number)]: 1 } ? true : false;

// namesOf :: Shape -> 'n' | 'in'
export type namesOf<shape extends Shape> = nameOf<shape[number]>;

/** The names in a shape, in order, anonymous axes left out. */
export function namesOf(shape: Shape): readonly string[] {
  return shape.flatMap((dim) => nameOf(dim) ?? []);
}

// repeatedName :: Shape -> the first name that stands twice, or never
export type repeatedName<shape extends Shape> = shape extends readonly [infer head, ...infer rest extends Shape]
  ? nameOf<head> extends infer name extends namesOf<rest>
    ? [name] extends [never]
      ? repeatedName<rest>
      : name
    : repeatedName<rest>
  : never;

export function repeatedName(shape: Shape): string | undefined {
  const names = namesOf(shape);
  return names.find((name, at) => names.lastIndexOf(name) !== at);
}
