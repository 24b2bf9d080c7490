/**
 * Products summed over shared letters: `einsum('bij,bjk->bik', a, b)`. Each letter stands for one axis of its operand, and
 * for the same dim wherever it stands. Letters that the result lacks are summed over. Without `->` the result has the
 * letters that stand once, in the order of the alphabet.
 *
 * Invariant: a letter is bound to a whole dim and nothing is asked of it but whether it is the same, so that the rule
 * decides in generic bodies, too.
 * Source: numpy.einsum, without `...` and without diagonals: two axes of one tensor never have the same name.
 */
import type { Dim } from '../dim.ts';
import { repeatedName, type Shape, showShape } from '../shape.ts';
import type { sameDim } from './decided.ts';
import { type EinsumPattern, type joinLetters, type Letters, parseEinsum, swapLast, writeEinsum } from './einsumPattern.ts';

// placesOf :: groups -> [{ letter: its first place }, pairs of places that have one letter]      a place is [operand, axis]; asked
// once a pattern, whatever the shapes
type placesOf<
  groups,
  before extends readonly unknown[] = [],
  first = unknown,
  pairs extends readonly unknown[] = [],
> = groups extends readonly [infer group, ...infer others] ? placesIn<group, others, before, first, pairs> : [first, pairs];

type placesIn<
  group,
  others,
  before extends readonly unknown[],
  first,
  pairs extends readonly unknown[],
  axes extends readonly unknown[] = [],
> = group extends readonly [infer letter extends string, ...infer letters]
  ? letter extends keyof first
    ? placesIn<letters, others, before, first, [...pairs, [first[letter], [before['length'], axes['length']]]], [...axes, 0]>
    : placesIn<letters, others, before, first & { [key in letter]: [before['length'], axes['length']] }, pairs, [...axes, 0]>
  : placesOf<others, [...before, 0], first, pairs>;

// dimAt :: (shapes, place) -> Dim
type dimAt<shapes, place> = place extends readonly [infer operand extends keyof shapes, infer axis]
  ? shapes[operand][axis & keyof shapes[operand]]
  : never;

// resultPlaces :: (letters, { letter: place }) -> places
type resultPlaces<letters extends Letters, first> = { [at in keyof letters]: letters[at] extends keyof first ? first[letters[at]] : never };

type dimsAt<places, shapes> = { [at in keyof places]: dimAt<shapes, places[at]> };

// einsumShape :: (pattern, shapes) -> Shape      of a pattern that parses; a letter is its first dim
export type einsumShape<pattern, shapes> = pattern extends [infer groups, infer result extends Letters]
  ? dimsAt<resultPlaces<result, placesOf<groups>[0]>, shapes>
  : never;

// shapeOf :: the same as a Shape, by `infer`: a plain `extends Shape` stays undecided in generic bodies
type shapeOf<groups, result, shapes> = einsumShape<[groups, result], shapes> extends infer shape extends Shape ? shape : never;

function bind(operands: readonly Letters[], shapes: readonly Shape[]): ReadonlyMap<string, Dim> {
  const bound = new Map<string, Dim>();
  for (const [at, letters] of operands.entries()) {
    for (const [axis, letter] of letters.entries()) if (!bound.has(letter)) bound.set(letter, shapes[at]?.[axis] as Dim);
  }
  return bound;
}

/** The shape of the result; for shapes without a problem. */
export function einsumShape(pattern: EinsumPattern, shapes: readonly Shape[]): Shape {
  const bound = bind(pattern.operands, shapes);
  return pattern.result.map((letter) => bound.get(letter) as Dim);
}

// ranksFit :: (groups, shapes) -> boolean      asks nothing of the dims, so it also decides on type parameters
export type ranksFit<groups, shapes> = groups extends readonly [infer group extends Letters, ...infer otherGroups]
  ? shapes extends readonly [infer shape extends readonly unknown[], ...infer otherShapes]
    ? group['length'] extends shape['length']
      ? ranksFit<otherGroups, otherShapes>
      : false
    : false
  : true;

// rankProblem :: (spec, groups, shapes) -> the sentence about the first operand of another rank
export type rankProblem<spec extends string, groups, shapes> = groups extends readonly [infer group extends Letters, ...infer otherGroups]
  ? shapes extends readonly [infer shape extends readonly unknown[], ...infer otherShapes]
    ? group['length'] extends shape['length']
      ? rankProblem<spec, otherGroups, otherShapes>
      : `einsum: '${joinLetters<group>}' has ${group['length']} letters for rank ${shape['length']}: ${showShape<shape>} in '${spec}' (give each axis one letter)`
    : never
  : never;

