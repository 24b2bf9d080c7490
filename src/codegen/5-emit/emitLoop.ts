/**
 * Loop kernels as WGSL, by one of three schedules.
 *  - an invocation a row: maps, short rows, many rows. Guarded where the last workgroup is not full.
 *  - a workgroup a row: long or few rows. Lanes stride over the row; partial results meet in workgroup memory, in a tree.
 *  - a quad a row, where subgroups have four lanes and there are few rows: as before, but partial results meet by swaps.
 * Each adds in one fixed order: two runs give the same bits.
 *
 * Subgroups of four lanes mean a processor that computes one subgroup after the other (SwiftShader): there a barrier switches between
 * them all, and a few rows are enough to fill it. So a workgroup a row is for other devices only.
 */

import type { KernelVariant } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import { isFloating } from '../../types/dtype.ts';
import { ceilDivideSizes } from '../../types/size.ts';
import type { Accumulator, LoopKernel, Step } from '../3-fuse/kernel.ts';
import { literalOf, toSize } from '../3-fuse/product.ts';
import { indent, type KernelContext, moduleText, statement, workgroupNumber } from './kernelText.ts';
import { maximumText } from './pointwiseText.ts';
import { computedType, literalText, resultName, sizeText } from './wgslText.ts';

export function emitLoop(kernel: LoopKernel, context: KernelContext): readonly KernelVariant[] {
  if (!rowIsWorkgroup(kernel)) return [invocationPerRow(kernel, context)];
  const rows = literalOf(kernel.rows);
  const isFew = rows !== undefined && rows < fewRows;
  const ofFourLanes = isFew ? quadPerRow(kernel, context) : { ...invocationPerRow(kernel, context), requires: { subgroupSize: 4 } };
  return [ofFourLanes, workgroupPerRow(kernel, context)];
}

/** Rows up to this long are an invocation's work in any case. */
const shortRow = 32;
/** With this many rows, invocations fill a device. */
const manyRows = 4096;
/** Fewer rows than this leave a processor of four-lane subgroups idle if each is one lane's work. */
const fewRows = 64;
/** How many elements of a row an invocation takes in one turn of its loop, if they divide it: a turn has costs of its own. */
const unrolled = 4;

function rowIsWorkgroup({ rows, reduced }: LoopKernel): boolean {
  if (reduced === undefined) return false;
  const [count, length] = [literalOf(rows), literalOf(reduced)];
  if (length !== undefined && length <= shortRow) return false;
  return count === undefined ? length === undefined || length > 256 : count < manyRows;
}

const names = (variable: string): string => variable;

export function combine({ operation, dtype }: Accumulator, left: string, right: string): string {
  return operation === 'sum' ? `${left} + ${right}` : maximumText(left, right, dtype);
}

export function startOf({ operation, dtype }: Accumulator): string {
  if (operation === 'sum') return literalText(0, dtype);
  return literalText(isFloating(dtype) ? Number.NEGATIVE_INFINITY : dtype === 'i32' ? -(2 ** 31) : 0, dtype);
}

/** Few rows are spread over many workgroups; a map's elements are cheap, so there a workgroup takes many, if they fill it. */
function workgroupSizeOf({ rows, reduced }: LoopKernel): number {
  const count = literalOf(rows);
  if (count === undefined) return 64;
  if (reduced !== undefined) return count < 1024 ? 4 : 64;
  return count % 256 === 0 && count >= 65_536 ? 256 : 64;
}

