/**
 * The text of an einsum: `ij,jk->ik` is one group of letters an operand, and the letters of the result. Spaces mean nothing.
 *
 * Invariant: in a pattern that parses no group names a letter twice, and each letter of the result stands in an operand.
 * Source: numpy.einsum.
 */
import type { Letter } from './character.ts';
export type Letters = readonly string[];

/** One group of letters an operand, and the letters of the result. */
export interface EinsumPattern {
  readonly operands: readonly Letters[];
  readonly result: Letters;
}

// parseEinsum :: 'ij,jk->ik' -> [[['i', 'j'], ['j', 'k']], ['i', 'k']] | sentence
export type parseEinsum<spec extends string> = readOperands<spec, spec>;

type readOperands<
  text extends string,
  spec extends string,
  group extends Letters = [],
  groups extends readonly Letters[] = [],
> = text extends `${infer head}${infer rest}`
  ? head extends Letter
    ? head extends group[number]
      ? `einsum: '${head}' stands twice in '${joinLetters<[...group, head]>}': '${spec}' (give each axis of an operand a letter of its own; diagonals are not supported)`
      : readOperands<rest, spec, [...group, head], groups>
    : head extends ','
      ? readOperands<rest, spec, [], [...groups, group]>
      : head extends ' '
        ? readOperands<rest, spec, group, groups>
        : text extends `->${infer result}`
          ? readResult<result, spec, [...groups, group]>
          : oddCharacter<head, spec>
  : [[...groups, group], implicitResult<[...groups, group]>];

type readResult<
  text extends string,
  spec extends string,
  groups extends readonly Letters[],
  result extends Letters = [],
> = text extends `${infer head}${infer rest}`
  ? head extends Letter
    ? head extends result[number]
      ? `einsum: '${head}' stands twice in the result: '${spec}' (an axis of the result stands there once)`
      : head extends groups[number][number]
        ? readResult<rest, spec, groups, [...result, head]>
        : `einsum: '${head}' of the result is in no operand: '${spec}' (the letters of the result come from the operands)`
    : head extends ' '
      ? readResult<rest, spec, groups, result>
      : oddCharacter<head, spec>
  : [groups, result];

type oddCharacter<
  character extends string,
  spec extends string,
> = `einsum: '${character}' is no letter: '${spec}' (a letter stands for an axis, a comma between operands, -> before the result)`;

// implicitResult :: the letters that stand once, in the order of the alphabet
type implicitResult<groups extends readonly Letters[], once extends string = never, many extends string = never> = groups extends readonly [
  infer head extends Letters,
  ...infer rest extends readonly Letters[],
]
  ? implicitResult<rest, Exclude<once, head[number]> | Exclude<head[number], once | many>, many | Extract<once, head[number]>>
  : inAlphabet<'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', once>;

type inAlphabet<alphabet extends string, letters extends string, result extends Letters = []> = [letters] extends [never]
  ? result
  : alphabet extends `${infer head}${infer rest}`
    ? head extends letters
      ? inAlphabet<rest, Exclude<letters, head>, [...result, head]>
      : inAlphabet<rest, letters, result>
    : result;

export type joinLetters<letters extends readonly unknown[], text extends string = ''> = letters extends readonly [
  infer head extends string,
  ...infer rest,
]
  ? joinLetters<rest, `${text}${head}`>
  : text;

/** The pattern, or what is wrong with it. */
export function parseEinsum(spec: string): EinsumPattern | string {
  const operands: string[][] = [];
  let group: string[] = [];
  for (const [at, head] of [...spec].entries()) {
    if (/[A-Za-z]/.test(head)) {
      if (group.includes(head)) {
        return `einsum: '${head}' stands twice in '${[...group, head].join('')}': '${spec}' (give each axis of an operand a letter of its own; diagonals are not supported)`;
      }
      group.push(head);
    } else if (head === ',') {
      operands.push(group);
      group = [];
    } else if ([...spec].slice(at, at + 2).join('') === '->') {
      return readResult([...spec].slice(at + 2), spec, [...operands, group]);
    } else if (head !== ' ') return oddCharacter(head, spec);
  }
  return { operands: [...operands, group], result: implicitResult([...operands, group]) };
}

function readResult(characters: readonly string[], spec: string, operands: readonly Letters[]): EinsumPattern | string {
  const result: string[] = [];
  for (const head of characters) {
    if (/[A-Za-z]/.test(head)) {
      if (result.includes(head)) return `einsum: '${head}' stands twice in the result: '${spec}' (an axis of the result stands there once)`;
      if (!operands.some((letters) => letters.includes(head))) {
        return `einsum: '${head}' of the result is in no operand: '${spec}' (the letters of the result come from the operands)`;
      }
      result.push(head);
    } else if (head !== ' ') return oddCharacter(head, spec);
  }
  return { operands, result };
}

const oddCharacter = (character: string, spec: string): string =>
  `einsum: '${character}' is no letter: '${spec}' (a letter stands for an axis, a comma between operands, -> before the result)`;

function implicitResult(operands: readonly Letters[]): Letters {
  const all = operands.flat();
  return all.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort((a, b) => (a < b ? -1 : 1));
}

// swapLast :: ['b', 'i', 'j'] -> ['b', 'j', 'i']
export type swapLast<group> = group extends readonly [...infer head, infer a, infer b] ? [...head, b, a] : group;

export const swapLast = (letters: Letters): Letters =>
  letters.length < 2 ? letters : [...letters.slice(0, -2), letters.at(-1) as string, letters.at(-2) as string];

export type writeEinsum<groups, result extends Letters> = `${writeGroups<groups>}->${joinLetters<result>}`;
type writeGroups<groups> = groups extends readonly [infer group extends Letters]
  ? joinLetters<group>
  : groups extends readonly [infer group extends Letters, ...infer others]
    ? `${joinLetters<group>},${writeGroups<others>}`
    : '';

export const writeEinsum = ({ operands, result }: EinsumPattern): string =>
  `${operands.map((letters) => letters.join('')).join()}->${result.join('')}`;