function wrongRank(spec: string, operands: readonly Letters[], shapes: readonly Shape[]): string | undefined {
  for (const [at, letters] of operands.entries()) {
    const shape = shapes[at] ?? [];
    if (letters.length !== shape.length) {
      return `einsum: '${letters.join('')}' has ${letters.length} letters for rank ${shape.length}: ${showShape(shape)} in '${spec}' (give each axis one letter)`;
    }
  }
  return undefined;
}

// lettersFit :: (groups, shapes) -> 'fit' if each letter is one dim, 'clash' if not      undecided for two type parameters
export type lettersFit<groups, shapes> = pairsFit<placesOf<groups>[1], shapes>;

type pairsFit<pairs, shapes> = pairs extends readonly [readonly [infer first, infer other], ...infer rest]
  ? sameDim<dimAt<shapes, first>, dimAt<shapes, other>> extends true
    ? pairsFit<rest, shapes>
    : 'clash'
  : 'fit';

// clash :: (groups, shapes) -> [letter, groups before, group, groups after, shape] of the first letter bound to two dims
type clash<groups, shapes> = clashAt<firstClash<placesOf<groups>[1], shapes>, groups, shapes>;

type firstClash<pairs, shapes> = pairs extends readonly [readonly [infer first, infer other], ...infer rest]
  ? sameDim<dimAt<shapes, first>, dimAt<shapes, other>> extends true
    ? firstClash<rest, shapes>
    : other
  : never;

type clashAt<place, groups, shapes, before extends readonly unknown[] = []> = groups extends readonly [infer group, ...infer otherGroups]
  ? shapes extends readonly [infer shape, ...infer otherShapes]
    ? place extends readonly [before['length'], infer axis extends keyof group]
      ? [group[axis], before, group, otherGroups, shape]
      : clashAt<place, otherGroups, otherShapes, [...before, group]>
    : never
  : never;

interface Clash {
  readonly letter: string;
  readonly at: number;
}

function clash({ operands }: EinsumPattern, shapes: readonly Shape[]): Clash | undefined {
  const bound = bind(operands, shapes);
  for (const [at, letters] of operands.entries()) {
    const letter = letters.find((name, axis) => bound.get(name) !== shapes[at]?.[axis]);
    if (letter !== undefined) return { letter, at };
  }
  return undefined;
}

// firstWith :: (letter, groups, shapes) -> [groups before, group, groups after, shape] of the first group with the letter
type firstWith<letter, groups, shapes, before extends readonly unknown[] = []> = groups extends readonly [
  infer group extends Letters,
  ...infer otherGroups,
]
  ? shapes extends readonly [infer shape, ...infer otherShapes]
    ? letter extends group[number]
      ? [before, group, otherGroups, shape]
      : firstWith<letter, otherGroups, otherShapes, [...before, group]>
    : never
  : never;

type dimOf<letter, group, shape> = group extends readonly [infer head, ...infer letters]
  ? shape extends readonly [infer dim extends Dim, ...infer dims]
    ? head extends letter
      ? dim
      : dimOf<letter, letters, dims>
    : never
  : never;

// fits :: (groups, result, shapes) -> true where no letter clashes and no name would stand twice
type fits<groups, result extends Letters, shapes> =
  lettersFit<groups, shapes> extends 'fit' ? ([repeatedName<shapeOf<groups, result, shapes>>] extends [never] ? true : false) : false;

const fits = (pattern: EinsumPattern, shapes: readonly Shape[]): boolean =>
  clash(pattern, shapes) === undefined && repeatedName(einsumShape(pattern, shapes)) === undefined;

// remedy :: the first that fits: the last two letters swapped where the clash is, or in the first operand with the letter
type remedy<
  later extends readonly unknown[],
  first extends readonly unknown[],
  result extends Letters,
  shapes,
  dims extends readonly Dim[],
> =
  fits<later, result, shapes> extends true
    ? `try '${writeEinsum<later, result>}': ${showShape<shapeOf<later, result, shapes>>}`
    : fits<first, result, shapes> extends true
      ? `try '${writeEinsum<first, result>}': ${showShape<shapeOf<first, result, shapes>>}`
      : `rename an axis if ${dims[0]} and ${dims[1]} are meant to be the same`;

function remedy(later: EinsumPattern, first: EinsumPattern, shapes: readonly Shape[], dims: readonly Dim[]): string {
  const fix = [later, first].find((pattern) => fits(pattern, shapes));
  if (fix !== undefined) return `try '${writeEinsum(fix)}': ${showShape(einsumShape(fix, shapes))}`;
  return `rename an axis if ${dims[0]} and ${dims[1]} are meant to be the same`;
}

