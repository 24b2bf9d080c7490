/**
 * A group of a loop's results becomes a repeat kernel: the step's own program, and which tensor each of its buffers is. Those
 * that are neither operands nor results are scratch, stored by the kernel and read by no other.
 */
import { isPrimitive } from '../../graph/build.ts';
import type { LoopBody, LoopOutput } from '../../graph/primitive.ts';
import type { TensorType } from '../../graph/showShape.ts';
import type { Value } from '../../graph/value.ts';
import { type Dim, sizeOf } from '../../types/dim.ts';
import { at } from '../at.ts';
import type { FusedKernel, StepProgram, TensorNumber } from './kernel.ts';
import { underReshapes } from './prepareLoops.ts';

/** The program of a step that gives these results: it has the live carries' new values, then what is stacked, in order. */
export type CompileStep = (loop: LoopBody, outputs: readonly LoopOutput[]) => StepProgram;

export interface RepeatTensors {
  readonly numberOf: (value: Value) => TensorNumber;
  readonly scratch: (type: TensorType) => TensorNumber;
}

export function lowerRepeat(
  loop: Value<'loop'>,
  stored: readonly Value[],
  step: StepProgram,
  { numberOf, scratch }: RepeatTensors,
): FusedKernel {
  const { body } = loop.params;
  const { program } = step;
  const results = stored.filter((value): value is Value<'loop'> => isPrimitive(value, 'loop'));
  const given = step.operands.map((operand) => numberOf(underReshapes(at(loop.operands, operand))));
  const [indexPort, ...ports] = program.inputs;
  const stacked = results.filter(({ params }) => 'each' in params.output);

  const tensors: (TensorNumber | undefined)[] = program.buffers.map(() => undefined);
  const own: TensorNumber[] = [];
  const inScratch = (shape: readonly Dim[], dtype: TensorType['dtype']): TensorNumber => {
    const tensor = scratch({ shape, dtype });
    own.push(tensor);
    return tensor;
  };
  for (const [i, { shape, dtype, buffer }] of ports.entries()) {
    const carry = at(step.operands, i);
    const result = results.find(({ params }) => 'last' in params.output && params.output.last === carry);
    if (i >= step.carries) tensors[buffer] = at(given, i);
    else tensors[buffer] = result === undefined ? inScratch(shape, dtype) : numberOf(result);
  }
  for (const [i, { buffer }] of program.outputs.slice(step.carries).entries()) tensors[buffer] = numberOf(at(stacked, i));
  const all = program.buffers.map(({ dtype }, buffer) => tensors[buffer] ?? inScratch(at(step.shapes, buffer), dtype));
  const index = at(all, at([indexPort], 0)?.buffer ?? 0);

  const carries = ports.slice(0, step.carries).map(({ buffer }, i) => ({
    from: at(given, i),
    at: at(all, buffer),
    next: at(all, at(program.outputs, i).buffer),
  }));
  return {
    body: { kind: 'repeat', step, count: Number(sizeOf(body.axis)), reverse: body.reverse, tensors: all, index, carries },
    loads: [...new Set(given)],
    stores: [...results.map(numberOf), ...own],
    awaits: [],
    values: results,
  };
}
