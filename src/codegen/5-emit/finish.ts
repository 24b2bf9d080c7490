/** What contract kernels do to each finished element, as functions: the epilogue, and those of sums that ride along. */
import type { ContractKernel, Instruction } from '../3-fuse/kernel.ts';
import { ownName } from './contractLoads.ts';
import type { Side } from './contractVectors.ts';
import { indent, type KernelContext, statement } from './kernelText.ts';
import { computedType, resultName } from './wgslText.ts';

/** Guarded where tiles go past the end. */
export function finishFunctions(kernel: ContractKernel, exact: Readonly<Record<Side, boolean>>, context: KernelContext): readonly string[] {
  const guard = { left: exact.left ? [] : ['m < rows'], right: exact.right ? [] : ['n < columns'] };
  const type = computedType(kernel.dtype);
  return [
    ...functionText('finish', ['b', 'm', 'n'], kernel.accumulator, type, kernel.epilogue, [...guard.left, ...guard.right], context),
    ...kernel.rides.flatMap(({ side, result, body }) =>
      functionText(`finish_${side}`, ['b', ownName[side]], result, type, body, guard[side], context),
    ),
  ];
}

export function functionText(
  name: string,
  indices: readonly string[],
  result: number,
  type: string,
  instructions: readonly Instruction[],
  guard: readonly string[],
  context: KernelContext,
): readonly string[] {
  const statements = instructions.map((one) => statement(one, context, (variable) => variable));
  return [
    `fn ${name}(${indices.map((index) => `${index}: u32`).join(', ')}, ${resultName(result)}: ${type}) {`,
    ...indent(guard.length === 0 ? statements : [`if (${guard.join(' && ')}) {`, ...indent(statements), '}']),
    '}',
  ];
}