// clashProblem :: (spec, pattern, shapes) -> the sentence about the first letter bound to two dims
export type clashProblem<spec extends string, pattern, shapes> = pattern extends [infer groups, infer result extends Letters]
  ? clash<groups, shapes> extends [
      infer letter extends string,
      infer before extends readonly unknown[],
      infer group extends Letters,
      infer after extends readonly unknown[],
      infer shape extends Shape,
    ]
    ? firstWith<letter, groups, shapes> extends [
        infer before2 extends readonly unknown[],
        infer group2 extends Letters,
        infer after2 extends readonly unknown[],
        infer shape2 extends Shape,
      ]
      ? `einsum: '${letter}' is ${dimOf<letter, group2, shape2>} in '${joinLetters<group2>}' ${showShape<shape2>} and ${dimOf<letter, group, shape>} in '${joinLetters<group>}' ${showShape<shape>}: '${spec}' (${remedy<
          [...before, swapLast<group>, ...after],
          [...before2, swapLast<group2>, ...after2],
          result,
          shapes,
          [dimOf<letter, group2, shape2>, dimOf<letter, group, shape>]
        >})`
      : never
    : never
  : never;

function clashProblem(spec: string, pattern: EinsumPattern, shapes: readonly Shape[], { letter, at }: Clash): string {
  const { operands, result } = pattern;
  const first = operands.findIndex((letters) => letters.includes(letter));
  const swapped = (index: number): EinsumPattern => ({
    operands: operands.map((letters, i) => (i === index ? swapLast(letters) : letters)),
    result,
  });
  const dims = [first, at].map((index) => shapes[index]?.[operands[index]?.indexOf(letter) ?? 0] as Dim);
  const [there, here] = [first, at].map((index, i) => `${dims[i]} in '${operands[index]?.join('')}' ${showShape(shapes[index] ?? [])}`);
  return `einsum: '${letter}' is ${there} and ${here}: '${spec}' (${remedy(swapped(at), swapped(first), shapes, dims)})`;
}

// structureProblem :: (pattern, number of operands) -> sentence | never      before a shape is looked at
export type structureProblem<spec extends string, pattern, count extends number> = pattern extends [
  infer groups extends readonly unknown[],
  unknown,
]
  ? groups['length'] extends count
    ? never
    : `einsum: '${spec}' describes ${groups['length']} ${groups['length'] extends 1 ? 'operand' : 'operands'}, not ${count} (give each operand a group of letters, with commas between)`
  : pattern;

// repeatsProblem :: (spec, Shape) -> the sentence about a result that would name an axis twice, or never
export type repeatsProblem<spec extends string, shape> = shape extends Shape
  ? repeatedName<shape> extends infer name extends string
    ? [name] extends [never]
      ? never
      : `einsum: the result would name '${name}' twice: ${showShape<shape>} of '${spec}' (rename one of the axes first)`
    : never
  : never;

// einsumProblem :: (spec, shapes) -> sentence | never
export type einsumProblem<spec extends string, shapes extends readonly unknown[], pattern = parseEinsum<spec>> = [
  structureProblem<spec, pattern, shapes['length']>,
] extends [never]
  ? pattern extends [infer groups, unknown]
    ? ranksFit<groups, shapes> extends true
      ? lettersFit<groups, shapes> extends 'fit'
        ? repeatsProblem<spec, einsumShape<pattern, shapes>>
        : clashProblem<spec, pattern, shapes>
      : rankProblem<spec, groups, shapes>
    : never
  : structureProblem<spec, pattern, shapes['length']>;

export function einsumProblem(spec: string, shapes: readonly Shape[]): string | undefined {
  const pattern = parseEinsum(spec);
  if (typeof pattern === 'string') return pattern;
  const { operands } = pattern;
  if (operands.length !== shapes.length) {
    return `einsum: '${spec}' describes ${operands.length} ${operands.length === 1 ? 'operand' : 'operands'}, not ${shapes.length} (give each operand a group of letters, with commas between)`;
  }
  const rank = wrongRank(spec, operands, shapes);
  if (rank !== undefined) return rank;
  const found = clash(pattern, shapes);
  if (found !== undefined) return clashProblem(spec, pattern, shapes, found);
  const shape = einsumShape(pattern, shapes);
  const name = repeatedName(shape);
  if (name === undefined) return undefined;
  return `einsum: the result would name '${name}' twice: ${showShape(shape)} of '${spec}' (rename one of the axes first)`;
}
