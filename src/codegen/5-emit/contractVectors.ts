/**
 * Which factors of a contract can be loaded four elements at a time: those that lie in memory as the loop or the tile walks, along
 * `k` or along their own axis.
 *
 * Invariant: a tensor is bound as an array of vectors only if every load of it in the kernel is such a load, and its index is
 * certainly a multiple of 4 at every fourth place.
 */
import type { Index } from '../3-fuse/indexing.ts';
import { variablesOf } from '../3-fuse/indexing.ts';
import type { ContractKernel, ContractOperand, Instruction, TensorNumber } from '../3-fuse/kernel.ts';
import { isOne, type Product } from '../3-fuse/product.ts';
import { strideOf } from './neighbours.ts';

export type Along = 'k' | 'own';
export type Side = 'left' | 'right';

export interface Vectors {
  readonly left: Along | undefined;
  readonly right: Along | undefined;
  /** The tensors that are bound as arrays of vectors. */
  readonly tensors: ReadonlySet<TensorNumber>;
}

export const noVectors: Vectors = { left: undefined, right: undefined, tensors: new Set() };

/** `allowed`: the directions that a tile can load along, by side. */
export function vectorsOf(kernel: ContractKernel, allowed: Readonly<Record<Side, readonly Along[]>>): Vectors {
  const others = [kernel.epilogue, ...kernel.rides.map(({ body }) => body)];
  const { directions, tensors } = vectorsAmong(
    [
      { operand: kernel.left, own: 'm', ownSize: kernel.m, k: kernel.k, allowed: allowed.left },
      { operand: kernel.right, own: 'n', ownSize: kernel.n, k: kernel.k, allowed: allowed.right },
    ],
    others,
  );
  return { left: directions[0], right: directions[1], tensors };
}

/** A factor, with the name and size of its own axis, and the length of the sum. */
export interface FactorAxes {
  readonly operand: ContractOperand;
  readonly own: 'm' | 'n';
  readonly ownSize: Product;
  readonly k: Product;
  readonly allowed: readonly Along[];
}

/** For all factors of a kernel, in order; `others` is what else it loads. */
export function vectorsAmong(
  factors: readonly FactorAxes[],
  others: readonly (readonly Instruction[])[],
): { readonly directions: readonly (Along | undefined)[]; readonly tensors: ReadonlySet<TensorNumber> } {
  const found = factors.map(({ operand, own, ownSize, k, allowed }) => along(operand, own, ownSize, k, allowed));
  const loads = [...factors.map(({ operand }) => operand.body), ...others].flatMap(loadsOf);
  const count = (tensor: TensorNumber, among: readonly TensorNumber[]): number => among.filter((one) => one === tensor).length;
  const tensors = found.flatMap((one) => one?.tensor ?? []);
  const whole = new Set(tensors.filter((tensor) => count(tensor, tensors) === count(tensor, loads)));
  return { directions: found.map((one) => (one !== undefined && whole.has(one.tensor) ? one.direction : undefined)), tensors: whole };
}

interface Vector {
  readonly tensor: TensorNumber;
  readonly direction: Along;
}

function loadsOf(body: readonly Instruction[]): readonly TensorNumber[] {
  return body.flatMap((one) => (one.kind === 'load' ? [one.tensor] : []));
}

function along({ body }: ContractOperand, own: string, ownSize: Product, k: Product, allowed: readonly Along[]): Vector | undefined {
  const [load, ...others] = body;
  if (load?.kind !== 'load' || others.length > 0 || load.dtype === 'bool' || load.dtype === 'f16') return undefined;
  const direction = allowed.find((one) => (one === 'own' ? isContiguous(load.index, own, ownSize) : isContiguous(load.index, 'k', k)));
  return direction === undefined ? undefined : { tensor: load.tensor, direction };
}

/** Whether neighbours along `k` are neighbours in memory. */
export function liesAlongK({ body }: ContractOperand): boolean {
  const [load] = body;
  return load?.kind === 'load' && strideOf(load.index, 'k') === 'next';
}

/** Neighbours along the variable are neighbours in memory, and all else moves by multiples of 4. */
function isContiguous({ terms }: Index, name: string, size: Product): boolean {
  const own = terms.filter((term) => variablesOf({ terms: [term] }).includes(name));
  const isPlain = own.length === 1 && own.every(({ atom, factor }) => atom.kind === 'variable' && isOne(factor));
  return isPlain && size.literal % 4 === 0 && terms.every((term) => own.includes(term) || term.factor.literal % 4 === 0);
}
