/**
 * What decides how fast a product's tiles are, as a key for stored choices: dtype, how each factor lies, sizes, what follows the sum.
 *
 * Invariant: no name is in it, neither a tensor's nor an axis's; symbolic sizes are stars. `f32 NT 1x*x512x784 short left`.
 */
import { variablesOf } from '../3-fuse/indexing.ts';
import type { ContractKernel, ContractOperand, Instruction } from '../3-fuse/kernel.ts';
import { isOne, type Product } from '../3-fuse/product.ts';
import { ownName } from './contractLoads.ts';
import type { Side } from './contractVectors.ts';
import type { HalfStorage } from './halfText.ts';

/** Up to so many instructions an epilogue is short: bias, activation, a derivative. */
const shortEpilogue = 8;

export function choiceKey(kernel: ContractKernel, storage: HalfStorage): string {
  const { dtype, batch, m, n, k, epilogue, rides, rowEpilogue } = kernel;
  const readsHalves = [kernel.left, kernel.right].some(({ body }) => body.some((one) => one.kind === 'load' && one.dtype === 'f16'));
  const length = epilogue.filter(({ kind }) => kind !== 'store').length;
  return [
    dtype,
    ...(readsHalves ? [`${storage} halves`] : []),
    `${factorLetter(kernel, 'left')}${factorLetter(kernel, 'right')}`,
    [batch, m, n, k].map(sizeKey).join('x'),
    ...(length === 0 ? [] : [length <= shortEpilogue ? 'short' : 'long']),
    ...(rowEpilogue === undefined ? [] : ['rows']),
    ...rides.map(({ side }) => side),
  ].join(' ');
}

export const isSymbolicKey = (key: string): boolean => key.includes('*');

const sizeKey = ({ literal, symbols }: Product): string =>
  `${literal === 1 && symbols.length > 0 ? '' : literal}${'*'.repeat(symbols.length)}`;

/** `N` as it is multiplied, `T` transposed, `S` neither way side by side; `W` a masked load, `C` anything that is computed. */
function factorLetter(kernel: ContractKernel, side: Side): string {
  const { body }: ContractOperand = kernel[side];
  const [load, ...masks] = body;
  if (load?.kind !== 'load' || !masks.every(({ kind }) => kind === 'mask')) return 'C';
  if (masks.length > 0) return 'W';
  if (walks(load, 'k')) return side === 'left' ? 'N' : 'T';
  return walks(load, ownName[side]) ? (side === 'left' ? 'T' : 'N') : 'S';
}

/** Neighbours along the variable are neighbours in memory. */
function walks({ index }: Extract<Instruction, { kind: 'load' }>, name: string): boolean {
  const own = index.terms.filter((term) => variablesOf({ terms: [term] }).includes(name));
  return own.length === 1 && own.every(({ atom, factor }) => atom.kind === 'variable' && isOne(factor));
}
