/**
 * Products of the forward pass that are larger than their factors, with what is made of them element by element, where only
 * reductions and further products read them: the scores of attention. Backward computes them again, from their factors and the
 * reductions' results, so that they are never stored.
 *
 * The compiler decides which products it streams over (3-fuse/planes.ts) by nearly the same rule; where the two differ, a product
 * is computed twice, or stored, and nothing is wrong.
 */
import { sizeOf } from '../../types/dim.ts';
import { isPrimitive } from '../build.ts';
import { reachable } from '../graph.ts';
import type { Primitive } from '../primitive.ts';
import type { Value } from '../value.ts';
import { typicalElements } from './typicalElements.ts';

/** The most multiply-adds that an element may cost again. */
const longest = 128;
const notElementwise: ReadonlySet<Primitive> = new Set([
  'permute',
  'reshape',
  'broadcast',
  'slice',
  'pad',
  'skew',
  'unskew',
  'gather',
  'scatterAdd',
  'reduceSum',
  'reduceMax',
  'contract',
  'loop',
  'after',
]);

/** The values of all planes among what `results` are computed from. */
export function valuesOfPlanes(results: readonly Value[], ends?: ReadonlySet<Value>): ReadonlySet<Value> {
  const order = reachable(results, ends);
  const users = new Map<Value, Value[]>();
  for (const value of order) for (const operand of value.operands) users.set(operand, [...(users.get(operand) ?? []), value]);
  const given = new Set(results);
  const planes: { readonly values: Set<Value>; isWhole: boolean }[] = [];
  for (const product of order) {
    if (!isPrimitive(product, 'contract') || !isLarge(product)) continue;
    const values = new Set<Value>([product]);
    let [isWhole, isReduced] = [true, false];
    for (const value of values) {
      if (given.has(value)) isWhole = false;
      for (const user of users.get(value) ?? []) {
        if (user.primitive === 'reduceSum' || user.primitive === 'reduceMax') isReduced = true;
        else if (!notElementwise.has(user.primitive)) values.add(user);
        else if (user.primitive !== 'contract') isWhole = false;
      }
    }
    const shared = planes.filter((plane) => [...values].some((value) => plane.values.has(value)));
    isWhole &&= isReduced && shared.every((plane) => plane.isWhole);
    if (!isWhole) for (const plane of shared) plane.isWhole = false;
    planes.push({ values, isWhole });
  }
  return new Set(planes.flatMap(({ values, isWhole }) => (isWhole ? [...values] : [])));
}

function isLarge(product: Value<'contract'>): boolean {
  const [left, right] = product.operands;
  if (left === undefined || right === undefined || product.dtype !== 'f32') return false;
  const depths = product.params.left.map((axis) => left.shape[axis] ?? 1);
  const isShort = depths.every((dim) => typeof sizeOf(dim) === 'number') && typicalElements(depths) <= longest;
  return isShort && typicalElements(product.shape) > typicalElements(left.shape) + typicalElements(right.shape);
}
