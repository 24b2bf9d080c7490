/**
 * Groups without a contract, over one space and one set of reduced axes, become one where that saves reading: they read a
 * common value, or one uses the other's results at the places where they are computed. Reductions of little become one in any
 * case: the gradients of a layer norm's gamma and beta are one dispatch.
 */
import type { Value } from '../../graph/value.ts';
import { isReduction } from './alignReductions.ts';
import { fits, type Group, type Grouping, isAnchored, operandPlace, reaches } from './group.ts';
import { productKey } from './product.ts';
import { basesOf } from './views.ts';

/** `alone`: values whose groups stay as they are. */
export function mergeSiblings({ groups, home, planes, order }: Grouping, alone: ReadonlySet<Value>): Grouping {
  const homes = new Map(home);
  let now = [...groups];
  const positions = new Map(order.map((value, i) => [value, i]));
  const positionOf = (value: Value): number => positions.get(value) ?? 0;
  const shapes = new Map<string, Group[]>();
  for (const group of groups) {
    if (isAnchored(group) || group.chain !== undefined || [...group.members.keys()].some((value) => alone.has(value))) continue;
    const key = `${group.space.map(productKey)};${group.reduced ?? 'none'}`;
    const alike = shapes.get(key) ?? [];
    shapes.set(key, alike);
    const target = alike.find((other) => canMerge(other, group));
    if (target === undefined) {
      alike.push(group);
      continue;
    }
    const members = [...target.members, ...group.members].sort(([a], [b]) => positionOf(a) - positionOf(b));
    target.members.clear();
    for (const [value, place] of members) target.members.set(value, place);
    for (const value of group.members.keys()) homes.set(value, target);
    for (const need of group.needs) target.needs.add(need);
    now = now.filter((other) => other !== group);
    for (const other of now) if (other.needs.delete(group)) other.needs.add(target);
    target.needs.delete(target);
  }
  return { groups: now, home: homes, planes, order };
}

/** The most arrays that reductions read which have nothing else in common: with what they store, they fit a device's bindings. */
const fewReads = 4;

function canMerge(left: Group, right: Group): boolean {
  const related = left.needs.has(right) || right.needs.has(left) || readCommon(left, right) || areSmallReductions(left, right);
  if (!related || reachesAround(left, right) || reachesAround(right, left)) return false;
  const merged = { ...left, members: new Map([...left.members, ...right.members]) };
  return [...merged.members].every(([value, place]) => {
    const read = isReduction(value) ? operandPlace(merged, value) : place;
    return read !== undefined && (!isReduction(value) || read.level === 'full') && fits(merged, value, read);
  });
}

/** A path through a third group. */
function reachesAround(from: Group, to: Group): boolean {
  return [...from.needs].some((need) => need !== to && reaches(need, to));
}

function readCommon(left: Group, right: Group): boolean {
  const reads = readBy(left);
  return [...readBy(right)].some((value) => reads.has(value));
}

function areSmallReductions(left: Group, right: Group): boolean {
  return left.reduced !== undefined && new Set([...readBy(left), ...readBy(right)]).size <= fewReads;
}

/** What members read that is more than one number. */
function readBy(group: Group): ReadonlySet<Value> {
  const bases = [...group.members.keys()].flatMap((value) => value.operands.flatMap(basesOf));
  return new Set(bases.filter((base) => base.primitive !== 'constant' && base.shape.length > 0 && !group.members.has(base)));
}
