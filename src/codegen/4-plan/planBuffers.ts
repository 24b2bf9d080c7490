/**
 * Which buffer holds each tensor. Inputs and outputs have their own; temporaries with the same number and type of elements
 * share one as soon as nobody reads the earlier any more.
 *
 * Invariant: a kernel never reads and writes one buffer through two bindings.
 */

import type { BufferPlan } from '../../program/program.ts';
import { showSize } from '../../types/size.ts';
import type { FusedGraph, FusedKernel, TensorNumber } from '../3-fuse/kernel.ts';
import { productOf, toSize } from '../3-fuse/product.ts';
import { at } from '../at.ts';

export interface Names {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface BufferAssignment {
  readonly buffers: readonly BufferPlan[];
  readonly bufferOf: ReadonlyMap<TensorNumber, number>;
  /** Temporaries, as if none were shared. */
  readonly unshared: readonly BufferPlan[];
}

export function planBuffers(graph: FusedGraph, order: readonly FusedKernel[], names: Names): BufferAssignment {
  const buffers: BufferPlan[] = [];
  const unshared: BufferPlan[] = [];
  const bufferOf = new Map<TensorNumber, number>();
  const describe = (tensor: TensorNumber, label: string, role: BufferPlan['role']): BufferPlan => {
    const { shape, dtype } = at(graph.tensors, tensor);
    return { label, role, elements: toSize(productOf(shape)), dtype };
  };
  const add = (tensor: TensorNumber, label: string, role: BufferPlan['role']): void => {
    bufferOf.set(tensor, buffers.length);
    buffers.push(describe(tensor, label, role));
  };
  for (const [i, tensor] of graph.inputs.entries()) add(tensor, names.inputs[i] ?? `input${i}`, 'input');
  for (const [i, tensor] of graph.outputs.entries()) add(tensor, names.outputs[i] ?? `output${i}`, 'output');

  const lastUse = new Map<TensorNumber, number>(order.flatMap((kernel, i) => kernel.loads.map((tensor) => [tensor, i] as const)));
  const freeFrom: { buffer: number; readonly kind: string; after: number }[] = [];
  for (const [i, kernel] of order.entries()) {
    for (const tensor of kernel.stores) {
      if (bufferOf.has(tensor)) continue;
      const plan = describe(tensor, `temporary${unshared.length}`, 'temporary');
      unshared.push(plan);
      const [kind, after] = [`${plan.dtype} ${showSize(plan.elements)}`, lastUse.get(tensor) ?? i];
      const free = freeFrom.find((candidate) => candidate.kind === kind && candidate.after < i);
      if (free === undefined) {
        freeFrom.push({ buffer: buffers.length, kind, after });
        add(tensor, plan.label, 'temporary');
      } else {
        bufferOf.set(tensor, free.buffer);
        free.after = after;
      }
    }
  }
  return { buffers, bufferOf, unshared };
}
