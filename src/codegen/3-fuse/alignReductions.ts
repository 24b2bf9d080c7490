/**
 * A reduction over more axes than one that its operand is made from is cut in two, so that its first half joins that one's
 * kernel: the mean loss over [batch, classes] becomes a sum over classes, in the softmax's row kernel, and one over the batch.
 */
import { isPrimitive, reduceMax, reduceSum } from '../../graph/build.ts';
import { mapGraph } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { isPointwise } from '../pointwise.ts';
import { equalProducts } from './product.ts';
import { isView, sizesOf } from './views.ts';

type Reduction = Value<'reduceSum'> | Value<'reduceMax'>;

export const isReduction = (value: Value): value is Reduction => isPrimitive(value, 'reduceSum') || isPrimitive(value, 'reduceMax');

export function alignReductions(graph: Graph): Graph {
  return mapGraph(graph, (value) => {
    if (!isReduction(value) || value.params.axes.length < 2) return value;
    const first = axesBelow(value);
    if (first === undefined) return value;
    const reduce = value.primitive === 'reduceSum' ? reduceSum : reduceMax;
    const rest = value.params.axes.filter((axis) => !first.includes(axis)).map((axis) => axis - first.filter((gone) => gone < axis).length);
    return reduce(reduce(at(value.operands, 0), first, value.origin), rest, value.origin);
  });
}

/** The axes of a reduction over the same space that the operand is computed from, if they are some of this one's. */
function axesBelow(value: Reduction): readonly number[] | undefined {
  const space = at(value.operands, 0);
  const sizes = sizesOf(space);
  const seen = new Set<Value>();
  const stack: Value[] = [space];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (isReduction(next)) {
      const { axes } = next.params;
      const below = sizesOf(at(next.operands, 0));
      const sameSpace = below.length === sizes.length && below.every((size, axis) => equalProducts(size, at(sizes, axis)));
      if (sameSpace && axes.length < value.params.axes.length && axes.every((axis) => value.params.axes.includes(axis))) return axes;
    } else if (isView(next) || isPointwise(next)) stack.push(...next.operands);
  }
  return undefined;
}
