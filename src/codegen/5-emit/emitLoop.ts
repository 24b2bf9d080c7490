/**
 * Loop kernels as WGSL, by one of three schedules.
 *  - an invocation a row, or four rows side by side: maps, short rows, many rows. Guarded where the last workgroup is not full.
 *  - a workgroup a row: long or few rows. Lanes stride over the row; partial results meet in workgroup memory, in a tree. Where rows
 *    lie side by side in memory (sums of columns), a workgroup has some of them, so that its lanes load what is side by side.
 *  - a quad a row, where subgroups have four lanes and there are few rows: as before, but partial results meet by swaps.
 *  - a line a row, where subgroups have eight: lanes side by side along whatever lies side by side in memory, and no vectors.
 * Each adds in one fixed order: two runs give the same bits.
 *
 * Subgroups of four lanes mean a processor that computes one subgroup after the other (SwiftShader): there a barrier switches between
 * them all, and a few rows are enough to fill it. So a workgroup a row is for other devices only.
 */

import { lineLanes } from '../../program/lineLanes.ts';
import type { Size } from '../../types/dim.ts';
import { ceilDivideSizes } from '../../types/size.ts';
import type { LoopKernel } from '../3-fuse/kernel.ts';
import { literalOf, type Product, toSize } from '../3-fuse/product.ts';
import type { TileOptions } from './emitContract.ts';
import { indent, type KernelContext, moduleText, workgroupNumber } from './kernelText.ts';
import { loopFigures } from './loopFigures.ts';
import { type Meet, meetInLine, meetInQuad, meetInTree, neighboursOf, type RowLanes, rowByInvocation, rowByWorkgroup } from './loopRows.ts';
import type { Neighbours } from './neighbours.ts';
import { quadsOfWorkgroup, unitNumber } from './quadsOfWorkgroup.ts';
import type { MeasuredVariant } from './variantFigures.ts';
import { sizeText } from './wgslText.ts';

export function emitLoop(kernel: LoopKernel, context: KernelContext, { lines = false }: TileOptions): readonly MeasuredVariant[] {
  const four = neighboursOf(kernel, context);
  const ofQuads = neighboursOf(kernel, context, 16);
  const isWorkgroup = rowIsWorkgroup(kernel);
  const ofLines = lines && kernel.reduced !== undefined ? [byLines(kernel, context, four)] : [];
  if (!isWorkgroup && ofQuads?.count !== 16) return [...ofLines, invocationPerRow(kernel, context, four)];
  const rows = literalOf(kernel.rows);
  const isFew = isWorkgroup && rows !== undefined && rows < fewRows;
  const ofFourLanes = isFew
    ? quadPerRow(kernel, context, ofQuads)
    : { ...invocationPerRow(kernel, context, ofQuads), requires: { subgroupSize: 4 } };
  return [...ofLines, ofFourLanes, isWorkgroup ? workgroupPerRow(kernel, context, four) : invocationPerRow(kernel, context, four)];
}

/** Rows up to this long are an invocation's work in any case. */
const shortRow = 32;
/** With this many rows, invocations fill a device. */
const manyRows = 4096;
/** Fewer rows than this leave a processor of four-lane subgroups idle if each is one lane's work. */
const fewRows = 64;

function rowIsWorkgroup({ rows, reduced }: LoopKernel): boolean {
  if (reduced === undefined) return false;
  const [count, length] = [literalOf(rows), literalOf(reduced)];
  if (length !== undefined && length <= shortRow) return false;
  return count === undefined ? length === undefined || length > 256 : count < manyRows;
}

/** The rows, or fours of rows. */
function unitsOf({ rows }: LoopKernel, four: Neighbours | undefined): Product {
  return four?.along === 'i' ? { ...rows, literal: rows.literal / 4 } : rows;
}

const unitName = (four: Neighbours | undefined): string => (four?.along === 'i' ? 'i4' : 'i');
const firstRow = (four: Neighbours | undefined): readonly string[] => (four?.along === 'i' ? ['let i = 4u * i4;'] : []);
const rowsOfLane = (four: Neighbours | undefined): number => (four?.along === 'i' ? 4 : 1);
const vectorsOf = (four: Neighbours | undefined) => (four === undefined ? {} : { vectors: four.vectors, vectorSize: four.count });

/** Few rows are spread over many workgroups of a subgroup each; a map's elements are cheap, so there a workgroup takes many, if they fill it. */
function workgroupSizeOf(units: Product, reduced: Product | undefined, lanes: number): number {
  const count = literalOf(units);
  if (count === undefined) return 64;
  if (reduced !== undefined) return count < 1024 ? lanes : 64;
  return count % 256 === 0 && count >= 65_536 ? 256 : 64;
}

