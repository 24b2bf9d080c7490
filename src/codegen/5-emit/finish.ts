/** What contract kernels do to each finished element, as functions: the epilogue, and those of sums that ride along. */
import type { ContractKernel, Instruction, TensorNumber } from '../3-fuse/kernel.ts';
import { ownName } from './contractLoads.ts';
import type { Side } from './contractVectors.ts';
import { indent, type KernelContext, statement } from './kernelText.ts';
import { type Accesses, elementsOf, type Neighbours, neighbourStatements, vectorTensors } from './neighbours.ts';
import { computedType, resultName } from './wgslText.ts';

export interface Finish {
  readonly functions: readonly string[];
  /** `finish` takes four columns side by side. */
  readonly inFours: boolean;
  /** The tensors that it loads and stores as vectors. */
  readonly vectors: ReadonlySet<TensorNumber>;
}

/** With more instructions than this, an epilogue takes an element at a time: four times the text takes longer to compile. */
const mostInstructions = 40;

/** Guarded where tiles go past the end. `canFours`: each lane has columns side by side. */
export function finishOf(
  kernel: ContractKernel,
  exact: Readonly<Record<Side, boolean>>,
  context: KernelContext,
  canFours: boolean,
): Finish {
  const guard = { left: exact.left ? [] : ['m < rows'], right: exact.right ? [] : ['n < columns'] };
  const guards = [...guard.left, ...guard.right];
  const type = computedType(kernel.dtype);
  const rides = kernel.rides.flatMap(({ side, result, body }) =>
    functionText(`finish_${side}`, ['b', ownName[side]], result, type, body, guard[side], context),
  );
  const { tensors, count } = vectorTensors(accessesOf(kernel), context);
  const isPossible = canFours && kernel.n.literal % 4 === 0 && kernel.epilogue.length <= mostInstructions;
  if (!isPossible || count === 0 || kernel.rowEpilogue !== undefined) {
    const finish = functionText('finish', ['b', 'm', 'n'], kernel.accumulator, type, kernel.epilogue, guards, context);
    return { functions: [...finish, ...rides], inFours: false, vectors: new Set() };
  }
  const four: Neighbours = { count: 4, along: 'n', vectors: tensors, wide: new Set([kernel.accumulator]) };
  const results = elementsOf(four, kernel.accumulator).map((element) => `${element}: ${type}`);
  const statements = ['let n4 = n / 4u;', ...neighbourStatements(kernel.epilogue, four, context)];
  const finish = [`fn finish(b: u32, m: u32, n: u32, ${results.join(', ')}) {`, ...indent(guarded(guards, statements)), '}'];
  return { functions: [...finish, ...rides], inFours: true, vectors: tensors };
}

/** All that the kernel loads and stores; only the epilogue takes four columns at a time. */
function accessesOf({ left, right, epilogue, rides, aside }: ContractKernel): readonly Accesses[] {
  const others = [left.body, right.body, ...rides.map(({ body }) => body), ...(aside?.steps ?? []).map(({ body }) => body)];
  return [{ body: epilogue, along: 'n' }, ...others.map((body) => ({ body, along: undefined }))];
}

const guarded = (guard: readonly string[], text: readonly string[]): readonly string[] =>
  guard.length === 0 ? text : [`if (${guard.join(' && ')}) {`, ...indent(text), '}'];

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
    ...indent(guarded(guard, statements)),
    '}',
  ];
}
