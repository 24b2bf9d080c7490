/**
 * Indices and masks as numbers: what the kernels' u32 arithmetic makes of them.
 *
 * Invariant: throws where an index breaks its own: a quotient of what is negative.
 */
import type { Index } from '../3-fuse/indexing.ts';
import type { Condition } from '../3-fuse/masks.ts';

export type Variables = (name: string) => number;

export function evaluateIndex({ terms }: Index, variables: Variables): number {
  return terms.reduce((sum, { atom, factor }) => sum + evaluateAtom(atom, variables) * factor.literal, 0);
}

const wrapped = (x: number): number => x >>> 0;

function evaluateAtom(atom: Index['terms'][number]['atom'], variables: Variables): number {
  if (atom.kind === 'variable') return variables(atom.name);
  if (atom.kind === 'unit') return 1;
  if (atom.kind === 'result') return atom.result;
  const of = evaluateIndex(atom.of, variables);
  if (atom.kind === 'clamp') return Math.min(wrapped(of), atom.below.literal - 1);
  if (of < 0) throw new Error(`a ${atom.kind} of ${of}`);
  return atom.kind === 'quotient' ? Math.floor(of / atom.by.literal) : of % atom.by.literal;
}

export function holds(condition: Condition, variables: Variables): boolean {
  const of = wrapped(evaluateIndex(condition.of, variables));
  return condition.kind === 'zero' ? of === 0 : of < condition.bound.literal;
}
