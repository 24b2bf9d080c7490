/**
 * Kernels that need no dispatch of their own, once all are known:
 *  - a row kernel over the rows of a product that is only as wide as a tile becomes that product's row epilogue: the softmax of ten
 *    classes, their loss and its gradient.
 *  - a kernel of one row, such as the mean of a loss, is done aside, by one more workgroup of a kernel that has nothing to do with it.
 *
 * Invariant: what is merged depends on no kernel that depends on what it is merged with; no kernel binds more buffers than allowed.
 */

import { get } from '../at.ts';
import { indexKey } from './indexing.ts';
import {
  type ContractKernel,
  type FusedGraph,
  type FusedKernel,
  type Instruction,
  type LoopKernel,
  type TensorNumber,
  tileTensor,
} from './kernel.ts';
import { ancestorsOf, predecessorsOf } from './predecessors.ts';
import { equalProducts, isOne, literalOf } from './product.ts';

/** The columns of the widest product that has its row epilogue: those of a tile that every device can hold. */
const widestRow = 32;

/** Whether no kernel binds more buffers than allowed. */
type IsBindable = (graph: FusedGraph) => boolean;

export function mergeKernels(graph: FusedGraph, isBindable: IsBindable): FusedGraph {
  return [mergeRow, mergeAside].reduce((merged, merge) => {
    let now = merged;
    for (let next = merge(now, isBindable); next !== undefined; next = merge(now, isBindable)) now = next;
    return now;
  }, graph);
}

type Merge = (graph: FusedGraph, isBindable: IsBindable) => FusedGraph | undefined;
type Contract = FusedKernel & { readonly body: ContractKernel };
type Loop = FusedKernel & { readonly body: LoopKernel };

const isContract = (kernel: FusedKernel): kernel is Contract => kernel.body.kind === 'contract';
const isLoop = (kernel: FusedKernel): kernel is Loop => kernel.body.kind === 'loop';
const union = <T>(left: readonly T[], right: readonly T[]): readonly T[] => [...new Set([...left, ...right])];

const mergeRow: Merge = (graph, isBindable) => {
  const { kernels, outputs } = graph;
  for (const rows of kernels.filter(isLoop)) {
    for (const product of kernels.filter(isContract)) {
      const [tensor, another] = product.stores.filter((stored) => rows.loads.includes(stored) || rows.awaits.includes(stored));
      // of several results, or of one that must be whole first, the tile does not hold all that the rows need
      if (
        tensor === undefined ||
        another !== undefined ||
        rows.awaits.includes(tensor) ||
        !matches(product.body, rows.body, tensor) ||
        dependsAround(kernels, rows, product)
      )
        continue;
      const isRead =
        outputs.includes(tensor) || kernels.some((other) => other !== rows && [...other.loads, ...other.awaits].includes(tensor));
      const merged: FusedKernel = {
        body: withRows(product.body, rows.body, tensor, isRead),
        loads: union(
          product.loads,
          rows.loads.filter((load) => load !== tensor),
        ),
        stores: union(
          product.stores.filter((stored) => isRead || stored !== tensor),
          rows.stores,
        ),
        awaits: union(product.awaits, rows.awaits),
        values: union(product.values, rows.values),
      };
      const next = { ...graph, kernels: replace(kernels, [product, rows], merged) };
      if (isBindable(next)) return next;
    }
  }
  return undefined;
};

/** Each row of the product is a row of the loop, read where it is computed. */
function matches({ batch, m, n, epilogue, rowEpilogue, aside }: ContractKernel, loop: LoopKernel, tensor: TensorNumber): boolean {
  const width = literalOf(n);
  if (rowEpilogue !== undefined || aside !== undefined || width === undefined || width > widestRow || loop.reduced === undefined)
    return false;
  if (!isOne(batch) || !equalProducts(loop.rows, m) || !equalProducts(loop.reduced, n)) return false;
  const written = epilogue.flatMap((one) =>
    one.kind === 'store' && one.tensor === tensor && one.dtype === 'f32' ? [indexKey(renamed(one.index))] : [],
  );
  const read = loop.steps.flatMap(({ body }) =>
    body.flatMap((one) => (one.kind === 'load' && one.tensor === tensor ? [indexKey(one.index)] : [])),
  );
  return written.length === 1 && read.every((key) => key === written[0]);
}

const rowNames: Readonly<Record<string, string>> = { m: 'i', n: 'r' };

function renamed(index: Extract<Instruction, { kind: 'store' }>['index']): typeof index {
  return {
    terms: index.terms.map(({ atom, factor }) => ({
      atom: atom.kind === 'variable' ? { ...atom, name: rowNames[atom.name] ?? atom.name } : atom,
      factor,
    })),
  };
}

function withRows(product: ContractKernel, loop: LoopKernel, tensor: TensorNumber, isRead: boolean): ContractKernel {
  const toTile = (one: Instruction): Instruction =>
    (one.kind === 'load' || one.kind === 'store') && one.tensor === tensor ? { ...one, tensor: tileTensor } : one;
  const epilogue = product.epilogue.flatMap((one) => (isRead && toTile(one) !== one ? [one, toTile(one)] : [toTile(one)]));
  const steps = loop.steps.map((step) => ({ ...step, body: step.body.map(toTile) }));
  return { ...product, epilogue, rowEpilogue: { ...loop, steps } };
}

const mergeAside: Merge = (graph, isBindable) => {
  const { kernels } = graph;
  const smalls = kernels.filter(isLoop).filter(({ body }) => isOne(body.rows) && body.reduced !== undefined);
  if (smalls.length === 0) return undefined;
  const needs = ancestorsOf(kernels);
  for (const small of smalls) {
    const hosts = kernels
      .filter(isContract)
      .filter((host) => host.body.aside === undefined && !get(needs, host).has(small) && !get(needs, small).has(host))
      .map((host) => ({
        host,
        merged: {
          body: { ...host.body, aside: small.body },
          loads: union(host.loads, small.loads),
          stores: union(host.stores, small.stores),
          awaits: union(host.awaits, small.awaits),
          values: union(host.values, small.values),
        },
      }));
    const fewest = hosts.sort((a, b) => a.merged.loads.length + a.merged.stores.length - b.merged.loads.length - b.merged.stores.length);
    for (const { host, merged } of fewest) {
      const next = { ...graph, kernels: replace(kernels, [host, small], merged) };
      if (isBindable(next)) return next;
    }
  }
  return undefined;
};

/** `later` needs `earlier` through a third kernel. */
function dependsAround(kernels: readonly FusedKernel[], later: FusedKernel, earlier: FusedKernel): boolean {
  const needs = ancestorsOf(kernels);
  return get(predecessorsOf(kernels), later).some((kernel) => kernel !== earlier && get(needs, kernel).has(earlier));
}

/** In the place of the last of them. */
function replace(kernels: readonly FusedKernel[], gone: readonly FusedKernel[], merged: FusedKernel): readonly FusedKernel[] {
  const last = Math.max(...gone.map((kernel) => kernels.indexOf(kernel)));
  return kernels.flatMap((kernel, i) => (i === last ? [merged] : gone.includes(kernel) ? [] : [kernel]));
}
