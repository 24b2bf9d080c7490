/**
 * How much instructions compute, load and store, an element or a row at a time.
 *
 * Invariant: what is counted is what is written as WGSL: an instruction once for each time that its text runs.
 */
import { bytesPerElement } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import { addSizes, multiplySizes } from '../../types/size.ts';
import { type Instruction, type LoopKernel, tileTensor } from '../3-fuse/kernel.ts';
import { one, toSize } from '../3-fuse/product.ts';
import { costOfPrimitive } from '../pointwise.ts';

type Body = readonly Instruction[];

export const sumSizes = (sizes: readonly Size[]): Size => sizes.filter((size) => size !== 0).reduce(addSizes, 0);

/** So much each time: nothing where it is nothing, however often. */
export const each = (amount: number, ...sizes: readonly Size[]): Size => (amount === 0 ? 0 : multiplySizes(amount, ...sizes));

/** One for each instruction that computes. */
export const flopsOf = (body: Body): number => body.filter((one) => one.kind === 'compute' && costOfPrimitive(one.primitive) > 0).length;

/** Elements from the device's memory. */
export const loadsOf = (body: Body): number => body.filter(isOfDevice('load')).length;

const isOfDevice =
  (...kinds: readonly ('load' | 'store')[]) =>
  (one: Instruction): boolean =>
    (one.kind === 'load' || one.kind === 'store') && kinds.includes(one.kind) && one.tensor !== tileTensor;

/** To and from the device's memory. */
export const bytesOf = (body: Body, ...kinds: readonly ('load' | 'store')[]): number =>
  body.filter(isOfDevice(...kinds)).reduce((bytes, { dtype }) => bytes + bytesPerElement[dtype], 0);

export interface Work {
  readonly flops: Size;
  readonly bytes: Size;
}

/** Of all rows. Each of `lanes` lanes computes what is once a row, one stores it; then their partial results meet. */
export function loopWork({ rows, reduced = one, steps }: LoopKernel, lanes = 1): Work {
  const elements = multiplySizes(toSize(rows), toSize(reduced));
  const flops: Size[] = [];
  const bytes: Size[] = [];
  for (const step of steps) {
    if (step.kind === 'row') {
      flops.push(each(lanes * flopsOf(step.body), toSize(rows)));
      bytes.push(each(lanes * bytesOf(step.body, 'load') + bytesOf(step.body, 'store'), toSize(rows)));
    } else {
      const { length } = step.accumulators;
      flops.push(each(flopsOf(step.body) + length, elements), each(length * (lanes - 1), toSize(rows)));
      bytes.push(each(bytesOf(step.body, 'load', 'store'), elements));
    }
  }
  return { flops: sumSizes(flops), bytes: sumSizes(bytes) };
}
