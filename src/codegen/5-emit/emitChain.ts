/**
 * Chain kernels as WGSL. For the rows of a workgroup, block by block: tiles of the products into the block, then each lane goes
 * over its rows of it, then the block is the left factor of the outer product. If one block holds all columns, the products
 * are computed once, else once for each time that rows are gone over. Tiles that a mask leaves unread are not computed, and where the
 * weights there are all 0 they are not multiplied.
 */
import { ceilDivideSizes, multiplySizes } from '../../types/size.ts';
import type { ChainKernel } from '../3-fuse/kernel.ts';
import { literalOf, toSize } from '../3-fuse/product.ts';
import { chainFigures } from './chainFigures.ts';
import { type ChainLayout, quadLayout, sharedLayout } from './chainLayout.ts';
import { factorLoads } from './chainLoads.ts';
import { idleRegion, streamsOf } from './chainMasks.ts';
import { finishFunction, outerText } from './chainOuter.ts';
import { type Chain, shared, stepsText, total } from './chainText.ts';
import { isExact } from './contractTiles.ts';
import { placeText } from './emitContract.ts';
import { emitSweep } from './emitSweep.ts';
import { indent, type KernelContext, moduleText, workgroupNumber } from './kernelText.ts';
import type { MeasuredVariant } from './variantFigures.ts';
import { computedType, sizeText } from './wgslText.ts';

/** Up to so many columns one block of them takes no longer than a sweep: measured, 0.9 of its time at 256, 1.0 at 512, 1.4 at 1,024. */
const shortRow = 512;

export function emitChain(kernel: ChainKernel, context: KernelContext): readonly MeasuredVariant[] {
  const [quad, shared] = [quadLayout(kernel), sharedLayout(kernel)];
  const length = literalOf(kernel.columns);
  const isShort = length !== undefined && length <= shortRow && isWholeIn(kernel, quad);
  const swept = isShort ? undefined : emitSweep(kernel, context);
  return [swept ?? emitLayout(kernel, context, quad), emitLayout(kernel, context, shared)];
}

function isWholeIn({ columns }: ChainKernel, { block }: ChainLayout): boolean {
  const length = literalOf(columns);
  return length !== undefined && length <= block;
}

export function emitLayout(kernel: ChainKernel, context: KernelContext, layout: ChainLayout): MeasuredVariant {
  const { inner, outer } = layout;
  const tilesDown = ceilDivideSizes(toSize(kernel.rows), inner.height);
  const workgroups = multiplySizes(toSize(kernel.batch), tilesDown);
  const number = workgroupNumber(`${sizeText(kernel.batch)} * tiles_down`, typeof workgroups === 'number' ? workgroups : undefined);
  const chain: Chain = {
    kernel,
    context,
    layout,
    isWhole: isWholeIn(kernel, layout),
    products: kernel.products.map((product, p) => ({
      ...product,
      loads: {
        left: factorLoads(product.left, inner.rows, `left_${p}`, context),
        right: factorLoads(product.right, inner.columns, `right_${p}`, context),
      },
    })),
  };
  const weights = kernel.outer && factorLoads(kernel.outer.right, outer.columns, 'right_outer', context);
  const accumulators = kernel.steps.flatMap((step) => (step.kind === 'stream' ? step.accumulators : []));
  const body = [
    `const rows = ${sizeText(kernel.rows)};`,
    `const columns = ${sizeText(kernel.columns)};`,
    `const tiles_down = (rows + ${inner.height - 1}u) / ${inner.height}u;`,
    ...layout.declarations,
    ...(idleRegion(kernel) === undefined ? [] : layout.live.declare),
    ...(layout.parts === 1
      ? []
      : accumulators.map((one) => `var<workgroup> ${shared(one)}: array<${computedType(one.dtype)}, ${layout.lanes}>;`)),
    ...chain.products.flatMap(({ loads }) => [...loads.left.functions, ...loads.right.functions]),
    ...(weights?.functions ?? []),
    ...finishFunction(chain),
    `@compute @workgroup_size(${layout.lanes})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      `let row = group % tiles_down * ${inner.height}u;`,
      `let b = group / tiles_down % (${sizeText(kernel.batch)});`,
      ...layout.prepare,
      placeText(inner.rows, isExact(kernel.rows, inner.height), kernel.columns),
      ...accumulators.map((one) => `var ${total(one)}: array<${computedType(one.dtype)}, ${layout.slots}>;`),
      ...stepsText(chain),
      ...(weights === undefined ? [] : outerText(chain, weights)),
    ]),
    '}',
  ];
  return {
    name: layout.name,
    requires: layout.requires,
    wgsl: moduleText(context, body, { enables: layout.enables, unchecked: idleRegion(kernel) === undefined ? [] : layout.unchecked }),
    workgroups,
    figures: chainFigures(kernel, layout, { streams: streamsOf(kernel), idle: idleRegion(kernel), isWhole: chain.isWhole }),
  };
}
