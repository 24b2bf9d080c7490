import { expect, it } from 'vitest';
import { evaluateIndex } from '../testing/evaluateIndex.ts';
import { distinctElements } from './distinctElements.ts';
import { addIndices, clampIndex, flatten, multiplyIndex, unflatten } from './indexArithmetic.ts';
import { constantIndex, type Index, literalProduct, variable } from './indexing.ts';
import { productKey, productOf } from './product.ts';

const [i, j] = [variable('i', literalProduct(12)), variable('j', literalProduct(5))];
const by = (index: Index, factor: number): Index => multiplyIndex(index, literalProduct(factor));
const sizes = (...all: readonly number[]) => all.map(literalProduct);

/** By trying all. */
function counted(index: Index): number {
  const found = new Set<number>();
  for (let x = 0; x < 12; x++) for (let y = 0; y < 5; y++) found.add(evaluateIndex(index, (name) => (name === 'i' ? x : y)));
  return found.size;
}

it.each<readonly [name: string, index: Index]>([
  ['a constant', constantIndex(7)],
  ['every third', by(i, 3)],
  ['rows and columns', addIndices(by(i, 5), j)],
  ['part of each row', addIndices(by(i, 8), j, constantIndex(3))],
  ['windows that overlap', addIndices(by(i, 2), j)],
  ['backwards', addIndices(by(i, 5), by(j, -1), constantIndex(4))],
  ['axes in another order', flatten(unflatten(i, sizes(3, 4)).toReversed(), sizes(4, 3))],
  ['half of an axis', flatten([unflatten(i, sizes(3, 4))[1] ?? i, j], sizes(4, 5))],
  ['what is padded', clampIndex(addIndices(i, constantIndex(-2)), 8)],
])('%s', (_, index) => {
  expect(distinctElements(index)).toEqual(literalProduct(counted(index)));
});

it('is never more than there is', () => {
  const quotient = unflatten(addIndices(by(i, 5), by(j, 2)), sizes(9, 7));
  for (const index of [
    ...quotient,
    addIndices(...quotient),
    addIndices(by(i, 3), by(j, 7)),
    addIndices(i, by(unflatten(i, sizes(3, 4))[0] ?? i, 2)),
  ])
    expect(distinctElements(index).literal).toBeLessThanOrEqual(counted(index));
});

it('sizes that are not known are counted, too', () => {
  const rows = variable('row', productOf(['batch']));
  expect(productKey(distinctElements(addIndices(by(rows, 5), j)))).toBe('5*batch');
  expect(productKey(distinctElements(flatten([j, rows], [literalProduct(5), productOf(['batch'])])))).toBe('5*batch');
});
