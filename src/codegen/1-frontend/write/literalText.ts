/**
 * Plain data as TypeScript that people can read: short things on one line, long ones a line an entry, kernels as templates.
 *
 * Invariant: evaluating the text gives the data back; equal data gives equal text.
 */

import type { Piece } from './sharedLines.ts';

const lineWidth = 120;

export interface Literal {
  /** Stands for a value that is written elsewhere: an object, and the expression to write in its place. */
  readonly references?: ReadonlyMap<object, string>;
  /** Texts whose lines are written elsewhere in part: those that stand here, and the numbers of `lines`. */
  readonly pieces?: ReadonlyMap<string, readonly Piece[]>;
  /** What to call a run of lines. */
  readonly lines?: (run: number) => string;
}

/** `indent` is the number of spaces before the line that the text begins on. */
export function literalText(value: unknown, options: Literal = {}, indent = 0, lead = 0): string {
  if (typeof value === 'string') return value.includes('\n') ? templateText(value, options) : quoted(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') throw new TypeError(`internal: a ${typeof value} is no data`);
  const reference = options.references?.get(value);
  if (reference !== undefined) return reference;
  const inside = indent + 2;
  const [open, close, entries] = Array.isArray(value)
    ? (['[', ']', value.map((item): readonly [string, unknown] => ['', item])] as const)
    : (['{', '}', Object.entries(value).map(([key, item]): readonly [string, unknown] => [`${keyText(key)}: `, item])] as const);
  if (entries.length === 0) return `${open}${close}`;
  const texts = entries.map(([key, item]) => `${key}${literalText(item, options, inside, key.length)}`);
  const space = open === '{' ? ' ' : '';
  const line = `${open}${space}${texts.join(', ')}${space}${close}`;
  if (!line.includes('\n') && indent + lead + line.length < lineWidth) return line;
  return `${open}\n${texts.map((text) => `${' '.repeat(inside)}${text},\n`).join('')}${' '.repeat(indent)}${close}`;
}

/** The key as it stands in an object literal. */
function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : key === '__proto__' ? "['__proto__']" : quoted(key);
}

function quoted(text: string): string {
  return /['\\\p{Cc}\u2028\u2029]/u.test(text) ? JSON.stringify(text) : `'${text}'`;
}

/** The tag in the comment lets editors highlight the text as WGSL. */
function templateText(text: string, { pieces, lines = String }: Literal): string {
  const written = (pieces?.get(text) ?? [text]).map((piece) => (typeof piece === 'number' ? `\${${lines(piece)}}` : escaped(piece)));
  return `/* wgsl */ \`${written.join('\n')}\``;
}

const escaped = (text: string): string => text.replace(/[\\`]|\$\{/g, '\\$&').replaceAll('\r', '\\r');
