/**
 * The sum along a plane's rows of (x yᵀ) ∘ p, where p y is computed anyway, is the sum along the rows of x ∘ (p y): no plane is gone over
 * for it. So the gradient of softmax needs, of attention, its result and no scores. What else the sum's operand is multiplied
 * with or divided by along whole rows comes after the sum.
 * Leaves alone: sums whose product with the other factor nobody computes, and sums over few elements, which a kernel that computes the
 * plane has at hand. An infinity times 0 makes NaN in one form and not in the other.
 *
 * Source: Dao, FlashAttention-2, 2023, where this sum is D.
 */

import { broadcast, constantLike, div, isPrimitive, mul, neg, permute, reduceSum, reshape } from '../../graph/build.ts';
import { mapGraph, reachable } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { sizeOf } from '../../types/dim.ts';

/** Elements of a row from which on a kernel may not hold all of it. */
const long = 512;

export function foldSumsOfProducts(graph: Graph): Graph {
  const products = new Map<Value, Value<'contract'>[]>();
  for (const value of reachable(graph.outputs)) {
    if (!isPrimitive(value, 'contract')) continue;
    for (const operand of new Set(value.operands)) products.set(operand, [...(products.get(operand) ?? []), value]);
  }
  if (products.size === 0) return graph;
  return mapGraph(graph, (value) => {
    if (!isPrimitive(value, 'reduceSum')) return value;
    const { factors, isNegative } = factorsOf(value.operands[0] ?? value, (factor) => products.has(factor));
    for (const product of factors) {
      if (!isPrimitive(product.value, 'contract') || product.isDivisor) continue;
      for (const weight of factors) {
        if (weight === product || weight.isDivisor) continue;
        const others = factors.filter((factor) => factor !== product && factor !== weight);
        const sum = products
          .get(weight.value)
          ?.flatMap((known) => sumThrough(value, product.value as Value<'contract'>, weight.value, known) ?? []); // seam: a contract, above
        const whole = sum?.[0] && withFactors(value, sum[0], others);
        if (whole !== undefined) return isNegative ? neg(whole, value.origin) : whole;
      }
    }
    return value;
  });
}

interface Factor {
  readonly value: Value;
  readonly isDivisor: boolean;
}

/** What a value is a product of, down to products of matrices and their factors. */
function factorsOf(
  value: Value,
  isWhole: (value: Value) => boolean,
): { readonly factors: readonly Factor[]; readonly isNegative: boolean } {
  const factors: Factor[] = [];
  let isNegative = false;
  const visit = (one: Value, isDivisor: boolean): void => {
    const [x = one, y = one] = one.operands;
    if (one !== value && isWhole(one)) factors.push({ value: one, isDivisor });
    else if (one.primitive === 'neg') {
      isNegative = !isNegative;
      visit(x, isDivisor);
    } else if (one.primitive === 'mul' || one.primitive === 'div') {
      visit(x, isDivisor);
      visit(y, one.primitive === 'div' ? !isDivisor : isDivisor);
    } else factors.push({ value: one, isDivisor });
  };
  visit(value, false);
  return { factors, isNegative };
}

