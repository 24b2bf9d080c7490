/**
 * The explicit ways from one name to another: `rename({ in: 'h' })` changes the names it lists, `withNames('n', 'h')` gives
 * every axis one.
 *
 * Invariant: sizes never change.
 */
import { type Computed, type Dim, nameOf, sizeTextOf } from '../dim.ts';
import { type isAny, type isUnion, type Shape, showShape } from '../shape.ts';
import { type axesProblem, axesProblem as axesProblemOf, indexIn } from './axis.ts';
import type { indexOf } from './permute.ts';
import type { repeatProblem, shapeProblem } from './shape.ts';
import { shapeProblem as shapeProblemOf } from './shape.ts';

/** From a name in use to a new one. */
export type NameMap = Readonly<Record<string, string>>;

// withName :: (Dim, name) -> Dim      3, 'h' -> 'h=3'; 'in=3', 'h' -> 'h=3'; 'batch', 'row' -> 'row=batch'; 'row=batch', 'batch' -> 'batch'
/** The size of a dim under another name. */
export type withName<dim, name extends string> = sizeTextOf<dim> extends name ? name : `${name}=${sizeTextOf<dim>}`;

export function withName(dim: Dim, name: string): Dim {
  const size = sizeTextOf(dim);
  return size === name ? name : `${name}=${size}`;
}

// renameShape :: (Shape, NameMap) -> Shape
export type renameShape<shape extends Shape, names extends NameMap> = { [axis in keyof shape]: renameDim<shape[axis], names> };

type renameDim<dim, names extends NameMap> =
  nameOf<dim> extends keyof names ? ([nameOf<dim>] extends [never] ? dim : withName<dim, names[nameOf<dim>]>) : dim;

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
export type renameProblem<shape extends Shape, names extends NameMap> =
  isAny<names> extends true
    ? wideNames
    : string extends keyof names
      ? wideNames
      : Exclude<keyof names, nameOf<shape[number]>> extends infer missing
        ? [missing] extends [never]
          ? shapeProblem<'rename', renameShape<shape, names>>
          : `rename: ${isUnion<missing> extends true ? 'several names are not axes of' : `no axis '${missing & string}' in`} ${showShape<shape>} (rename takes { from: 'to' } with names in use)`
        : never;

type wideNames = "rename: the names are not known (write them as a literal, such as { n: 'm' })";

export function renameProblem(shape: Shape, names: NameMap): string | undefined {
  if (typeof names !== 'object' || names === null) return "rename: the names are not known (write them as a literal, such as { n: 'm' })";
  const used = shape.map(nameOf);
  const [missing, ...others] = Object.keys(names).filter((name) => !used.includes(name));
  if (missing === undefined) return shapeProblemOf('rename', renameShape(shape, names));
  const what = others.length > 0 ? 'several names are not axes of' : `no axis '${missing}' in`;
  return `rename: ${what} ${showShape(shape)} (rename takes { from: 'to' } with names in use)`;
}

// namesProblem :: (Shape, names) -> sentence | never
export type namesProblem<operation extends string, shape extends Shape, names extends readonly string[]> = number extends names['length']
  ? `${operation}: the names are not known (write them as literals, such as 'n', 'in')`
  : names['length'] extends shape['length']
    ? isUnion<names['length']> extends true
      ? `${operation}: the names are not known (write them as literals, such as 'n', 'in')`
      : [notName<names>] extends [never]
        ? shapeProblem<operation, namedShape<shape, names>>
        : `${operation}: '${notName<names>}' is no name: ${showShape<shape>} (names are letters, digits and _, and begin with a letter; sizes stay as they are)`
    : `${operation}: ${names['length']} names for rank ${shape['length']}: ${showShape<shape>} (give one name for each axis)`;

// notName :: names -> the first that is a whole dim, such as 'in=2', or never
type notName<names extends readonly unknown[]> = names extends readonly [infer head, ...infer rest]
  ? isAny<head> extends true
    ? notName<rest>
    : head extends `${string}=${string}`
      ? head
      : notName<rest>
  : never;

export function namesProblem(operation: string, shape: Shape, names: readonly string[]): string | undefined {
  if (names.length !== shape.length) {
    return `${operation}: ${names.length} names for rank ${shape.length}: ${showShape(shape)} (give one name for each axis)`;
  }
  const wrong = names.find((name) => name.includes('='));
  if (wrong !== undefined) {
    return `${operation}: '${wrong}' is no name: ${showShape(shape)} (names are letters, digits and _, and begin with a letter; sizes stay as they are)`;
  }
  return shapeProblemOf(operation, namedShape(shape, names));
}

// renameAxisShape :: (Shape, axis, name) -> Shape      an index asks nothing of the dims
export type renameAxisShape<shape extends Shape, axis, name extends string> = {
  -readonly [at in keyof shape]: at extends indexOf<shape, axis> ? withName<shape[at], name> : shape[at];
};

export function renameAxisShape(shape: Shape, axis: string | number, name: string): Shape {
  return shape.map((dim, at) => (at === indexIn(shape, axis) ? withName(dim, name) : dim));
}

// renameAxisProblem :: (Shape, axis, name) -> sentence | never      the names of type parameters count as free
export type renameAxisProblem<shape extends Shape, axis, name extends string> = [axesProblem<'renameAxis', shape, axis>] extends [never]
  ? name extends `${string}=${string}` | Computed
    ? noName<name>
    : [shapeProblem<'renameAxis', [name]>] extends [never]
      ? repeatProblem<'renameAxis', renameAxisShape<shape, axis, name>>
      : shapeProblem<'renameAxis', [name]>
  : axesProblem<'renameAxis', shape, axis>;

type noName<name extends string> =
  `renameAxis: '${name}' is no name (names are letters, digits and _, and begin with a letter; sizes stay as they are)`;

// renamedNames :: (Shape, index, name) -> the other dims and the name
export type renamedNames<shape extends Shape, axis, name extends string> = [
  ...{ [at in keyof shape]: at extends `${axis & number}` ? 1 : shape[at] },
  name,
];

export function renameAxisProblem(shape: Shape, axis: string | number, name: string): string | undefined {
  const unknown = axesProblemOf('renameAxis', shape, axis);
  if (unknown !== undefined) return unknown;
  if (/[=*/+-]/.test(name)) {
    return `renameAxis: '${name}' is no name (names are letters, digits and _, and begin with a letter; sizes stay as they are)`;
  }
  return shapeProblemOf('renameAxis', [name]) ?? shapeProblemOf('renameAxis', renameAxisShape(shape, axis, name));
}
