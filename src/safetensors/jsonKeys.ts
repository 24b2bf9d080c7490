/**
 * The keys of a JSON object's text, duplicates included: `JSON.parse` keeps the last of two in silence, and another reader the
 * first, so that two programs would load two different models from one file.
 *
 * Invariant: for text that `JSON.parse` takes as an object.
 */

const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs;

export function jsonKeys(text: string): readonly string[] {
  const keys: string[] = [];
  let depth = 0;
  let last: string | undefined;
  for (const [found] of text.matchAll(token)) {
    if (found === '{' || found === '[') depth += 1;
    else if (found === '}' || found === ']') depth -= 1;
    else if (found === ':' && depth === 1 && last !== undefined) keys.push(JSON.parse(last) as string);
    last = found.startsWith('"') ? found : undefined;
  }
  return keys;
}
