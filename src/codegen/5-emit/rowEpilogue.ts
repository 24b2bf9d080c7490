/**
 * What a contract's kernel does besides its product: the row epilogue, over the rows of a tile that the workgroup keeps in its
 * memory, and the row that one more workgroup computes aside.
 */

import type { Size } from '../../types/dim.ts';
import { addSizes } from '../../types/size.ts';
import { flatten, remainderIndex } from '../3-fuse/indexArithmetic.ts';
import { type Index, variable } from '../3-fuse/indexing.ts';
import { type ContractKernel, type Instruction, tileTensor } from '../3-fuse/kernel.ts';
import { productOf } from '../3-fuse/product.ts';
import { indent, type KernelContext } from './kernelText.ts';
import { meetInQuad, meetInTree, rowByInvocation, rowByWorkgroup } from './loopRows.ts';
import { computedType, sizeText } from './wgslText.ts';

export interface RowEpilogue {
  /** The kernel, its tile addressed within the tile. */
  readonly kernel: ContractKernel;
  readonly context: KernelContext;
  readonly declare: readonly string[];
  /** After all epilogues of the tile. */
  readonly text: readonly string[];
}

/** `height` rows a tile, all columns; a workgroup of `lanes`. */
export function rowEpilogue(kernel: ContractKernel, context: KernelContext, height: number, lanes: number, isExact: boolean): RowEpilogue {
  const { rowEpilogue: loop, m, n } = kernel;
  if (loop === undefined) return { kernel, context, declare: [], text: [] };
  const place = (row: string, column: string): Index =>
    flatten([remainderIndex(variable(row, m), productOf([height])), variable(column, n)], [productOf([height]), n]);
  const within =
    (row: string, column: string) =>
    (one: Instruction): Instruction =>
      (one.kind === 'load' || one.kind === 'store') && one.tensor === tileTensor ? { ...one, index: place(row, column) } : one;
  const tile = 'tile_rows';
  const inTile: KernelContext = { ...context, nameOf: (tensor) => (tensor === tileTensor ? tile : context.nameOf(tensor)) };
  const steps = loop.steps.map((step) => ({ ...step, body: step.body.map(within('i', 'r')) }));
  const row = rowByInvocation({ ...loop, steps }, inTile);
  return {
    kernel: { ...kernel, epilogue: kernel.epilogue.map(within('m', 'n')) },
    context: inTile,
    declare: [`var<workgroup> ${tile}: array<${computedType(kernel.dtype)}, ${sizeText({ ...n, literal: n.literal * height })}>;`],
    text: [
      'workgroupBarrier();',
      `for (var place = lane; place < ${height}u; place += ${lanes}u) {`,
      ...indent(['let i = row + place;', ...(isExact ? row : ['if (i < rows) {', ...indent(row), '}'])]),
      '}',
    ],
  };
}

export interface Aside {
  readonly workgroups: Size;
  readonly count: string;
  readonly declare: readonly string[];
  /** Before the product. */
  readonly text: readonly string[];
}

/** `workgroups`, as text `count`: those of the product. */
export function aside({ aside: loop }: ContractKernel, context: KernelContext, workgroups: Size, count: string, lanes: number): Aside {
  if (loop === undefined) return { workgroups, count, declare: [], text: [] };
  const tree = meetInTree({ size: lanes, wide: 1 });
  return {
    workgroups: addSizes(workgroups, 1),
    count: `${count} + 1u`,
    declare: lanes === 4 ? [] : tree.declare(loop),
    text: [
      `if (group == ${count}) {`,
      ...indent([...rowByWorkgroup(loop, context, { size: lanes, wide: 1 }, lanes === 4 ? meetInQuad : tree.meet), 'return;']),
      '}',
    ],
  };
}
