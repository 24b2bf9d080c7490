/**
 * The text of a rearrangement, `b (h w) c -> b h w c`: the axes before and after. A name stands for an axis, a group in
 * parentheses for the product of its names, `1` for an axis of size 1, `...` for any number of axes, and `hw=(h w)` after
 * the arrow for a product that gets a name.
 *
 * Invariant: in a pattern that parses no name stands twice on a side, and each side has at most one `...`.
 * Source: einops, without `...` in groups and without numbers other than 1.
 */
import type { Letter, NameCharacter } from './character.ts';

// isName :: text -> boolean
export type isName<text extends string> = text extends `${infer head}${infer rest}`
  ? head extends Letter
    ? isNameEnd<rest>
    : false
  : false;
type isNameEnd<text extends string> = text extends `${infer head}${infer rest}`
  ? head extends NameCharacter
    ? isNameEnd<rest>
    : false
  : true;

export const isName = (text: string): boolean => /^[A-Za-z][A-Za-z0-9_]*$/.test(text);

export type EinopsOperation = 'rearrange' | 'reduce' | 'repeat';
export type PatternReduction = 'sum' | 'mean' | 'max';

/** The product of some names; of none: size 1. */
export interface Group {
  readonly group: readonly string[];
  /** The name of the axis, or '' for none. */
  readonly label: string;
}

/** A name, `...`, or a group. */
export type Item = string | Group;

/** What stands before and after the arrow. */
export interface EinopsPattern {
  readonly left: readonly Item[];
  readonly right: readonly Item[];
}

// parseEinops :: (operation, pattern) -> [left items, right items] | sentence
export type parseEinops<operation extends string, pattern extends string> = pattern extends `${infer before}->${infer after}`
  ? readSide<before, []> extends infer left
    ? left extends readonly unknown[]
      ? readSide<after, []> extends infer right
        ? right extends readonly unknown[]
          ? twiceIn<namesOf<left>> extends infer name extends string
            ? [name] extends [never]
              ? twiceIn<namesOf<right>> extends infer other extends string
                ? [other] extends [never]
                  ? [left, right]
                  : standsTwice<operation, other, 'right', pattern>
                : never
              : standsTwice<operation, name, 'left', pattern>
            : never
          : oddWord<operation, right, pattern>
        : never
      : oddWord<operation, left, pattern>
    : never
  : `${operation}: there is no arrow: '${pattern}' (write the axes before, -> and the axes after)`;

type standsTwice<
  operation extends string,
  name extends string,
  side extends string,
  pattern extends string,
> = `${operation}: '${name}' stands twice on the ${side}: '${pattern}' (each axis stands once on a side)`;

type oddWord<
  operation extends string,
  word,
  pattern extends string,
> = `${operation}: '${word & string}' is no name: '${pattern}' (an axis is a name, 1 or ...; parentheses hold names)`;

// readSide :: text -> items | the first word that is none
type readSide<text extends string, items extends readonly unknown[]> = text extends `${infer before}(${infer after}`
  ? after extends `${infer inside})${infer rest}`
    ? before extends `${infer words}=`
      ? lastWord<words> extends [infer earlier extends string, infer label extends string]
        ? isName<label> extends true
          ? readGroup<readWords<earlier, items>, inside, rest, label>
          : `${label}=`
        : never
      : readGroup<readWords<before, items>, inside, rest, ''>
    : '('
  : readWords<text, items>;

type readGroup<items, inside extends string, rest extends string, label extends string> = items extends readonly unknown[]
  ? readNames<inside> extends infer names
    ? names extends readonly unknown[]
      ? readSide<rest, [...items, { group: names; label: label }]>
      : names
    : never
  : items;

// lastWord :: 'b c hw' -> ['b c', 'hw']
type lastWord<text extends string, before extends string = ''> = text extends `${infer head} ${infer rest}`
  ? lastWord<rest, `${before}${head} `>
  : [before, text];

