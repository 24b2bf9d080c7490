/**
 * The explicit ways from one name to another: `rename({ in: 'h' })` changes the names it lists, `withNames('n', 'h')` gives
 * every axis one.
 *
 * Invariant: sizes never change.
 */
import { type Dim, nameOf, sizeOf, type symbolOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import type { shapeProblem } from './shape.ts';
import { shapeProblem as shapeProblemOf } from './shape.ts';

/** From a name in use to a new one. */
export type NameMap = Readonly<Record<string, string>>;

// withName :: (Dim, name) -> Dim      3, 'h' -> 'h=3'; 'in=3', 'h' -> 'h=3'; 'batch', 'row' -> 'row=batch'; 'row=batch', 'batch' -> 'batch'
type withName<dim, name extends string> = number extends sizeOf<dim>
  ? symbolOf<dim> extends name
    ? name
    : `${name}=${symbolOf<dim>}`
  : `${name}=${sizeOf<dim>}`;

export function withName(dim: Dim, name: string): Dim {
  const size = sizeOf(dim);
  return size === name ? name : `${name}=${size}`;
}

// renameShape :: (Shape, NameMap) -> Shape
export type renameShape<shape extends Shape, names extends NameMap> = {
  [axis in keyof shape]: nameOf<shape[axis]> extends infer name extends keyof names
    ? [name] extends [never]
      ? shape[axis]
      : withName<shape[axis], names[name]>
    : shape[axis];
};

export function renameShape(shape: Shape, names: NameMap): Shape {
  return shape.map((dim) => {
    const name = nameOf(dim);
    const renamed = name === undefined || !Object.hasOwn(names, name) ? undefined : names[name];
    return renamed === undefined ? dim : withName(dim, renamed);
  });
}

// namedShape :: (Shape, names) -> Shape
export type namedShape<shape extends Shape, names extends readonly string[]> = {
  [axis in keyof shape]: axis extends keyof names ? withName<shape[axis], names[axis] & string> : shape[axis];
};

export function namedShape(shape: Shape, names: readonly string[]): Shape {
  return shape.map((dim, axis) => withName(dim, names[axis] ?? ''));
}

// renameProblem :: (Shape, NameMap) -> sentence | never
export type renameProblem<shape extends Shape, names extends NameMap> = Exclude<keyof names, nameOf<shape[number]>> extends infer missing
  ? [missing] extends [never]
    ? shapeProblem<'rename', renameShape<shape, names>>
    : `rename: no axis '${missing & string}' in ${showShape<shape>} (rename takes { from: 'to' } with names in use)`
  : never;

export function renameProblem(shape: Shape, names: NameMap): string | undefined {
  const used = shape.map(nameOf);
  const unknown = Object.keys(names).find((name) => !used.includes(name));
  if (unknown !== undefined) return `rename: no axis '${unknown}' in ${showShape(shape)} (rename takes { from: 'to' } with names in use)`;
  return shapeProblemOf('rename', renameShape(shape, names));
}

// namesProblem :: (Shape, names) -> sentence | never
export type namesProblem<operation extends string, shape extends Shape, names extends readonly string[]> = names['length'] extends shape['length']
  ? shapeProblem<operation, namedShape<shape, names>>
  : `${operation}: ${names['length']} names for rank ${shape['length']}: ${showShape<shape>} (give one name for each axis)`;

export function namesProblem(operation: string, shape: Shape, names: readonly string[]): string | undefined {
  if (names.length !== shape.length) {
    return `${operation}: ${names.length} names for rank ${shape.length}: ${showShape(shape)} (give one name for each axis)`;
  }
  return shapeProblemOf(operation, namedShape(shape, names));
}
