/**
 * A group is a kernel in the making: a space of indices, an anchor (a contract, reductions over one set of axes, or none),
 * and the values computed there.
 *
 * Invariant: the groups' dependencies have no cycle; every member that another member uses is used at its own place.
 */
import type { Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { flatten } from './indexArithmetic.ts';
import { type Index, indexKey, variable } from './indexing.ts';
import type { Direction, Plane, Planes } from './planes.ts';
import { isOne, type Product } from './product.ts';
import { readsOf, sizesOf } from './views.ts';

/** full: every index of the space; outer: once a row; left, right: once a row or column of a contract's operand. */
export type Level = 'full' | 'outer' | 'left' | 'right';

/** Which axes of the space each axis of a value runs over, in row-major order (none: its size is 1). */
export interface Place {
  readonly level: Level;
  readonly axes: readonly (readonly number[])[];
}

export interface Group {
  readonly number: number;
  readonly contract: Value<'contract'> | undefined;
  readonly scatter: Value<'scatterAdd'> | undefined;
  /** The group is the results of this one's loop, and nothing else. */
  readonly loop: Value<'loop'> | undefined;
  /** What the contract, or the group's reductions, stream over; its rows are the group's. */
  readonly chain: { readonly plane: Plane; readonly direction: Direction } | undefined;
  readonly space: readonly Product[];
  /** The reduced axes of the space; undefined before a reduction joins. */
  reduced: readonly number[] | undefined;
  readonly members: Map<Value, Place>;
  /** The groups that members' operands come from. */
  readonly needs: Set<Group>;
}

/** By a contract, a scatter or a loop: its sums are computed nowhere else, and no reduction joins. */
export const isAnchored = (group: Group): boolean =>
  group.contract !== undefined || group.scatter !== undefined || group.loop !== undefined;

export interface Grouping {
  readonly groups: readonly Group[];
  readonly home: ReadonlyMap<Value, Group>;
  readonly planes: Planes;
  /** Every value, operands first. */
  readonly order: readonly Value[];
}

export function reaches(from: Group, to: Group): boolean {
  const seen = new Set<Group>();
  const stack = [from];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    stack.push(...next.needs);
  }
  return false;
}

/** The indices of a value at its place, those of the space's axes being known. */
export function indicesAlong({ space }: Group, { axes }: Place, along: (axis: number) => Index): readonly Index[] {
  return axes.map((merged) =>
    flatten(
      merged.map(along),
      merged.map((axis) => at(space, axis)),
    ),
  );
}

/** The indices of a value at its place, one variable an axis of the space. */
export function indicesAt(group: Group, place: Place): readonly Index[] {
  return indicesAlong(group, place, (axis) => variable(`x${axis}`, at(group.space, axis)));
}

/** The members that `value`, placed in `group`, would use are used at their own places, from levels that are in scope there. */
export function fits(group: Group, value: Value, place: Place): boolean {
  const reads = value.operands.flatMap((operand) => readsOf(operand, indicesAt(group, place)));
  return reads.every(({ value: base, indices }) => {
    const member = group.members.get(base);
    if (member === undefined) return true;
    if (member.level !== place.level && !(member.level === 'outer' && place.level === 'full')) return false;
    const own = indicesAt(group, member);
    return own.every((index, axis) => indexKey(index) === indexKey(at(indices, axis)));
  });
}

/** The axes of the space that a level runs over. */
export function axesOf(group: Group, level: Level): readonly number[] {
  const all = group.space.map((_, axis) => axis);
  if (level === 'full') return all;
  if (group.contract === undefined) return all.filter((axis) => !(group.reduced ?? []).includes(axis));
  const { leftBatch, left } = group.contract.params;
  const firstRight = at(group.contract.operands, 0).shape.length - left.length;
  return all.filter((axis) => axis < leftBatch.length || axis < firstRight === (level === 'left'));
}

/** The axes of a value with these sizes in order along a level's axes, sizes 1 left out; undefined if they differ. */
export function inOrder(group: Group, level: Level, sizes: readonly Product[]): Place | undefined {
  const open = axesOf(group, level).filter((axis) => !isOne(at(group.space, axis)));
  let next = 0;
  const axes = sizes.map((size) => (isOne(size) ? [] : open.slice(next, ++next)));
  const same = next === open.length && sizes.every((size, i) => isOne(size) || sameSize(group, axes[i]?.[0], size));
  return same ? { level, axes } : undefined;
}

function sameSize(group: Group, axis: number | undefined, size: Product): boolean {
  const other = axis === undefined ? undefined : group.space[axis];
  return other !== undefined && other.literal === size.literal && `${other.symbols}` === `${size.symbols}`;
}

/** Where a reduction's operand is read: at its own place, or along the space's axes in order. */
export function operandPlace(group: Group, reduction: Value): Place | undefined {
  const operand = at(reduction.operands, 0);
  return group.members.get(operand) ?? inOrder(group, 'full', sizesOf(operand));
}