type readWords<text extends string, items extends readonly unknown[]> = text extends `${infer head} ${infer rest}`
  ? readWord<head, rest, items>
  : text extends ''
    ? items
    : readWord<text, '', items>;

type readWord<word extends string, rest extends string, items extends readonly unknown[]> = word extends ''
  ? readWords<rest, items>
  : word extends '1'
    ? readWords<rest, [...items, { group: []; label: '' }]>
    : word extends '...'
      ? readWords<rest, [...items, '...']>
      : isName<word> extends true
        ? readWords<rest, [...items, word]>
        : word;

type readNames<text extends string, names extends readonly string[] = []> = text extends `${infer head} ${infer rest}`
  ? readName<head, rest, names>
  : text extends ''
    ? names
    : readName<text, '', names>;

type readName<word extends string, rest extends string, names extends readonly string[]> = word extends ''
  ? readNames<rest, names>
  : isName<word> extends true
    ? readNames<rest, [...names, word]>
    : word;

// namesOf :: items -> the names and '...', in order
export type namesOf<items, names extends readonly unknown[] = []> = items extends readonly [infer head, ...infer rest]
  ? head extends { group: infer inside extends readonly unknown[] }
    ? namesOf<rest, [...names, ...inside]>
    : namesOf<rest, [...names, head]>
  : names;

// twiceIn :: names -> the first that stands again, or never
type twiceIn<names> = names extends readonly [infer head, ...infer rest] ? (head extends rest[number] ? head : twiceIn<rest>) : never;

/** The pattern, or what is wrong with it. */
export function parseEinops(operation: string, pattern: string): EinopsPattern | string {
  const arrow = pattern.indexOf('->');
  if (arrow < 0) return `${operation}: there is no arrow: '${pattern}' (write the axes before, -> and the axes after)`;
  const left = readSide(pattern.slice(0, arrow));
  if (typeof left === 'string') return oddWord(operation, left, pattern);
  const right = readSide(pattern.slice(arrow + 2));
  if (typeof right === 'string') return oddWord(operation, right, pattern);
  for (const [side, items] of [
    ['left', left],
    ['right', right],
  ] as const) {
    const name = twiceIn(namesOf(items));
    if (name !== undefined) return `${operation}: '${name}' stands twice on the ${side}: '${pattern}' (each axis stands once on a side)`;
  }
  return { left, right };
}

const oddWord = (operation: string, word: string, pattern: string): string =>
  `${operation}: '${word}' is no name: '${pattern}' (an axis is a name, 1 or ...; parentheses hold names)`;

function readSide(text: string): readonly Item[] | string {
  const items: Item[] = [];
  for (let rest = text; ; ) {
    const open = rest.indexOf('(');
    const words = (open < 0 ? rest : rest.slice(0, open)).split(' ');
    const close = rest.indexOf(')', open);
    if (open >= 0 && close < 0) return '(';
    const labelled = open >= 0 && words.at(-1)?.endsWith('=') ? (words.pop() as string) : '=';
    const label = labelled.slice(0, -1);
    if (labelled !== '=' || (open >= 0 && rest[open - 1] === '=')) if (!isName(label)) return labelled;
    for (const word of words) {
      if (word === '') continue;
      if (word !== '1' && word !== '...' && !isName(word)) return word;
      items.push(word === '1' ? { group: [], label: '' } : word);
    }
    if (open < 0) return items;
    const group = rest
      .slice(open + 1, close)
      .split(' ')
      .filter((name) => name !== '');
    const odd = group.find((name) => !isName(name));
    if (odd !== undefined) return odd;
    items.push({ group, label });
    rest = rest.slice(close + 1);
  }
}

/** The names and `...`, in order. */
export const namesOf = (items: readonly Item[]): readonly string[] =>
  items.flatMap((item) => (typeof item === 'string' ? [item] : item.group));

const twiceIn = (names: readonly string[]): string | undefined => names.find((name, at) => names.indexOf(name, at + 1) >= 0);
