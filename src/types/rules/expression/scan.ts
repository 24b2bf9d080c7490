/**
 * The words of an expression: names, numbers, axes in quotes, single signs, and `**`.
 *
 * Invariant: a token says where it stands, as the text from there on, so that a position is counted only for a message.
 */
import type { Digit, Letter } from '../character.ts';

type NameStart = Letter | '_';
type Space = ' ' | '\n' | '\t';

export type TokenKind = 'name' | 'number' | 'axis' | 'sign' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** What follows it. */
  readonly rest: string;
  /** The token and what follows it. */
  readonly from: string;
}

// scan :: text -> [kind, text, rest, from]
export type scan<source extends string> = source extends `${infer head}${infer rest}`
  ? head extends Space
    ? scan<rest>
    : head extends NameStart
      ? scanName<rest, head, source>
      : head extends Digit
        ? scanNumber<rest, head, source>
        : head extends "'" | '"'
          ? rest extends `${infer axis}${head}${infer after}`
            ? ['axis', axis, after, source]
            : ['sign', head, rest, source]
          : source extends `**${infer after}`
            ? ['sign', '**', after, source]
            : ['sign', head, rest, source]
  : ['end', '', '', ''];

type scanName<rest extends string, name extends string, from extends string> = rest extends `${infer head}${infer after}`
  ? head extends NameStart | Digit
    ? scanName<after, `${name}${head}`, from>
    : ['name', name, rest, from]
  : ['name', name, rest, from];

// the sign of an exponent belongs to the number: 1e-5
type scanNumber<rest extends string, digits extends string, from extends string> = rest extends `${infer head}${infer after}`
  ? head extends Digit | '.'
    ? scanNumber<after, `${digits}${head}`, from>
    : rest extends `e-${infer exponent}`
      ? scanNumber<exponent, `${digits}e-`, from>
      : head extends 'e'
        ? scanNumber<after, `${digits}e`, from>
        : ['number', digits, rest, from]
  : ['number', digits, rest, from];

/** The first token of a text. */
export function scan(source: string): Token {
  const from = source.replace(/^[ \n\t]+/, '');
  const token = (kind: TokenKind, length: number, text = from.slice(0, length)): Token => ({ kind, text, rest: from.slice(length), from });
  if (from === '') return token('end', 0);
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(from);
  if (name !== null) return token('name', name[0].length);
  const number = /^[0-9](?:[0-9.]|e-|e)*/.exec(from);
  if (number !== null) return token('number', number[0].length);
  const axis = /^(['"])(.*?)\1/s.exec(from);
  if (axis !== null) return token('axis', axis[0].length, axis[2] ?? '');
  return token('sign', from.startsWith('**') ? 2 : 1);
}

// position :: (text, its end) -> which character the end begins at, from 1
type position<whole extends string, from extends string> = whole extends `${infer before}${from}` ? countFrom<before, [0]> : never;
type countFrom<text extends string, count extends readonly 0[]> = text extends `${string}${infer rest}`
  ? countFrom<rest, [...count, 0]>
  : count['length'];

// misplaced :: what stands where something else is due
export type misplaced<
  kind,
  text extends string,
  from extends string,
  expected extends string,
  hint extends string,
  whole extends string,
> = kind extends 'end'
  ? `expr: at the end ${expected} is expected: '${whole}' (${hint})`
  : `expr: at character ${position<whole, from>} stands '${text}' where ${expected} is expected: '${whole}' (${hint})`;

export function misplaced({ kind, text, from }: Token, expected: string, hint: string, whole: string): string {
  if (kind === 'end') return `expr: at the end ${expected} is expected: '${whole}' (${hint})`;
  return `expr: at character ${whole.length - from.length + 1} stands '${text}' where ${expected} is expected: '${whole}' (${hint})`;
}
