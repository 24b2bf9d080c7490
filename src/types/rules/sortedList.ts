/**
 * A union of names as a list for a sentence, sorted: a union has no order that all compilers agree on.
 *
 * Invariant: the order is that of character codes, in the type and in the function.
 */
import type { compareTexts } from '../arithmetic/compare.ts';

// sortedList :: 'b' | 'a' -> 'a, b'
export type sortedList<names> = joined<sorted<listed<names>>>;
type listed<names> = [names] extends [never] ? [] : lastOf<names> extends infer name ? [...listed<Exclude<names, name>>, name] : never;
type lastOf<names> = (names extends unknown ? (take: () => names) => void : never) extends (take: infer all) => void
  ? all extends () => infer name
    ? name
    : never
  : never;
type sorted<names, result extends readonly unknown[] = []> = names extends readonly [infer head, ...infer rest]
  ? sorted<rest, inserted<head, result>>
  : result;
type inserted<name, into extends readonly unknown[], before extends readonly unknown[] = []> = into extends readonly [
  infer head,
  ...infer rest,
]
  ? compareTexts<name & string, head & string> extends 'less'
    ? [...before, name, ...into]
    : inserted<name, rest, [...before, head]>
  : [...before, name];
type joined<names> = names extends readonly [infer only extends string]
  ? only
  : names extends readonly [infer head extends string, ...infer rest]
    ? `${head}, ${joined<rest>}`
    : 'none';

export const sortedList = (names: readonly string[]): string => [...names].sort((a, b) => (a < b ? -1 : 1)).join(', ') || 'none';