/** `sum` of `product` = x yᵀ times `weight`, by means of `known`, if that is weight times y. */
function sumThrough(sum: Value<'reduceSum'>, product: Value<'contract'>, weight: Value, known: Value<'contract'>): Value | undefined {
  for (const side of ['left', 'right'] as const) {
    const other = side === 'left' ? 'right' : 'left';
    const [x, y] = side === 'left' ? [product.operands[0], product.operands[1]] : [product.operands[1], product.operands[0]];
    const of = known.operands[0] === weight ? 'left' : 'right';
    if (x === undefined || y === undefined || x === y || known.operands[of === 'left' ? 1 : 0] !== y) continue;
    const over = of === 'left' ? 'right' : 'left';
    const places = axesOfProduct(product);
    // axes of the plane, by those of y that they are
    const ofY = new Map(places[other].map((axis, place) => [axis, place]).filter(([axis]) => axis !== undefined) as [number, number][]);
    const summed = sum.params.axes;
    const { params } = known;
    const isSameSum =
      params[of].length === summed.length &&
      params[of].every((axis, i) => summed.includes(axis) && ofY.get(params[over][i] ?? -1) === axis);
    const batch = params[`${of}Batch`];
    const isSameBatch =
      batch.length === product.params.leftBatch.length &&
      batch.every((axis, i) => axis < batch.length && ofY.get(params[`${over}Batch`][i] ?? -1) === axis);
    const isShort = elements(summed, weight) <= Math.max(long, elements(product.params[side], x));
    if (!isSameSum || !isSameBatch || isShort) continue;
    const kept = [...product.shape.keys()].filter((axis) => !summed.includes(axis));
    const inner = product.params[side];
    const ofKnown = axesOfProduct(known);
    const first = [...kept.map((axis) => places[side][axis] ?? -1), ...inner];
    const second = [...kept.map((axis) => ofKnown[of].indexOf(axis)), ...product.params[other].map((axis) => ofKnown[over].indexOf(axis))];
    if (new Set(first).size !== x.shape.length || new Set(second).size !== known.shape.length || [...first, ...second].includes(-1))
      continue;
    const [a, b] = [ordered(x, first), ordered(known, second)];
    const alike = a.shape.every((dim, axis) => dim === b.shape[axis]) ? b : reshape(b, a.shape, sum.origin);
    const result = reduceSum(
      mul(a, alike, sum.origin),
      inner.map((_, i) => kept.length + i),
      sum.origin,
    );
    return result.shape.every((dim, axis) => dim === sum.shape[axis]) ? result : reshape(result, sum.shape, sum.origin);
  }
  return undefined;
}

const ordered = (value: Value, order: readonly number[]): Value =>
  order.every((axis, i) => axis === i) ? value : permute(value, order, value.origin);

/** Of each axis of a product the axis of the one factor, and of the other, that it is. */
function axesOfProduct({ params, operands }: Value<'contract'>): Readonly<Record<'left' | 'right', readonly (number | undefined)[]>> {
  const free = (side: 'left' | 'right', operand: Value | undefined): readonly number[] =>
    [...(operand?.shape.keys() ?? [])].filter((axis) => !params[side].includes(axis) && !params[`${side}Batch`].includes(axis));
  const [left, right] = [free('left', operands[0]), free('right', operands[1])];
  return {
    left: [...params.leftBatch, ...left, ...right.map(() => undefined)],
    right: [...params.rightBatch, ...left.map(() => undefined), ...right],
  };
}

/** Symbolic sizes may be large. */
function elements(axes: readonly number[], { shape }: Value): number {
  return axes.reduce((product, axis) => {
    const size = sizeOf(shape[axis] ?? 1);
    return product * (typeof size === 'number' ? size : 2 ** 20);
  }, 1);
}

/** The sum times what is the same along whole rows; undefined if not all factors are. */
function withFactors({ params, origin }: Value<'reduceSum'>, sum: Value, factors: readonly Factor[]): Value | undefined {
  let result = sum;
  for (const { value, isDivisor } of factors) {
    const row = alongRow(value, params.axes, sum);
    if (row === undefined) return undefined;
    result = isDivisor ? div(result, row, origin) : mul(result, row, origin);
  }
  return result;
}

function alongRow(value: Value, summed: readonly number[], sum: Value): Value | undefined {
  if (isPrimitive(value, 'constant')) return constantLike(sum, value.params.value);
  const [operand] = value.operands;
  if (!isPrimitive(value, 'broadcast') || operand === undefined || value.params.axes.some((axis) => summed.includes(axis)))
    return undefined;
  return broadcast(
    operand,
    sum.shape,
    value.params.axes.map((axis) => axis - summed.filter((other) => other < axis).length),
  );
}