function invocationPerRow(kernel: LoopKernel, context: KernelContext): KernelVariant {
  const rows = literalOf(kernel.rows);
  const size = workgroupSizeOf(kernel);
  const workgroups: Size = ceilDivideSizes(toSize(kernel.rows), size);
  const number = workgroupNumber(
    `(${sizeText(kernel.rows)} + ${size - 1}u) / ${size}u`,
    typeof workgroups === 'number' ? workgroups : undefined,
  );
  const isExact = rows !== undefined && rows % size === 0;
  const body = [
    `@compute @workgroup_size(${size})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      `let i = group * ${size}u + lane;`,
      ...(isExact ? [] : [`if (i >= ${sizeText(kernel.rows)}) { return; }`]),
      ...rowByInvocation(kernel, context),
    ]),
    '}',
  ];
  return { name: kernel.reduced === undefined ? 'map' : 'invocation a row', requires: {}, wgsl: moduleText(context, body), workgroups };
}

/** The steps of row `i`, all by one invocation. */
export function rowByInvocation(kernel: LoopKernel, context: KernelContext): readonly string[] {
  return kernel.steps.flatMap((step) => {
    if (step.kind === 'row') return step.body.map((one) => statement(one, context, names));
    return [
      ...step.accumulators.map((one) => `var ${resultName(one.result)} = ${startOf(one)};`),
      ...loopText(kernel, step, context, { start: '0u', stride: 1 }, (one) => resultName(one.result)),
    ];
  });
}

type Loop = Extract<Step, { kind: 'loop' }>;

interface Lane {
  /** Its first element of the row. */
  readonly start: string;
  /** How far apart its elements are. */
  readonly stride: number;
}

function loopText(
  kernel: LoopKernel,
  step: Loop,
  context: KernelContext,
  { start, stride }: Lane,
  into: (one: Accumulator) => string,
): readonly string[] {
  const body = [
    ...step.body.map((one) => statement(one, context, names)),
    ...step.accumulators.map((one) => `${into(one)} = ${combine(one, into(one), resultName(one.operand))};`),
  ];
  const length = kernel.reduced === undefined ? 1 : literalOf(kernel.reduced);
  const end = kernel.reduced === undefined ? '1u' : sizeText(kernel.reduced);
  if (length === undefined || length % (stride * unrolled) !== 0) {
    return [`for (var r = ${start}; r < ${end}; r += ${stride}u) {`, ...indent(body), '}'];
  }
  const turns = Array.from({ length: unrolled }, (_, turn) => ['{', ...indent([`let r = first + ${turn * stride}u;`, ...body]), '}']);
  return [`for (var first = ${start}; first < ${end}; first += ${stride * unrolled}u) {`, ...indent(turns.flat()), '}'];
}

/** A subgroup of four lanes is the workgroup of a row. */
function quadPerRow(kernel: LoopKernel, context: KernelContext): KernelVariant {
  const number = workgroupNumber(sizeText(kernel.rows), literalOf(kernel.rows));
  const body = [
    '@compute @workgroup_size(4)',
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([...number.statements, 'let i = group;', ...rowByWorkgroup(kernel, context, 4, meetInQuad)]),
    '}',
  ];
  const wgsl = moduleText(context, body, { enables: ['subgroups'] });
  return { name: 'quad a row', requires: { features: ['subgroups'], subgroupSize: 4 }, wgsl, workgroups: toSize(kernel.rows) };
}

function workgroupPerRow(kernel: LoopKernel, context: KernelContext): KernelVariant {
  const length = kernel.reduced === undefined ? 1 : (literalOf(kernel.reduced) ?? 256);
  const size = length >= 4096 ? 256 : 64;
  const rows = literalOf(kernel.rows);
  const number = workgroupNumber(sizeText(kernel.rows), rows);
  const tree = meetInTree(size);
  const body = [
    ...tree.declare(kernel),
    `@compute @workgroup_size(${size})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([...number.statements, 'let i = group;', ...rowByWorkgroup(kernel, context, size, tree.meet)]),
    '}',
  ];
  return { name: 'workgroup a row', requires: {}, wgsl: moduleText(context, body), workgroups: toSize(kernel.rows) };
}

const partial = (one: Accumulator): string => `partial${one.result}`;

/** How the partial results of all lanes become the results, which every lane then knows. */
export type Meet = (accumulators: readonly Accumulator[]) => readonly string[];

/** The steps of row `i` by a workgroup of `size` lanes. */
export function rowByWorkgroup(kernel: LoopKernel, context: KernelContext, size: number, meet: Meet): readonly string[] {
  return kernel.steps.flatMap((step) => {
    if (step.kind === 'row') {
      // every lane knows the row's values; one stores them
      return step.body.map((one) =>
        one.kind === 'store' ? `if (lane == 0u) { ${statement(one, context, names)} }` : statement(one, context, names),
      );
    }
    return [
      ...step.accumulators.map((one) => `var ${partial(one)} = ${startOf(one)};`),
      ...loopText(kernel, step, context, { start: 'lane', stride: size }, partial),
      ...(step.accumulators.length === 0 ? [] : meet(step.accumulators)),
    ];
  });
}

/** In workgroup memory, in a tree. */
export function meetInTree(size: number): { readonly declare: (kernel: LoopKernel) => readonly string[]; readonly meet: Meet } {
  const shared = (one: Accumulator): string => `shared${one.result}`;
  return {
    declare: ({ steps }) =>
      steps
        .flatMap((step) => (step.kind === 'loop' ? step.accumulators : []))
        .map((one) => `var<workgroup> ${shared(one)}: array<${computedType(one.dtype)}, ${size}>;`),
    meet: (accumulators) => [
      ...accumulators.map((one) => `${shared(one)}[lane] = ${partial(one)};`),
      'workgroupBarrier();',
      `for (var half = ${size / 2}u; half > 0u; half >>= 1u) {`,
      '  if (lane < half) {',
      ...accumulators.map((one) => `    ${shared(one)}[lane] = ${combine(one, `${shared(one)}[lane]`, `${shared(one)}[lane + half]`)};`),
      '  }',
      '  workgroupBarrier();',
      '}',
      ...accumulators.map((one) => `let ${resultName(one.result)} = ${shared(one)}[0];`),
    ],
  };
}

/** By swaps within a quad, which is the whole workgroup. */
export const meetInQuad: Meet = (accumulators) =>
  accumulators.flatMap((one) => {
    const [half, whole] = [`half${one.result}`, resultName(one.result)];
    return [
      `let ${half} = ${combine(one, partial(one), `quadSwapX(${partial(one)})`)};`,
      `let ${whole} = ${combine(one, half, `quadSwapY(${half})`)};`,
    ];
  });
