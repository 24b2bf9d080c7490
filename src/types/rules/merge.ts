/**
 * Axes that stand side by side become one: `merge(['heads', 'headDim'], 'd')`, `flatten()`.
 *
 * Invariant: the elements keep their row-major order, so the new size is the exact product, in normal form.
 */
import { type Dim, dimOf, nameOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import { type axesProblem, axesProblem as axesProblemOf, indexIn, type indices } from './axis.ts';
import { count } from './count.ts';
import type { indexOf } from './permute.ts';
import { type repeatProblem, type shapeProblem, shapeProblem as shapeProblemOf } from './shape.ts';

// Product :: (Dims, name | '') -> Dim      stays as it is while a dim is a type parameter
export type Product<dims extends Shape, name extends string = ''> = dimOf<count<dims>, name> extends infer dim extends Dim ? dim : never;

export const product = (dims: Shape, name = ''): Dim => dimOf(count(dims), name);

// flattenProblem :: name -> sentence | never
export type flattenProblem<name extends string> = nameProblem<'flatten', name>;

export const flattenProblem = (name: string): string | undefined => nameProblem('flatten', name);

// nameProblem :: (operation, name) -> sentence | never
export type nameProblem<operation extends string, name extends string> = name extends `${string}=${string}`
  ? `${operation}: '${name}' is no name (the size follows from the axes; give only the name)`
  : nameOf<name> extends never
    ? shapeProblem<operation, [`${name}=1`]>
    : shapeProblem<operation, [name]>;

export function nameProblem(operation: string, name: string): string | undefined {
  if (name.includes('=')) return `${operation}: '${name}' is no name (the size follows from the axes; give only the name)`;
  return shapeProblemOf(operation, [nameOf(name) === undefined ? `${name}=1` : name]);
}

// indexTexts :: (Shape, axes) -> their indices as texts
type indexTexts<shape extends Shape, axes extends readonly unknown[]> = { [at in keyof axes]: indexOf<shape, axes[at]> };

// mergeAt :: (Shape, index texts, name) -> Shape
type mergeAt<
  shape extends Shape,
  picked,
  name extends string,
  before extends readonly unknown[] = [],
  group extends Shape = [],
> = shape extends readonly [infer head extends Dim, ...infer rest extends Shape]
  ? `${before['length']}` extends picked
    ? mergeAt<rest, picked, name, [...before, 0], [...group, head]>
    : group extends readonly []
      ? [head, ...mergeAt<rest, picked, name, [...before, 0]>]
      : [Product<group, name>, head, ...rest]
  : group extends readonly []
    ? []
    : [Product<group, name>];

// mergeShape :: (Shape, axes, name | '') -> Shape
export type mergeShape<shape extends Shape, axes extends readonly unknown[], name extends string = ''> = mergeAt<
  shape,
  indexTexts<shape, axes>[number],
  name
>;

export function mergeShape(shape: Shape, axes: readonly (string | number)[], name = ''): Shape {
  const picked = axes.map((axis) => indexIn(shape, axis));
  const [first = 0, last = 0] = [picked[0], picked.at(-1)];
  return [...shape.slice(0, first), product(shape.slice(first, last + 1), name), ...shape.slice(last + 1)];
}

interface After {
  readonly 0: '1';
  readonly 1: '2';
  readonly 2: '3';
  readonly 3: '4';
  readonly 4: '5';
  readonly 5: '6';
  readonly 6: '7';
}

// isRun :: index texts -> true where each follows the one before
type isRun<picked extends readonly unknown[]> = picked extends readonly [infer first, infer second, ...infer rest]
  ? first extends `${keyof After}`
    ? second extends After[toIndex<first> & keyof After]
      ? isRun<[second, ...rest]>
      : false
    : false
  : true;
type toIndex<text> = text extends `${infer index extends number}` ? index : never;

const isRun = (picked: readonly number[]): boolean => picked.every((index, at) => at === 0 || index === (picked[at - 1] ?? 0) + 1);

// sideProblem :: (Shape, axes) -> sentence | never      of the axes alone
type sideProblem<shape extends Shape, axes extends readonly unknown[]> = axes extends readonly [unknown, unknown, ...unknown[]]
  ? isRun<indexTexts<shape, axes>> extends true
    ? never
    : `merge: the axes do not stand side by side in that order: ${showShape<shape>} (permute them first, or list them in the order of the shape)`
  : `merge: takes two axes or more: ${showShape<shape>} (rename gives one axis another name)`;

function sideProblem(shape: Shape, axes: readonly (string | number)[]): string | undefined {
  if (axes.length < 2) return `merge: takes two axes or more: ${showShape(shape)} (rename gives one axis another name)`;
  return isRun(axes.map((axis) => indexIn(shape, axis)))
    ? undefined
    : `merge: the axes do not stand side by side in that order: ${showShape(shape)} (permute them first, or list them in the order of the shape)`;
}

// mergeProblem :: (Shape, axes, name | '') -> sentence | never
export type mergeProblem<shape extends Shape, axes extends readonly unknown[], name extends string = ''> = [
  axesProblem<'merge', shape, axes>,
] extends [never]
  ? [sideProblem<shape, axes>] extends [never]
    ? [mergeNameProblem<name>] extends [never]
      ? repeatProblem<'merge', mergeShape<shape, axes, name>>
      : mergeNameProblem<name>
    : sideProblem<shape, axes>
  : axesProblem<'merge', shape, axes>;
type mergeNameProblem<name extends string> = name extends '' ? never : nameProblem<'merge', name>;

export function mergeProblem(shape: Shape, axes: readonly (string | number)[], name = ''): string | undefined {
  return (
    axesProblemOf('merge', shape, axes) ??
    sideProblem(shape, axes) ??
    (name === '' ? undefined : nameProblem('merge', name)) ??
    shapeProblemOf('merge', mergeShape(shape, axes, name))
  );
}

// mergeIndicesProblem :: (Shape, indices) -> sentence | never      decided without a look at the dims
export type mergeIndicesProblem<shape extends Shape, axes extends readonly number[]> = [axes[number]] extends [indices<shape>]
  ? sideProblem<shape, axes>
  : axesProblem<'merge', shape, axes>;

// mergedNames :: (Shape, indices, name) -> the other dims and the name
export type mergedNames<shape extends Shape, axes extends readonly number[], name extends string> = name extends ''
  ? []
  : [...{ [at in keyof shape]: at extends `${axes[number]}` ? 1 : shape[at] }, name];
