/**
 * How a chain kernel gets the elements of factors that are in memory: as contract kernels do; what is computed as it is loaded is
 * a function, named for the factor, since a chain has several on each side.
 */
import { repeat } from '../../program/kernelText.ts';
import type { ContractKernel, ContractOperand } from '../3-fuse/kernel.ts';
import { elementName, type LaneAxis, loadFunction, type OperandLoads, operandLoads, ownName } from './contractLoads.ts';
import type { Side } from './contractVectors.ts';
import type { KernelContext } from './kernelText.ts';

export function factorLoads(operand: ContractOperand, axis: LaneAxis, name: string, context: KernelContext): OperandLoads {
  const [first, ...masks] = operand.body;
  const alone: Pick<ContractKernel, 'dtype' | Side> = { dtype: 'f32', left: operand, right: operand };
  if ((first?.kind === 'load' || first?.kind === 'constant') && masks.every(({ kind }) => kind === 'mask'))
    return operandLoads(axis, alone, context);
  const functions = loadFunction(name, axis.side, alone, context);
  const call = `${name}(b, ${ownName[axis.side]}${axis.name}, (k + ${axis.steps === 'crossed' ? 'step_{u}' : '{u}u'}))`;
  const step = (steps: number) => [repeat(`${axis.loops} u=${steps}`, `let ${elementName(axis)} = ${call};`)];
  return { functions, before: [], step, isConstant: false };
}
