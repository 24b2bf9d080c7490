/**
 * Texts with what they have in common written once: runs of lines that stand in several places get a name each.
 *
 * Invariant: the pieces of a text, each on lines of its own, are the text; equal texts give equal pieces.
 * Source: runs are found as Lempel and Ziv do (1977), from the first line to the last, each as long as it can be.
 */

/** Lines that stand where they are, or the number of a run. */
export type Piece = string | number;

export interface SharedLines {
  readonly runs: readonly string[];
  readonly pieces: ReadonlyMap<string, readonly Piece[]>;
}

/** A run that is written once saves at least as many characters: one that saves less costs more reading than that. */
const worthwhile = 40;
/** What a run's own line takes, and each place where it stands. */
const [named, referred] = [24, 12];
/** Copies are looked for that are at least as long; one that is shorter may be a run if it stands in many places. */
const shortest = 60;
/** Of the places where two lines stand, so many of the last are tried. */
const tried = 64;

export function shareLines(given: readonly string[]): SharedLines {
  const texts = [...new Set(given)].map((text) => text.split('\n'));
  const lines = texts.flat();
  const starts = new Set<number>();
  texts.reduce((at, { length }) => {
    starts.add(at);
    return at + length;
  }, 0);
  const roots = rootsOf(lines, starts);
  // Where one copy of a run begins or ends, all copies do.
  const isCut = (at: number): boolean => starts.has(at) || roots[at] !== (roots[at - 1] ?? 0) + 1;
  const cuts = new Set<number>();
  for (const [at, root] of roots.entries()) {
    if (!isCut(at)) continue;
    cuts.add(root);
    if (at > 0) cuts.add((roots[at - 1] ?? 0) + 1);
  }
  const ends = roots.flatMap((root, at) => (isCut(at) || cuts.has(root) ? at : []));
  const parts = ends.map((from, index) => ({ from, root: roots[from] ?? 0, text: lines.slice(from, ends[index + 1]).join('\n') }));
  const counts = new Map<string, number>();
  for (const { text } of parts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const saved = (text: string, count: number): number => (count - 1) * text.length - count * referred - named;
  const runs = [...counts].filter(([text, count]) => count > 1 && saved(text, count) >= worthwhile).map(([text]) => text);
  const numbers = new Map(runs.map((text, index) => [text, index]));
  const pieces = new Map<string, readonly Piece[]>();
  let end = 0;
  for (const text of texts) {
    const from = end;
    end += text.length;
    const own = parts.filter((part) => part.from >= from && part.from < end).map((part) => numbers.get(part.text) ?? part.text);
    pieces.set(text.join('\n'), joined(own));
  }
  return { runs, pieces };
}

/** For each line the place where it was first written, if it is part of a run that was. */
function rootsOf(lines: readonly string[], starts: ReadonlySet<number>): readonly number[] {
  const roots: number[] = [];
  const places = new Map<string, number[]>();
  const keyAt = (at: number): string => `${lines[at]}\n${lines[at + 1]}`;
  const matchAt = (at: number, from: number): { readonly from: number; readonly count: number; readonly length: number } => {
    let [count, length] = [0, 0];
    while (from + count < at && lines[from + count] === lines[at + count] && at + count < lines.length) {
      if (count > 0 && (starts.has(from + count) || starts.has(at + count))) break;
      length += (lines[at + count]?.length ?? 0) + 1;
      count += 1;
    }
    return { from, count, length };
  };
  while (roots.length < lines.length) {
    const at = roots.length;
    const found = (places.get(keyAt(at)) ?? []).slice(-tried).map((from) => matchAt(at, from));
    const best = found.reduce((longest, match) => (match.length > longest.length ? match : longest), { from: at, count: 1, length: 0 });
    const { from, count } = best.length > shortest ? best : { from: at, count: 1 };
    for (let i = 0; i < count; i++) {
      roots.push(from === at ? at : (roots[from + i] ?? 0));
      const key = keyAt(at + i);
      places.set(key, [...(places.get(key) ?? []).slice(-tried), at + i]);
    }
  }
  return roots;
}

/** Neighbours that are no runs are one piece. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (typeof last === 'string' && typeof piece === 'string') result[result.length - 1] = `${last}\n${piece}`;
    else result.push(piece);
  }
  return result;
}
