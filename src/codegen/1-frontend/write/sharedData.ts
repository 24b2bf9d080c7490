/**
 * What stands several times in some data, the largest parts first: sizes, requirements, lists of ports.
 *
 * Invariant: parts of one name are equal as literals; a part of a part that is shared has no name of its own there.
 */
import { literalText } from './literalText.ts';

/** As a literal on one line; a shorter one costs more reading than it saves. */
const shortest = 40;

/** Each shared object with its name, and of equal ones the first to be written as that name's value. */
export function shareData(data: readonly unknown[], nameOf: (index: number) => string) {
  const texts = new Map<object, string>();
  const counts = new Map<string, number>();
  const partsOf = (value: unknown): readonly object[] =>
    typeof value === 'object' && value !== null ? Object.values(value).filter((part) => typeof part === 'object' && part !== null) : [];
  const count = (value: object): void => {
    const text = textOf(value);
    texts.set(value, text);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    // parts of what was counted before stand there
    if (counts.get(text) === 1 || text.length < shortest) partsOf(value).forEach(count);
  };
  data.flatMap(partsOf).forEach(count);
  const names = new Map<object, string>();
  const constants = new Map<string, object>();
  const name = (value: object): void => {
    const text = texts.get(value) ?? textOf(value);
    if ((counts.get(text) ?? 0) > 1 && text.length >= shortest) {
      const known = [...constants.keys()].indexOf(text);
      if (known < 0) constants.set(text, value);
      names.set(value, nameOf(known < 0 ? constants.size - 1 : known));
    } else partsOf(value).forEach(name);
  };
  data.flatMap(partsOf).forEach(name);
  return { names, shared: [...constants.values()].map((value, index) => ({ name: nameOf(index), value })) };
}

const textOf = (value: object): string => literalText(value);
