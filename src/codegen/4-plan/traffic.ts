/**
 * What a kernel has to load of each tensor, and to store: every element that its instructions name, once. No schedule moves less; a
 * slice is as large as it is, and a tensor that shares a larger buffer no larger than itself.
 *
 * Invariant: a lower bound; where a kernel gathers, it may be far below what runs.
 */
import { bytesPerElement } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import { evaluateSize, multiplySizes, symbolsOf } from '../../types/size.ts';
import { distinctElements } from '../3-fuse/distinctElements.ts';
import { rangeOf } from '../3-fuse/indexing.ts';
import { type FusedGraph, type FusedKernel, type Instruction, type TensorNumber, tileTensor } from '../3-fuse/kernel.ts';
import { mapInstructions } from '../3-fuse/mapInstructions.ts';
import { literalOf, type Product, productOf, toSize } from '../3-fuse/product.ts';
import { at } from '../at.ts';

export interface Traffic {
  /** Bytes of each tensor that is loaded, and that is stored. */
  readonly loads: ReadonlyMap<TensorNumber, Size>;
  readonly stores: ReadonlyMap<TensorNumber, Size>;
}

type Access = Extract<Instruction, { kind: 'load' | 'store' }>;

/** Of a kernel that is one dispatch. */
export function trafficOf({ tensors }: Pick<FusedGraph, 'tensors'>, { body }: Pick<FusedKernel, 'body'>): Traffic {
  const accesses: Access[] = [];
  mapInstructions(body, (one) => {
    if ((one.kind === 'load' || one.kind === 'store') && one.tensor !== tileTensor) accesses.push(one);
    return one;
  });
  const bytesOf = (kind: Access['kind']): ReadonlyMap<TensorNumber, Size> => {
    const some = accesses.filter((one) => one.kind === kind);
    return new Map(
      [...new Set(some.map(({ tensor }) => tensor))].map((tensor) => {
        const { shape, dtype } = at(tensors, tensor);
        const elements = elementsOf(
          some.filter((one) => one.tensor === tensor),
          productOf(shape),
        );
        return [tensor, multiplySizes(toSize(elements), bytesPerElement[dtype])];
      }),
    );
  };
  return { loads: bytesOf('load'), stores: bytesOf('store') };
}

/** What is stored is stored whole, but where the index of a loop's step says where. Of loads that lie apart the sum, of others the most. */
function elementsOf(accesses: readonly Access[], whole: Product): Product {
  if (accesses.every(({ kind, index }) => kind === 'store' && !index.terms.some(({ atom }) => atom.kind === 'result'))) return whole;
  const found = accesses.map(({ index }) => ({ range: rangeOf(index), count: distinctElements(index) }));
  const apart: { readonly greatest: number; readonly count: number }[] = [];
  for (const { range, count } of found.toSorted((a, b) => (a.range?.least ?? 0) - (b.range?.least ?? 0))) {
    const [elements, last] = [literalOf(count), apart.at(-1)];
    if (range === undefined || elements === undefined) continue;
    if (last === undefined || range.least > last.greatest) apart.push({ greatest: range.greatest, count: elements });
    else if (elements > last.count) apart[apart.length - 1] = { greatest: range.greatest, count: elements };
  }
  const sum: Product = { literal: apart.reduce((all, { count }) => all + count, 0), symbols: [] };
  const [most = sum] = [sum, ...found.map(({ count }) => count)].toSorted((a, b) => typically(toSize(b)) - typically(toSize(a)));
  return typically(toSize(most)) > typically(toSize(whole)) ? whole : most;
}

const typical = 256;

/** A size where symbols are large, to compare by. */
export const typically = (size: Size): number => evaluateSize(size, Object.fromEntries(symbolsOf(size).map((symbol) => [symbol, typical])));
