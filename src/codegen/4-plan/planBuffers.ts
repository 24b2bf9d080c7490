/**
 * Which buffer holds each tensor. Inputs and outputs have their own, except that an output may take the memory of a donated
 * input. Temporaries share: they lie in outputs that are not yet written, in donated inputs that are no longer read, and in
 * one another's memory, whatever their sizes, the largest placed first.
 *
 * Invariant: two tensors share a buffer only if all uses of one stand a barrier before the other's first, or the kernel that
 * writes one in place of the other is the only one to read that at its depth: sharing adds no barrier.
 * Source: Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net Inference, 2020 (greedy by size).
 */
import { type BufferPlan, bytesPerElement } from '../../program/program.ts';
import type { Dim } from '../../types/dim.ts';
import type { FusedGraph, TensorNumber } from '../3-fuse/kernel.ts';
import { atMost, equalProducts, type Product, productOf, toSize } from '../3-fuse/product.ts';
import { at, get } from '../at.ts';
import { type Lifetime, lifetimesOf, makesWay } from './lifetimes.ts';
import type { Ordered } from './orderKernels.ts';

export interface Names {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface Sharing {
  /** Positions of inputs whose memory may be written. */
  readonly donated: readonly number[];
  /** From output to the input whose memory it takes. */
  readonly replaced: ReadonlyMap<TensorNumber, TensorNumber>;
  /** Outputs that are kept from one run to the next, which no other tensor may share: the rows of a loop's results. */
  readonly kept?: ReadonlySet<TensorNumber>;
  /** False: an output takes the memory of no input but of the one it replaces. */
  readonly reuseInputs?: boolean;
}

export interface BufferAssignment {
  readonly buffers: readonly BufferPlan[];
  /** The shape of the tensor that each buffer was made for. */
  readonly shapes: readonly (readonly Dim[])[];
  readonly bufferOf: ReadonlyMap<TensorNumber, number>;
  /** Temporaries, as if none were shared. */
  readonly unshared: readonly BufferPlan[];
}

interface Slot {
  readonly plan: BufferPlan;
  readonly shape: readonly Dim[];
  readonly bytes: Product;
  /** May other tensors lie here, too? */
  readonly isOpen: boolean;
  readonly tenants: Lifetime[];
}

export function planBuffers(graph: FusedGraph, order: readonly Ordered[], names: Names, sharing: Sharing): BufferAssignment {
  const lifetimes = lifetimesOf(graph, order);
  const slots: Slot[] = [];
  const home = new Map<TensorNumber, Slot>();
  const describe = (tensor: TensorNumber, label: string, role: BufferPlan['role']): BufferPlan => {
    const { shape, dtype } = at(graph.tensors, tensor);
    return { label, role, elements: toSize(productOf(shape)), dtype };
  };
  const bytesOf = (tensor: TensorNumber): Product => {
    const { shape, dtype } = at(graph.tensors, tensor);
    return productOf([bytesPerElement[dtype], ...shape]);
  };
  const add = (tensor: TensorNumber, label: string, role: BufferPlan['role'], isOpen: boolean): void => {
    const { shape } = at(graph.tensors, tensor);
    const slot: Slot = { plan: describe(tensor, label, role), shape, bytes: bytesOf(tensor), isOpen, tenants: [get(lifetimes, tensor)] };
    slots.push(slot);
    home.set(tensor, slot);
  };
  const join = (tensor: TensorNumber, slot: Slot): void => {
    slot.tenants.push(get(lifetimes, tensor));
    home.set(tensor, slot);
  };
  const isFree = (slot: Slot, tensor: TensorNumber): boolean =>
    slot.isOpen && slot.tenants.every((tenant) => makesWay(graph, tenant, get(lifetimes, tensor)));

  for (const [i, tensor] of graph.inputs.entries()) add(tensor, names.inputs[i] ?? `input${i}`, 'input', sharing.donated.includes(i));
  for (const [output, input] of sharing.replaced) join(output, get(home, input));
  for (const [i, tensor] of graph.outputs.entries()) {
    if (home.has(tensor)) continue;
    const isKept = sharing.kept?.has(tensor) === true || sharing.reuseInputs === false;
    const read = isKept
      ? undefined
      : slots.find((slot) => slot.plan.role === 'input' && equalProducts(slot.bytes, bytesOf(tensor)) && isFree(slot, tensor));
    if (read === undefined) add(tensor, names.outputs[i] ?? `output${i}`, 'output', sharing.kept?.has(tensor) !== true);
    else join(tensor, read);
  }

  const temporaries = order.flatMap(({ kernel }) => kernel.stores.filter((tensor) => !home.has(tensor)));
  const labels = new Map(temporaries.map((tensor, i) => [tensor, `temporary${i}`]));
  const bySize = temporaries
    .map((tensor, i) => ({ tensor, i, estimate: estimateOf(bytesOf(tensor)) }))
    .sort((a, b) => b.estimate - a.estimate || a.i - b.i);
  for (const { tensor } of bySize) {
    const bytes = bytesOf(tensor);
    const fitting = slots.filter((slot) => atMost(bytes, slot.bytes) && isFree(slot, tensor));
    const [best] = fitting.sort((a, b) => rank(a) - rank(b) || estimateOf(a.bytes) - estimateOf(b.bytes));
    if (best === undefined) add(tensor, get(labels, tensor), 'temporary', true);
    else join(tensor, best);
  }
  return {
    buffers: slots.map(({ plan }) => plan),
    shapes: slots.map(({ shape }) => shape),
    bufferOf: new Map([...home].map(([tensor, slot]) => [tensor, slots.indexOf(slot)])),
    unshared: temporaries.map((tensor) => describe(tensor, get(labels, tensor), 'temporary')),
  };
}

/** What exists anyway goes first. */
const rank = ({ plan }: Slot): number => (plan.role === 'temporary' ? 1 : 0);

/** To sort sizes that cannot all be compared. */
function estimateOf({ literal, symbols }: Product): number {
  return literal * 64 ** symbols.length;
}
