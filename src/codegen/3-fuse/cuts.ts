/**
 * Where a kernel is cut that would bind more buffers than a device allows.
 *
 * Invariant: each cut is a new one, so that cutting comes to an end.
 */
import type { Value } from '../../graph/value.ts';
import { isReduction } from './alignReductions.ts';
import type { Group } from './group.ts';
import { basesOf, isView } from './views.ts';

export interface Cuts {
  /** Values that start a group of their own. */
  readonly alone: Set<Value>;
  /** Values that may not join a contract's group. */
  readonly detached: Set<Value>;
  /** Values that are stored in any case. */
  readonly kept: Set<Value>;
  /** Products that are stored, whatever reads them: no plane. */
  readonly unchained: Set<Value>;
}

export const noCuts = (): Cuts => ({ alone: new Set(), detached: new Set(), kept: new Set(), unchained: new Set() });

/** Nothing is computed together. */
export function everyCut(values: readonly Value[]): Cuts {
  const computed = values.filter((value) => value.operands.length > 0 && !isView(value));
  return { alone: new Set(computed), detached: new Set(computed), kept: new Set(computed), unchained: new Set(computed) };
}

/**
 * A kernel that streams over a plane stops to do so: the plane is stored. Else first goes what is computed from a rider, then
 * the rider itself, then the later half of the members, and at last what the kernel computes for other groups. `computed`: all
 * values that the kernel computes. False if nothing is left to cut.
 */
export function cutGroup(group: Group, computed: readonly Value[], { alone, detached, kept, unchained }: Cuts): boolean {
  if (group.chain !== undefined) {
    for (const product of group.chain.plane.products) unchained.add(product);
    return true;
  }
  const riding = [...group.members].flatMap(([value, { level }]) => (level === 'left' || level === 'right' ? [value] : []));
  const epilogue = riding.filter((value) => !isReduction(value));
  for (const value of epilogue) detached.add(value);
  if (epilogue.length > 0) return true;
  const open = [...group.members.keys()].filter((value) => !alone.has(value) && value !== group.contract && value !== group.scatter);
  const middle = riding[0] ?? open[Math.ceil(open.length / 2)] ?? open[0];
  if (middle !== undefined) {
    alone.add(middle);
    for (const base of middle.operands.flatMap(basesOf)) if (group.members.has(base)) kept.add(base);
    return true;
  }
  const foreign = computed.filter((value) => !group.members.has(value) && !kept.has(value));
  const last = foreign[Math.floor(foreign.length / 2)];
  if (last !== undefined) kept.add(last);
  return last !== undefined;
}
