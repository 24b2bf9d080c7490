/**
 * Whether a plane is better stored than computed again by each kernel that reads it: where several do, it is small enough for nobody to
 * miss the memory, and what they would multiply again costs more than stores and loads. Attention's gradients over short rows are such,
 * its forward pass alone, which computes scores once, never is.
 *
 * Source of the constants: bench/kernels on SwiftShader. Symbolic sizes may be large: no such plane is stored.
 */
import { isPrimitive } from '../../graph/build.ts';
import type { Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { literalOf, productOf } from './product.ts';

/** The most elements: four megabytes, which caches hold. */
const most = 2 ** 20;
/** In multiply-adds of an element: what it costs to store a product and what is made of it, and to load both. */
const access = 64;
/** In multiply-adds: from here on what is saved repays the dispatches that storing takes. */
const dispatches = 2 ** 22;

/** What kernels read of the plane, one list of values for each kernel. */
export function isBetterStored(values: ReadonlySet<Value>, readByKernel: readonly (readonly Value[])[]): boolean {
  const products = productsIn(values);
  const [sample] = products;
  const elements = sample && literalOf(productOf(sample.shape));
  if (elements === undefined || elements > most) return false;
  const depths = (found: readonly Value<'contract'>[]): number => found.reduce((sum, product) => sum + depthOf(product), 0);
  const again = readByKernel.reduce((sum, read) => sum + depths(productsBelow(read, values)), 0);
  const saved = again - depths(products) - access * products.length;
  return saved * elements > dispatches;
}

function depthOf({ params, operands }: Value<'contract'>): number {
  return literalOf(productOf(params.left.map((axis) => at(at(operands, 0).shape, axis)))) ?? 0;
}

/** The products that values of a plane are made of, in its order. */
export function productsBelow(values: readonly Value[], plane: ReadonlySet<Value>): readonly Value<'contract'>[] {
  const seen = new Set<Value>();
  const stack = [...values];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next) || !plane.has(next)) continue;
    seen.add(next);
    if (!isPrimitive(next, 'contract')) stack.push(...next.operands);
  }
  return productsIn(plane).filter((product) => seen.has(product));
}

const productsIn = (plane: ReadonlySet<Value>): readonly Value<'contract'>[] =>
  [...plane].flatMap((value) => (isPrimitive(value, 'contract') ? [value] : []));
