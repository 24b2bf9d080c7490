/**
 * How many steps of `k` one turn of a quad-swap kernel's loop takes.
 *
 * Source: SwiftShader masks every value that lives across turns, once a turn, which costs what two multiply-adds cost
 * (`StorePhi` in its SpirvShaderControlFlow.cpp); measured, four steps a turn take a quarter off a product's time.
 */
import type { ContractKernel, ContractOperand } from '../3-fuse/kernel.ts';
import { literalOf, type Product } from '../3-fuse/product.ts';

const usual = 4;
/** Numbers of steps that leave no rest are better, the first one that does best. */
const candidates = [usual, 5, 6, 7, 3, 2] as const;
/** So few steps are no loop at all. */
export const withoutLoop = 7;

export function unrollOf({ k, left, right }: ContractKernel): number {
  const count = literalOf(k);
  if (count !== undefined && count <= withoutLoop) return count;
  if (!isPlain(left) || !isPlain(right)) return 2; // the indices of each step are longer than the step
  return count === undefined ? usual : (candidates.find((steps) => count % steps === 0) ?? usual);
}

const isPlain = ({ body }: ContractOperand): boolean => body.length === 1;

export const isMultiple = ({ literal }: Product, of: number): boolean => literal % of === 0;