/** `lanes` of a subgroup. */
function invocationPerRow(kernel: LoopKernel, context: KernelContext, four: Neighbours | undefined, lanes = 4): MeasuredVariant {
  const units = unitsOf(kernel, four);
  const count = literalOf(units);
  const size = workgroupSizeOf(units, kernel.reduced, lanes);
  const workgroups: Size = ceilDivideSizes(toSize(units), size);
  const number = workgroupNumber(`(${sizeText(units)} + ${size - 1}u) / ${size}u`, typeof workgroups === 'number' ? workgroups : undefined);
  const isExact = count !== undefined && count % size === 0;
  const body = [
    `@compute @workgroup_size(${size})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      ...ownUnit(kernel, units, unitName(four), `group * ${size}u + lane`, isExact),
      ...firstRow(four),
      ...rowByInvocation(kernel, context, four),
    ]),
    '}',
  ];
  const wgsl = moduleText(context, body, vectorsOf(four));
  const figures = loopFigures(kernel, { lanes: 1, rowsOfLane: rowsOfLane(four), meeting: 0 });
  return { name: kernel.reduced === undefined ? 'map' : 'invocation a row', requires: {}, wgsl, workgroups, figures };
}

/**
 * Declares `name`, the number of the invocation's unit. A loop's loads are checked unless that is a remainder, since a device knows no
 * bound of a workgroup's number; for one load a remainder would cost more.
 */
function ownUnit({ reduced }: LoopKernel, units: Product, name: string, place: string, isExact: boolean): readonly string[] {
  const count = sizeText(units);
  const isBounded = reduced !== undefined && literalOf(units) !== undefined;
  if (isExact) return [`let ${name} = ${isBounded ? `(${place}) % ${count}` : place};`];
  return isBounded
    ? [`let unit = ${place};`, `if (unit >= ${count}) { return; }`, `let ${name} = unit % ${count};`]
    : [`let ${name} = ${place};`, `if (${name} >= ${count}) { return; }`];
}

/** A subgroup of four lanes has a row. */
function quadPerRow(kernel: LoopKernel, context: KernelContext, four: Neighbours | undefined): MeasuredVariant {
  return { ...subgroupPerRow(kernel, context, 4, meetInQuad, four), name: 'quad a row' };
}

/** Of so few elements a row, what lanes find takes longer to meet than to find. */
const shortLine = 16;

/** For subgroups of eight lanes. What lies side by side, elements of a row or rows, is lanes: a vector would be as many loads for each. */
function byLines(kernel: LoopKernel, context: KernelContext, four: Neighbours | undefined): MeasuredVariant {
  const length = kernel.reduced === undefined ? 0 : literalOf(kernel.reduced);
  if (four?.along === 'i' || (length !== undefined && length <= shortLine)) {
    return { ...invocationPerRow(kernel, context, undefined, lineLanes), requires: { subgroupSize: lineLanes } };
  }
  return { ...subgroupPerRow(kernel, context, lineLanes, meetInLine, undefined), name: 'line a row' };
}

function subgroupPerRow(
  kernel: LoopKernel,
  context: KernelContext,
  lanes: number,
  meet: Meet,
  four: Neighbours | undefined,
): MeasuredVariant {
  const rows = toSize(kernel.rows);
  const number = unitNumber(sizeText(kernel.rows), rows, lanes, quadsOfWorkgroup(rows));
  const body = [
    `@compute @workgroup_size(${number.size})`,
    `fn main(${number.parameters}) {`,
    ...indent([
      ...number.statements,
      `let i = group${literalOf(kernel.rows) === undefined ? '' : ` % ${sizeText(kernel.rows)}`};`,
      ...rowByWorkgroup(kernel, context, { size: lanes, wide: 1 }, meet, four),
    ]),
    '}',
  ];
  const wgsl = moduleText(context, body, { enables: ['subgroups'], ...vectorsOf(four) });
  const figures = loopFigures(kernel, { lanes, rowsOfLane: 1, meeting: 0 });
  return {
    name: 'subgroup a row',
    requires: { features: ['subgroups'], subgroupSize: lanes },
    wgsl,
    workgroups: number.workgroups,
    figures,
  };
}

/** So many fours of rows side by side fill what a device loads at once. */
const widest = 8;

function rowLanes({ reduced }: LoopKernel, units: Product, four: Neighbours | undefined): RowLanes {
  const length = reduced === undefined ? 1 : (literalOf(reduced) ?? 256);
  if (four?.along !== 'i') return { size: length >= 4096 ? 256 : 64, wide: 1 };
  const wide = [widest, 4, 2].find((count) => units.literal % count === 0) ?? 1;
  return { size: length >= 256 ? 256 : 64, wide };
}

function workgroupPerRow(kernel: LoopKernel, context: KernelContext, four: Neighbours | undefined): MeasuredVariant {
  const lanes = rowLanes(kernel, unitsOf(kernel, four), four);
  const { size, wide } = lanes;
  const units = unitsOf(kernel, four);
  const groups = { ...units, literal: units.literal / wide };
  const number = workgroupNumber(sizeText(groups), literalOf(groups));
  const tree = meetInTree(lanes, four);
  const unit = wide === 1 ? 'group' : `group * ${wide}u + lane % ${wide}u`;
  const body = [
    ...tree.declare(kernel),
    `@compute @workgroup_size(${size})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      `let ${unitName(four)} = ${unit};`,
      ...firstRow(four),
      ...rowByWorkgroup(kernel, context, lanes, tree.meet, four),
    ]),
    '}',
  ];
  const wgsl = moduleText(context, body, vectorsOf(four));
  const figures = loopFigures(kernel, { lanes: size / wide, rowsOfLane: rowsOfLane(four), meeting: size });
  return { name: wide === 1 ? 'workgroup a row' : `workgroup ${4 * wide} rows`, requires: {}, wgsl, workgroups: toSize(groups), figures };
}
