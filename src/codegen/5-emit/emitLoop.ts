/**
 * Loop kernels as WGSL, by one of two schedules.
 *  - an invocation a row: maps, short rows, many rows. Guarded where the last workgroup is not full.
 *  - a workgroup a row: long or few rows. Lanes stride over the row; partial results meet in workgroup memory, in a tree.
 * Both add in one fixed order: two runs give the same bits.
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

export function emitLoop(kernel: LoopKernel, context: KernelContext): KernelVariant {
  return rowIsWorkgroup(kernel) ? workgroupPerRow(kernel, context) : invocationPerRow(kernel, context);
}

/** Rows up to this long are an invocation's work in any case. */
const shortRow = 32;
/** With this many rows, invocations fill a device. */
const manyRows = 4096;

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

function invocationPerRow(kernel: LoopKernel, context: KernelContext): KernelVariant {
  const rows = literalOf(kernel.rows);
  const size = rows !== undefined && rows < 1024 && kernel.reduced !== undefined ? 4 : 64;
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
      ...loopText(kernel, step, context, 'var r = 0u', 'r++', (one) => resultName(one.result)),
    ];
  });
}

type Loop = Extract<Step, { kind: 'loop' }>;

function loopText(
  kernel: LoopKernel,
  step: Loop,
  context: KernelContext,
  start: string,
  next: string,
  into: (one: Accumulator) => string,
): readonly string[] {
  return [
    `for (${start}; r < ${kernel.reduced === undefined ? '1u' : sizeText(kernel.reduced)}; ${next}) {`,
    ...indent(step.body.map((one) => statement(one, context, names))),
    ...indent(step.accumulators.map((one) => `${into(one)} = ${combine(one, into(one), resultName(one.operand))};`)),
    '}',
  ];
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
      ...loopText(kernel, step, context, 'var r = lane', `r += ${size}u`, partial),
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
